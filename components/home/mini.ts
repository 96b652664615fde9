import { metricOf, type CityFacts } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";
import { readingTopic } from "@/lib/contract/topics";

/** A tile of a screen's small picture: where it stands, in % of the screen, and what of it is drawn live. */
export interface MiniTile {
  id: string;
  widget: string;
  box: { left: number; top: number; width: number; height: number };
  backdrop: boolean;
  /** topics of its numbers, or of its bars */
  topics: string[];
  shows: "number" | "bars" | "nothing";
}

/** Widgets that are one number. */
const NUMBERS = new Set(["figure", "gauge"]);
/** Bars that can be told apart in a picture. */
const MOST_BARS = 8;

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** What a tile's picture shows of live data, by its file alone: its widget is not loaded for this. */
function contentOf(
  city: CityFacts,
  widget: string,
  settings: Record<string, unknown>,
): Pick<MiniTile, "topics" | "shows"> {
  const metric = textOf(settings.metric);
  if (NUMBERS.has(widget) && metric !== null)
    return { shows: "number", topics: [readingTopic(city.id, textOf(settings.district) ?? "all", metric)] };
  const several: unknown[] = Array.isArray(settings.metrics) ? settings.metrics : [];
  const [only] = several;
  const isByPlace = several.length === 1 && settings.of === undefined;
  if (widget === "bar" && isByPlace && typeof only === "string" && metricOf(city, only)?.districts)
    return {
      shows: "bars",
      topics: city.districts.slice(0, MOST_BARS).map(({ adcode }) => readingTopic(city.id, adcode, only)),
    };
  return { shows: "nothing", topics: [] };
}

/** A screen's tiles as its small picture has them; a backdrop comes first and fills it. */
export function miniTiles(city: CityFacts, { tiles, grid }: Pick<Screen, "tiles" | "grid">): MiniTile[] {
  const across = (cells: number): number => (cells / grid.columns) * 100;
  const down = (cells: number): number => (cells / grid.rows) * 100;
  const whole = { left: 0, top: 0, width: 100, height: 100 };
  return tiles
    .map(({ id, widget, box, backdrop = false, settings }) => ({
      id,
      widget,
      backdrop,
      box: backdrop ? whole : { left: across(box.x), top: down(box.y), width: across(box.w), height: down(box.h) },
      ...contentOf(city, widget, settings),
    }))
    .sort((a, b) => Number(b.backdrop) - Number(a.backdrop));
}
