import { z } from "zod";
import type { BaseMap } from "./base-map";
import { dataColor, themeSettingSchema, type OwnThemes } from "./theme";
import { ID, PLACE_CODE } from "./topics";

/** A text in both languages. */
export const textSchema = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type Text = z.infer<typeof textSchema>;
export type Lang = keyof Text;

const lonLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const id = z.string().regex(ID);
/** Code of a place, see PLACE_CODE; the field is named after the Chinese division codes. */
const adcode = z
  .string()
  .regex(
    PLACE_CODE,
    "must be a place's code: 3 to 32 capitals, digits and dashes between them, such as 320700, E09000001 or US-CA-037",
  );

const districtRuleSchema = z.union([
  z.enum(["sum", "mean", "none"]),
  /** the mean, each district counting as much as its value of this metric */
  z.strictObject({ weightedBy: id }),
  /** the sum of one metric over the sum of another */
  z.strictObject({ ratio: z.tuple([id, id]) }),
]);
/** How districts' values make up the city's: see `cityTotal`. */
export type DistrictRule = z.infer<typeof districtRuleSchema>;

export const metricSchema = z
  .strictObject({
    id,
    name: textSchema,
    /** shown behind the value; empty for a bare count */
    unit: z.strictObject({ zh: z.string(), en: z.string() }),
    /** gauge: a state now; day: counted since local midnight; total: counted since ever */
    kind: z.enum(["gauge", "day", "total"]),
    decimals: z.int().min(0).max(4).default(0),
    /** seconds between two readings */
    interval: z.number().positive(),
    /** seconds after which the last reading is dead */
    limit: z.number().positive(),
    better: z.enum(["up", "down", "none"]).default("none"),
    /** true when readings come per district as well */
    districts: z.boolean().default(false),
    target: z.number().optional(),
    /** the system it comes from: a key of city.json `systems` */
    system: id,
    definition: textSchema.optional(),
    /**
     * how districts make up the city, and readings a longer time; what `kind` suggests when left out, see
     * `aggregateOf`. `total`: whether the city's figure is sent, or computed by the gateway from the districts'
     * readings
     */
    aggregate: z
      .strictObject({
        districts: districtRuleSchema,
        time: z.enum(["last", "sum", "mean", "max"]),
        total: z.enum(["sent", "computed"]).optional(),
      })
      .optional(),
    /** true when readings come for subdivisions of districts as well */
    subdivisions: z.boolean().default(false),
    /** a district's count from 1 to below this is not told: so few people could be recognised */
    smallCell: z.int().min(2).optional(),
    /**
     * indicators of ISO 37120 (sustainable cities) or ISO 37122 (smart cities) that this metric feeds, such as "ISO
     * 37120:2018 19.2"
     */
    iso: z.array(z.string().regex(/^ISO 3712[02]:20\d\d \d{1,2}\.\d{1,2}$/)).optional(),
    /** indicator of cities/indicators.json that this metric is this city's figure for */
    indicator: id.optional(),
    /** why it must not be set beside other cities' figures for that indicator */
    differs: textSchema.optional(),
    /** era it belongs to: a key of city.json `eras`; outside of it the metric is history */
    era: id.optional(),
    /** the colour it has wherever it is drawn as a series, where its name is one: that of a health code */
    color: dataColor.optional(),
  })
  .refine((m) => m.limit >= m.interval, { path: ["limit"], message: "must not be shorter than interval" });
export type Metric = z.infer<typeof metricSchema>;

export const metricsSchema = z.strictObject({ $schema: z.string().optional(), metrics: z.array(metricSchema).min(1) });

/** A display and where people sit: its height and how far from it they are, m. A wall of several panels counts as one. */
export const displaySchema = z.strictObject({
  height: z.number().min(0.05).max(30),
  distance: z.number().min(0.2).max(100),
});
export type Display = z.infer<typeof displaySchema>;

const placeSchema = z.strictObject({
  adcode,
  name: textSchema,
  short: textSchema,
  /** seat of government, WGS-84 */
  seat: lonLat,
  /** residents; left out where none is published */
  population: z.int().positive().optional(),
});

export const districtSchema = placeSchema
  .extend({
    /** the level below, such as the districts of a province's city; outlines in subdivisions/<adcode>.geojson */
    subdivisions: z.array(placeSchema).optional(),
  })
  .strict();
export type District = z.infer<typeof districtSchema>;

export const layerSchema = z.strictObject({
  id,
  name: textSchema,
  interval: z.number().positive(),
  limit: z.number().positive(),
  system: id,
});

export const citySchema = z.strictObject({
  $schema: z.string().optional(),
  id,
  name: textSchema,
  center: textSchema,
  /** place in the list of cities, lowest first */
  order: z.int().default(100),
  adcode,
  timeZone: z.string().refine(knownZone, "must be an IANA time zone"),
  bounds: z.tuple([lonLat, lonLat]),
  /** what the place is, and with that what its districts are: cities, districts and counties, or towns */
  level: z.enum(["province", "city", "county"]).default("city"),
  /**
   * what the whole and its districts are called on pages, where the words of `level` do not fit: "County" and "Cities",
   * say
   */
  words: z.strictObject({ whole: textSchema, districts: textSchema }).optional(),
  /**
   * false where districts.geojson has the outline of the whole place alone: its districts are then shown by their seats
   */
  outlined: z.boolean().default(true),
  /** residents of the whole; the sum of the districts when left out */
  population: z.int().positive().optional(),
  districts: z.array(districtSchema).min(1),
  /** zones of the center, each with its own set of screens; the first is the one that pages without a zone lead to */
  zones: z.array(z.strictObject({ id, name: textSchema, display: displaySchema.optional() })).optional(),
  /** times that a metric can belong to; both ends are local dates, `until` is the last day */
  eras: z
    .record(
      id,
      z.strictObject({ name: textSchema, from: z.iso.date(), until: z.iso.date(), note: textSchema.optional() }),
    )
    .default({}),
  systems: z.record(id, z.strictObject({ name: textSchema, owner: textSchema })),
  /** layers of positions that feeds may publish to */
  layers: z.array(layerSchema).default([]),
  /**
   * `heartbeat`: a metric of the same feed that comes steadily. Events may be rare, and a quiet night is not a dead
   * feed.
   */
  events: z.strictObject({ heartbeat: id, system: id }).optional(),
  /** how its pages look: a theme, or one by the time or by the sun; night when left out. Its own colours: theme.json */
  theme: themeSettingSchema.optional(),
  /** stands on every map: where outlines and roads come from */
  mapNotice: textSchema,
  /** stands in every title bar, such as that the figures are simulated */
  notice: textSchema.optional(),
});
export type City = z.infer<typeof citySchema>;

function knownZone(zone: string): boolean {
  // "+08:00" is an offset: it knows no change of the clock.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** A city with its metrics, as pages and gateway use it. */
export interface CityFacts extends City {
  metrics: Metric[];
  /** of theme.json, where it has one */
  ownThemes?: OwnThemes;
  /** archives that can be drawn under its map, where the site has any; the gateway says so */
  baseMaps?: BaseMap[];
}

/** The metric with this id, or undefined. */
export function metricOf(city: CityFacts, metric: string): Metric | undefined {
  return city.metrics.find((m) => m.id === metric);
}

/** The district, or part of one, with this adcode; undefined where there is none. */
export function districtOf(city: CityFacts, adcode: string): District | undefined {
  return (
    city.districts.find((d) => d.adcode === adcode) ??
    city.districts.flatMap((d) => d.subdivisions ?? []).find((one) => one.adcode === adcode)
  );
}

/** The district that this part belongs to; undefined for a district itself. */
export function parentOf(city: CityFacts, adcode: string): District | undefined {
  return city.districts.find((d) => d.subdivisions?.some((one) => one.adcode === adcode));
}

/** A place and those that it lies in, the nearest first; empty for the whole of a city (`all`). */
export function placesAround(city: CityFacts, place: string): string[] {
  if (place === "all") return [];
  const parent = parentOf(city, place);
  return parent ? [place, parent.adcode] : [place];
}

/** Those that a place stands beside: the subdivisions of its district, or the city's districts. */
export function siblingsOf(city: CityFacts, adcode: string): District[] {
  return parentOf(city, adcode)?.subdivisions ?? city.districts;
}

/** The places under one: the subdivisions of a district, or the city's districts where none is named. */
export function placesUnder(city: CityFacts, of?: string): District[] {
  return of === undefined ? city.districts : (city.districts.find((d) => d.adcode === of)?.subdivisions ?? []);
}

/** Every code that readings may carry: `all`, districts, their subdivisions. */
export function districtCodes(city: City): string[] {
  return ["all", ...city.districts.flatMap((d) => [d.adcode, ...(d.subdivisions ?? []).map((one) => one.adcode)])];
}

/** Residents of the place, else the sum of its districts; undefined where one of them is not known. */
export function populationOf(city: City): number | undefined {
  if (city.population !== undefined) return city.population;
  return city.districts.reduce<number | undefined>(
    (sum, d) => (sum === undefined || d.population === undefined ? undefined : sum + d.population),
    0,
  );
}

/**
 * How a metric's values make up a larger place or a longer time. Counts add up; of a counter only the last value of a
 * day or of all time stands for it; a state is averaged.
 */
export function aggregateOf(metric: Metric): { districts: DistrictRule; time: "last" | "sum" | "mean" | "max" } {
  if (metric.aggregate) return { districts: metric.aggregate.districts, time: metric.aggregate.time };
  const rule = metric.kind === "gauge" ? ("mean" as const) : ("sum" as const);
  return { districts: metric.districts ? rule : "none", time: metric.kind === "gauge" ? "mean" : "last" };
}

/** Whether a value is a small cell: a count of a district so low that its people could be recognised. */
export function isSmallCell(metric: Pick<Metric, "smallCell">, district: string, value: number): boolean {
  return metric.smallCell !== undefined && district !== "all" && value > 0 && value < metric.smallCell;
}

/** An era of the city at a local date (YYYY-MM-DD); the first that holds it. */
export function eraAt(city: City, date: string): { id: string; name: Text } | undefined {
  const hit = Object.entries(city.eras).find(([, era]) => era.from <= date && date <= era.until);
  return hit && { id: hit[0], name: hit[1].name };
}
