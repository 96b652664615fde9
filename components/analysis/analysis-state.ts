import { districtOf, parentOf, type CityFacts } from "@/lib/contract/city";
import { addressMoments } from "@/components/page/address-moments";
import { SHIFTS, type Shift } from "./analysis-math";

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
  /** what stands beside the chart */
  side: (typeof SIDES)[number];
  /** what stands below it */
  low: (typeof LOWS)[number];
  /** events of this kind only */
  kind: string | null;
  /** events of the district or of the whole city */
  scope: (typeof SCOPES)[number];
  /** the chosen event's id */
  event: string | null;
}

export const SIDES = ["summary", "table", "events", "notes"] as const;
const LOWS = ["rank", "map"] as const;
const SCOPES = ["district", "city"] as const;

function oneOf<T extends string>(text: string | null, allowed: readonly [T, ...T[]]): T {
  return allowed.find((name) => name === text) ?? allowed[0];
}

const SHIFT_NAMES: readonly string[] = ["day", "week", "year"] satisfies Shift[];

/** Metrics that a district's page can analyse; fewer for a part of a district. */
export function metricsOf(city: CityFacts, adcode?: string): CityFacts["metrics"] {
  return city.metrics.filter((metric) =>
    adcode !== undefined && parentOf(city, adcode) ? metric.subdivisions : metric.districts,
  );
}

function knownPreset(name: string): Preset {
  return name in PRESETS ? (name as Preset) : "7d";
}

/**
 * What an address asks for; what it does not say or says wrongly takes its default. A range that is none is told on the
 * page.
 */
export function parseState(city: CityFacts, ask: URLSearchParams, adcode?: string): AnalysisState {
  const metrics = metricsOf(city, adcode);
  const known = (id: string | null): string | undefined =>
    id && metrics.some((metric) => metric.id === id) ? id : undefined;
  const preset = ask.get("range") ?? "";
  const versus = (ask.get("vs") ?? "").split(",");
  const metric = known(ask.get("m")) ?? metrics[0]?.id ?? "";
  return {
    metric,
    other: known(ask.get("c")) ?? metrics.find(({ id }) => id !== metric)?.id ?? metric,
    range: addressMoments(ask).range ?? knownPreset(preset),
    shifts: versus.filter((name): name is Shift => SHIFT_NAMES.includes(name)),
    places: versus.filter((name) => name === "all" || districtOf(city, name)),
    side: oneOf(ask.get("side"), SIDES),
    low: oneOf(ask.get("low"), LOWS),
    scope: oneOf(ask.get("scope"), SCOPES),
    kind: ask.get("kind") || null,
    event: ask.get("e") || null,
  };
}

/** The address of a state, and of the moment it is looked at from (ISO), if that is not now. */
export function stateQuery(state: AnalysisState, at?: string | null): string {
  const ask = new URLSearchParams({ view: "analysis", m: state.metric, c: state.other });
  if (typeof state.range === "string") ask.set("range", state.range);
  else {
    ask.set("from", new Date(state.range[0]).toISOString());
    ask.set("to", new Date(state.range[1]).toISOString());
  }
  const versus = [...state.shifts, ...state.places];
  if (versus.length > 0) ask.set("vs", versus.join(","));
  for (const [name, value, usual] of [
    ["side", state.side, SIDES[0]],
    ["low", state.low, LOWS[0]],
    ["scope", state.scope, SCOPES[0]],
    ["kind", state.kind, null],
    ["e", state.event, null],
    ["at", at ?? null, null],
  ] as const) {
    if (value !== null && value !== usual) ask.set(name, value);
  }
  return `?${ask.toString()}`;
}

/** Shorter presets first. */
const LENGTHS = Object.entries(PRESETS) as [Preset, number][];

/**
 * Presets that show nothing more than a shorter one does, as what is kept begins too late.
 * @param to end of the range, ms
 * @param since the first moment of which something is kept, ms; null where that is not known
 */
export function emptyPresets(to: number, since: number | null): Preset[] {
  if (since === null) return [];
  return LENGTHS.filter((_, i) => i > 0 && to - (LENGTHS[i - 1] as [Preset, number])[1] <= since).map(([name]) => name);
}

/** Comparisons that lie wholly before what is kept. @param to end of the range, ms */
export function emptyShifts(to: number, since: number | null): Shift[] {
  return since === null ? [] : (Object.keys(SHIFTS) as Shift[]).filter((name) => to - SHIFTS[name] <= since);
}
