import { z } from "zod";
import { themeSettingSchema, THEMES } from "../theme";
import { answers } from "./parts";

const ownTheme = z
  .object({
    base: z.enum(THEMES).optional().describe("the palette it is made from; the theme's own when left out"),
    tokens: z.record(z.string(), z.string()).optional().describe("colours that differ, #rrggbb by name"),
  })
  .optional();

export const ownThemes = z
  .object({ night: ownTheme, dusk: ownTheme, day: ownTheme, contrast: ownTheme })
  .register(answers, { id: "OwnThemes" });

export const placeTheme = z
  .object({ setting: themeSettingSchema.optional(), own: ownThemes.optional() })
  .register(answers, { id: "PlaceTheme" });
