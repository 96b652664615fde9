import { z } from "zod";
import { ID } from "./topics";

/** A text in both languages. */
export const textSchema = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type Text = z.infer<typeof textSchema>;
export type Lang = keyof Text;

const lonLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const id = z.string().regex(ID);

export const metricSchema = z.strictObject({
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
}).refine((m) => m.limit >= m.interval, { path: ["limit"], message: "must not be shorter than interval" });
export type Metric = z.infer<typeof metricSchema>;

export const metricsSchema = z.strictObject({ $schema: z.string().optional(), metrics: z.array(metricSchema).min(1) });

export const districtSchema = z.strictObject({
  adcode: z.string().regex(/^\d{6,12}$/),
  name: textSchema,
  short: textSchema,
  /** seat of government, WGS-84 */
  seat: lonLat,
  population: z.int().positive(),
});
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
  adcode: z.string().regex(/^\d{6}$/),
  timeZone: z.string().refine(knownZone, "must be an IANA time zone"),
  bounds: z.tuple([lonLat, lonLat]),
  districts: z.array(districtSchema).min(1),
  systems: z.record(id, z.strictObject({ name: textSchema, owner: textSchema })),
  /** layers of positions that feeds may publish to */
  layers: z.array(layerSchema).default([]),
  /** `heartbeat`: a metric of the same feed that comes steadily. Events may be rare, and a quiet night is not a dead feed. */
  events: z.strictObject({ heartbeat: id, system: id }).optional(),
  /** stands on every map: where outlines and roads come from */
  mapNotice: textSchema,
  /** stands in every title bar, such as that the figures are simulated */
  notice: textSchema.optional(),
});
export type City = z.infer<typeof citySchema>;

function knownZone(zone: string): boolean {
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
}

/** The metric with this id, or undefined. */
export function metricOf(city: CityFacts, metric: string): Metric | undefined {
  return city.metrics.find((m) => m.id === metric);
}

/** The district with this adcode, or undefined. */
export function districtOf(city: CityFacts, adcode: string): District | undefined {
  return city.districts.find((d) => d.adcode === adcode);
}
