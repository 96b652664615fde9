import { districtOf, placesUnder, type CityFacts, type Lang } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { comparisonHead } from "@/components/ui/comparison";
import type { TableSettings } from "./definition";

export interface Cell {
  topic: string;
  metric: string;
  district: string;
}

export interface Row {
  key: string;
  name: string;
  /** the place that it stands for, by code, or all */
  place?: string;
  cells: Cell[];
  /** with rows = metrics: unit and system */
  unit: string;
  source: string;
}

/** Heights of a row in rem: as designed, and the least at which it can still be read. */
const USUAL = 2.2;
const LEAST = 1.75;
/** ms for which a page of a table that does not fit is shown. */
const DWELL = 10_000;

/**
 * Height of a row and how many of them are seen at once, so that none is cut: nobody scrolls a wall. Rows that nearly
 * fit move together; of many, whole ones are shown. @param room height of the table's body, px @param px pixels of one
 * rem
 */
export function rowsIn(room: number, count: number, px: number): { height: number; seen: number } {
  const usual = USUAL * px;
  if (room <= 0 || count * usual <= room) return { height: usual, seen: Math.max(1, count) };
  if (count * LEAST * px <= room) return { height: room / count, seen: count };
  const seen = Math.max(1, Math.floor(room / usual));
  return { height: room / seen, seen };
}

/** First row of the page that is shown at `now` (ms): whole pages in turn, the last one full as well. */
export function firstRow(count: number, seen: number, now: number): number {
  const pages = Math.max(1, Math.ceil(count / seen));
  return Math.max(0, Math.min((Math.floor(now / DWELL) % pages) * seen, count - seen));
}

/** Heads of the value columns: metrics' names with their unit, and what they are compared with. */
export function columns(settings: TableSettings, city: CityFacts, lang: Lang): string[] {
  if (settings.rows === "metrics") return [];
  return settings.metrics.map((id) => {
    const { name, unit, kind } = metricFacts(city, id);
    const head = unit[lang] ? `${name[lang]} (${unit[lang]})` : name[lang];
    return [head, comparisonHead(settings.compare, kind, lang)].filter(Boolean).join(" · ");
  });
}

/** Rows in the order of the city's files, the city itself first. */
export function rowsOf(settings: TableSettings, city: CityFacts, lang: Lang, cityName: string): Row[] {
  const metrics = settings.metrics.length > 0 ? settings.metrics : city.metrics.map((metric) => metric.id);
  if (settings.rows === "metrics") {
    return metrics.map((id) => {
      const metric = metricFacts(city, id);
      return {
        key: id,
        name: metric.name[lang],
        unit: metric.unit[lang],
        source: city.systems[metric.system]?.name[lang] ?? metric.system,
        cells: [{ topic: readingTopic(city.id, settings.district, id), metric: id, district: settings.district }],
      };
    });
  }
  const whole =
    settings.of === undefined
      ? { code: "all", name: cityName }
      : { code: settings.of, name: districtOf(city, settings.of)?.name[lang] ?? settings.of };
  return [whole, ...placesUnder(city, settings.of).map((d) => ({ code: d.adcode, name: d.name[lang] }))].map(
    ({ code, name }) => ({
      key: code,
      name,
      place: code,
      unit: "",
      source: "",
      cells: metrics.map((id) => ({ topic: readingTopic(city.id, code, id), metric: id, district: code })),
    }),
  );
}
