import { z } from "zod";
import { populationOf, textSchema, type CityFacts, type Metric, type Text } from "./city";
import { ID } from "./topics";

export const indicatorSchema = z.strictObject({
  id: z.string().regex(ID),
  name: textSchema,
  /** what every city's figure has to mean for them to be comparable */
  definition: textSchema,
  unit: z.strictObject({ zh: z.string(), en: z.string() }),
  decimals: z.int().min(0).max(4).default(0),
  better: z.enum(["up", "down", "none"]).default("none"),
  /**
   * residents that a figure is divided by for comparison, such as 10000; left out for levels and rates, which compare
   * as they are
   */
  per: z.int().positive().optional(),
  iso: z.array(z.string()).optional(),
});
/** A figure that several cities have, with the one definition under which they may be compared. */
export type Indicator = z.infer<typeof indicatorSchema>;

export const indicatorsSchema = z.strictObject({
  $schema: z.string().optional(),
  indicators: z.array(indicatorSchema),
});

/** One city's figure for an indicator, and whether it may be set beside the others. */
export interface Comparable {
  city: CityFacts;
  metric: Metric;
  /** residents it is divided by; undefined where not known */
  population: number | undefined;
  /** why it is not compared; undefined where it is */
  apart?: Text;
}

const NO_POPULATION: Text = { zh: "缺常住人口数据，无法折算", en: "No population figure" };
const OTHER_ZONE: Text = { zh: "时区不同，当日时段不一致", en: "Different time zone: its day began at another time" };
const OTHER_KIND: Text = { zh: "统计方式不同", en: "Counted differently" };

/**
 * The cities' figures for an indicator. Like is compared with like alone: a figure whose own definition differs, that
 * is counted in another way than the first, or that lacks the population to divide by, is told apart with the reason.
 */
export function comparables(indicator: Indicator, cities: CityFacts[]): Comparable[] {
  const found = cities.flatMap((city) =>
    city.metrics
      .filter((metric) => metric.indicator === indicator.id)
      .map((metric) => ({ city, metric, population: populationOf(city) })),
  );
  const lead = found.find(({ metric }) => !metric.differs);
  const reason = (one: Comparable): Text | undefined => {
    if (one.metric.differs) return one.metric.differs;
    if (lead && (one.metric.kind !== lead.metric.kind || one.metric.unit.zh !== lead.metric.unit.zh)) return OTHER_KIND;
    if (lead && one.metric.kind === "day" && one.city.timeZone !== lead.city.timeZone) return OTHER_ZONE;
    return indicator.per !== undefined && one.population === undefined ? NO_POPULATION : undefined;
  };
  return found.map((one) => {
    const apart = reason(one);
    return apart ? { ...one, apart } : one;
  });
}

/**
 * A city's value as it is compared: divided by its residents where the indicator says so; null where that cannot be.
 */
export function comparedValue(indicator: Indicator, one: Comparable, value: number | null): number | null {
  if (value === null || indicator.per === undefined) return value;
  return one.population === undefined ? null : (value / one.population) * indicator.per;
}

export interface CatalogueRow {
  metric: Metric;
  system: Text;
  owner: Text;
}

/** A city's metrics as a catalogue, in the order of its systems. */
export function catalogueRows(city: CityFacts): CatalogueRow[] {
  return Object.entries(city.systems).flatMap(([id, system]) =>
    city.metrics
      .filter((metric) => metric.system === id)
      .map((metric) => ({ metric, system: system.name, owner: system.owner })),
  );
}
