import { getPosition } from "suncalc";
import { zoned } from "@/lib/clock";
import type { City } from "@/lib/contract/city";
import { THEMES, type Theme, type ThemeSetting } from "@/lib/contract/theme";

type Place = Pick<City, "timeZone" | "bounds">;

/** Where nothing else is said: walls stand in dark halls. */
export const DEFAULT_THEME: Theme = "night";

/**
 * Heights of the sun's middle over the horizon, degrees. Civil twilight ends at -6 (Explanatory Supplement to the
 * Astronomical Almanac): below it no daylight is left. At 6 shadows are still long, and light comes in level.
 */
const CIVIL_TWILIGHT = -6;
const LOW_SUN = 6;

/** The theme of a moment (ms). */
export function themeAt(setting: ThemeSetting | undefined, at: number, place: Place): Theme {
  if (setting === undefined) return DEFAULT_THEME;
  if (typeof setting === "string") return setting;
  return setting.by === "sun" ? bySun(at, place) : byClock(setting, at, place);
}

function bySun(at: number, { bounds: [[west, south], [east, north]] }: Place): Theme {
  const { altitude } = getPosition(new Date(at), (south + north) / 2, (west + east) / 2);
  if (altitude >= LOW_SUN) return "day";
  return altitude >= CIVIL_TWILIGHT ? "dusk" : "night";
}

/** The last one that has begun; before the first of a day it is still the last one of the day before. */
function byClock(setting: Exclude<ThemeSetting, string | { by: "sun" }>, at: number, { timeZone }: Place): Theme {
  const begins = THEMES.flatMap((theme) => (setting[theme] === undefined ? [] : [{ theme, from: setting[theme] }]));
  begins.sort((a, b) => (a.from < b.from ? -1 : 1));
  const { hour, minute } = zoned(at, timeZone);
  const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  const begun = begins.filter(({ from }) => from <= time);
  return (begun.at(-1) ?? begins.at(-1))?.theme ?? DEFAULT_THEME;
}
