import { z } from "zod";

/** night: a dark hall; dusk: one with some light; day: a bright one; contrast: for who needs more of it. In the order of the key. */
export const THEMES = ["night", "dusk", "day", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day, such as 07:30");

/** Which theme a place's pages have: one, or one by the time of its own clocks, or by how high its sun stands. */
export const themeSettingSchema = z.union([
  z.enum(THEMES),
  z.strictObject({
    by: z.literal("clock"),
    /** from when on each of them, HH:MM; one that is left out never comes */
    day: clockTime.optional(),
    dusk: clockTime.optional(),
    night: clockTime.optional(),
    contrast: clockTime.optional(),
  }),
  z.strictObject({ by: z.literal("sun") }),
]);
export type ThemeSetting = z.infer<typeof themeSettingSchema>;

/**
 * Colours that a metric or a part of a chart may be given for good: those of health codes, which are what they say, and
 * those of series. A colour of state is not among them.
 */
export const dataColor = z.enum([
  "data",
  "series-2",
  "series-3",
  "series-4",
  "series-5",
  "series-6",
  "series-7",
  "code-red",
  "code-yellow",
  "code-green",
]);
export type DataColor = z.infer<typeof dataColor>;

/** What a place's theme.json makes of the palettes: by theme the palette it is made from, and the colours that differ. */
export type OwnThemes = Partial<Record<Theme, { base?: Theme; tokens?: Record<string, string> }>>;

/** All that says how a place's pages look. */
export interface PlaceTheme {
  setting?: ThemeSetting;
  own?: OwnThemes;
}
