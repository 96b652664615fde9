import { metricOf, type CityFacts } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";
import { eventsWanted, type Wanted } from "@/lib/contract/widget";
import { metricFacts, refTopic, type MetricRef } from "@/lib/contract/widget-settings";

/** What of a tile is drawn live in a small picture. Refs are the numbers it is of, spans seconds of their past. */
export type MiniContent =
  | { shows: "numbers"; refs: MetricRef[] }
  | { shows: "bars"; refs: MetricRef[] }
  | { shows: "ring"; refs: MetricRef[] }
  | { shows: "lines"; refs: MetricRef[]; span: number; several: boolean }
  | { shows: "rises"; refs: MetricRef[]; span: number }
  | { shows: "hours"; refs: MetricRef[] }
  | { shows: "land"; refs: MetricRef[]; outlines: string | null }
  | { shows: "events" }
  | { shows: "nothing" };

/** A tile of a screen's small picture: where it stands, in % of the screen, and what of it is drawn live. */
export interface MiniTile {
  id: string;
  widget: string;
  box: { left: number; top: number; width: number; height: number };
  backdrop: boolean;
  content: MiniContent;
}

/** Bars, numbers and lines that can be told apart in a picture. */
const MOST_BARS = 8;
const MOST_NUMBERS = 6;
const MOST_LINES = 6;
const DAY = 86_400;
/** What the heat calendar shows, and the day before it: what an hour added is told by the hour before. */
const HOURS_SPAN = 8 * DAY;

type Settings = Record<string, unknown>;
const NOTHING: MiniContent = { shows: "nothing" };

const isSettings = (value: unknown): value is Settings => typeof value === "object" && value !== null;

/** References among settings. They were checked where the screen was read; a browser has no schemas to do it again. */
function refsOf(value: unknown): MetricRef[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isSettings)
    .flatMap(({ metric, district = "all", color }) =>
      typeof metric === "string" ? [{ metric, district, color } as MetricRef] : [],
    );
}

const refOf = (value: unknown): MetricRef[] => refsOf([value]);
/** @param usual what the widget shows where its tile says nothing, seconds */
const spanOf = ({ span }: Settings, usual: number): number => (typeof span === "number" ? span : usual);

/** A number for each district: those of the bars, of a table's first column, of a map's colours. */
function byDistrict(city: CityFacts, metric: unknown): MetricRef[] {
  if (typeof metric !== "string" || !metricOf(city, metric)?.districts) return [];
  return city.districts.map(({ adcode }) => ({ metric, district: adcode }));
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function barsOf(city: CityFacts, settings: Settings): MiniContent {
  const refs = settings.of === undefined ? byDistrict(city, first(settings.metrics)).slice(0, MOST_BARS) : [];
  return refs.length > 0 ? { shows: "bars", refs } : NOTHING;
}

/** The line widget's own choice: what each hour added where a day's counter is drawn over a day or more. */
function lineOf(city: CityFacts, settings: Settings): MiniContent {
  const refs = refsOf(settings.series).slice(0, MOST_LINES);
  const span = spanOf(settings, 900);
  if (span < DAY || refs.some(({ metric }) => metricFacts(city, metric).kind !== "day"))
    return { shows: "lines", refs, span, several: false };
  return { shows: "rises", refs: refs.slice(0, 1), span };
}

function landOf(city: CityFacts, { layers, subdivisions }: Settings): MiniContent {
  const fill = (Array.isArray(layers) ? layers : []).filter(isSettings).find(({ type }) => type === "district-fill");
  const outlines = city.outlined && subdivisions === undefined ? `/api/v1/cities/${city.id}/districts.geojson` : null;
  return { shows: "land", refs: fill?.of === undefined ? byDistrict(city, fill?.metric) : [], outlines };
}

/** By widget, what its picture shows; told by a tile's file alone, as no widget is loaded for this. */
const CONTENTS: Record<string, (city: CityFacts, settings: Settings) => MiniContent> = {
  figure: (_city, settings) => ({ shows: "numbers", refs: refOf(settings) }),
  gauge: (_city, settings) => ({ shows: "numbers", refs: refOf(settings) }),
  figures: (_city, { items }) => ({ shows: "numbers", refs: refsOf(items).slice(0, MOST_NUMBERS) }),
  bar: (city, settings) =>
    Array.isArray(settings.metrics) && settings.metrics.length === 1 ? barsOf(city, settings) : NOTHING,
  table: (city, settings) => (settings.rows === "metrics" ? NOTHING : barsOf(city, settings)),
  line: lineOf,
  sparklines: (_city, settings) => ({
    shows: "lines",
    refs: refsOf(settings.items).slice(0, MOST_LINES),
    span: spanOf(settings, 21_600),
    several: true,
  }),
  ring: (_city, { parts }) => ({ shows: "ring", refs: refsOf(parts) }),
  "heat-calendar": (_city, settings) => ({ shows: "hours", refs: refOf(settings) }),
  map: landOf,
  "event-list": () => ({ shows: "events" }),
};

/** Seconds of the past that a picture is drawn from. */
function pastOf(content: MiniContent): number {
  if (content.shows === "hours") return HOURS_SPAN;
  return "span" in content ? content.span : 0;
}

/** What a picture of this content has to watch. */
export function miniWanted(city: CityFacts, content: MiniContent): Wanted[] {
  if (content.shows === "nothing") return [];
  if (content.shows === "events") return eventsWanted(city);
  return content.refs.map((ref) => ({ topic: refTopic(city, ref), span: pastOf(content) }));
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
      content: CONTENTS[widget]?.(city, settings) ?? NOTHING,
    }))
    .sort((a, b) => Number(b.backdrop) - Number(a.backdrop));
}
