import type { CityFacts } from "@/lib/contract/city";
import { districtOf, metricOf } from "@/lib/contract/city";
import type { Shift } from "./analysis-math";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Ranges to choose from, ms. */
export const PRESETS = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY } as const;
export type Preset = keyof typeof PRESETS;

/** All that the analyst's page shows, as it stands in the address. */
export interface AnalysisState {
  metric: string;
  /** the metric it is correlated with */
  other: string;
  /** a preset that moves with time, or a range that does not (ms) */
  range: Preset | [number, number];
  shifts: Shift[];
  /** adcodes, and `all` for the city */
  places: string[];
}

const SHIFT_NAMES: readonly string[] = ["day", "week", "year"] satisfies Shift[];

/** Metrics that a district's page can analyse. */
export function metricsOf(city: CityFacts): CityFacts["metrics"] {
  return city.metrics.filter((metric) => metric.districts);
}

/** What an address asks for; what it does not say or says wrongly takes its default. */
export function parseState(city: CityFacts, ask: URLSearchParams): AnalysisState {
  const metrics = metricsOf(city);
  const known = (id: string | null): string | undefined => (id && metrics.some((metric) => metric.id === id) ? id : undefined);
  const [from, to] = [Date.parse(ask.get("from") ?? ""), Date.parse(ask.get("to") ?? "")];
  const preset = ask.get("range") ?? "";
  const versus = (ask.get("vs") ?? "").split(",");
  const metric = known(ask.get("m")) ?? metrics[0]?.id ?? "";
  return {
    metric, other: known(ask.get("c")) ?? metrics.find(({ id }) => id !== metric)?.id ?? metric,
    range: to > from ? [from, to] : preset in PRESETS ? (preset as Preset) : "7d",
    shifts: versus.filter((name): name is Shift => SHIFT_NAMES.includes(name)),
    places: versus.filter((name) => name === "all" || districtOf(city, name)),
  };
}

/** The address of a state. */
export function stateQuery(state: AnalysisState): string {
  const ask = new URLSearchParams({ view: "analysis", m: state.metric, c: state.other });
  if (typeof state.range === "string") ask.set("range", state.range);
  else {
    ask.set("from", new Date(state.range[0]).toISOString());
    ask.set("to", new Date(state.range[1]).toISOString());
  }
  const versus = [...state.shifts, ...state.places];
  if (versus.length > 0) ask.set("vs", versus.join(","));
  return `?${ask.toString()}`;
}

/** How a metric's readings in a bucket are one value: a state is averaged, a counter stands where it last stood. */
export function aggregateOf(city: CityFacts, metric: string): "avg" | "last" {
  return metricOf(city, metric)?.kind === "gauge" ? "avg" : "last";
}
