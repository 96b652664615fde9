import { z } from "zod";
import { THEMES, type OwnThemes } from "./theme";
import { TOKENS, type Token } from "./theme-tokens";

const color = z
  .string()
  .regex(/^#[\da-f]{6}$/i, "must be a colour as #rrggbb")
  .optional();

const tokens = z.strictObject(
  Object.fromEntries(Object.entries(TOKENS).map(([name, meaning]) => [name, color.describe(meaning)])) as Record<
    Token,
    typeof color
  >,
);

const ownTheme = z
  .strictObject({
    base: z.enum(THEMES).optional().describe("the palette it is made from; the theme's own when left out"),
    tokens: tokens.optional().describe("the colours that differ"),
  })
  .optional();

/** cities/<city>/theme.json: a place's own colours, theme by theme. */
export const themeFileSchema = z.strictObject({
  $schema: z.string().optional(),
  night: ownTheme,
  dusk: ownTheme,
  day: ownTheme,
  contrast: ownTheme,
});

/** The colours of a theme.json that was checked. */
export function ownThemesOf({ $schema: _schema, ...themes }: z.infer<typeof themeFileSchema>): OwnThemes {
  return Object.fromEntries(Object.entries(themes).filter(([, own]) => own !== undefined));
}
