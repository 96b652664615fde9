import { z } from "zod";
import { districtOf, metricOf, type CityFacts, type Metric, type Text } from "./city";
import { COMPARISONS } from "./compare";
import type { CityEvent } from "./events";
import { dataColor, type DataColor } from "./theme";
import { DISTRICT, ID, PLACE_CODE, readingTopic } from "./topics";

/** Building blocks of widgets' settings, so that the same thing has the same name in every screen file. */
export const metricId = z.string().regex(ID).describe("id of a metric in metrics.json");
export const districtCode = z.string().regex(DISTRICT).default("all").describe("adcode of a district, or all");
export const placeCode = z.string().regex(PLACE_CODE);
export const comparison = z
  .enum(COMPARISONS)
  .optional()
  .describe(
    "what values are compared with, by name on the wall; left out: a day's count with the same time last week " +
      "(else yesterday), a total with midnight, a state with an hour ago",
  );
export const spanSeconds = z.number().min(60).max(691_200).describe("seconds of past shown");

/** One metric of one district. */
export const metricRef = z.strictObject({
  metric: metricId,
  district: districtCode,
  color: dataColor.optional().describe("the colour it is drawn with here, instead of its metric's or its place's"),
});
export type MetricRef = z.infer<typeof metricRef>;

/** Which events a widget is about. */
export const eventChoice = {
  district: districtCode,
  kinds: z.array(z.string().regex(ID)).default([]).describe("these kinds alone, all when left out"),
};

/** Whether an event is one of those chosen. */
export function isChosen(
  event: Pick<CityEvent, "district" | "kind">,
  { district, kinds }: { district: string; kinds: string[] },
): boolean {
  return (district === "all" || event.district === district) && (kinds.length === 0 || kinds.includes(event.kind));
}

/** The topic of a metric reference. */
export function refTopic(city: CityFacts, ref: MetricRef): string {
  return readingTopic(city.id, ref.district, ref.metric);
}

/** The metric's facts; an unknown one is shown by its id, without unit. */
export function metricFacts(city: CityFacts, id: string): Metric {
  return (
    metricOf(city, id) ?? {
      id,
      name: { zh: id, en: id },
      unit: { zh: "", en: "" },
      kind: "gauge",
      decimals: 0,
      interval: 60,
      limit: 60,
      better: "none",
      districts: false,
      subdivisions: false,
      system: "unknown",
    }
  );
}

/** The colour that a series has for good, by its reference or else its metric; undefined where it has its place's. */
export function refColor(city: CityFacts, ref: MetricRef): DataColor | undefined {
  return ref.color ?? metricOf(city, ref.metric)?.color;
}

/** The metric's name, with the district's when it is not the whole city. */
export function refName(city: CityFacts, ref: MetricRef): Text {
  const { name } = metricFacts(city, ref.metric);
  const district = ref.district === "all" ? undefined : districtOf(city, ref.district);
  return district ? { zh: `${district.short.zh} · ${name.zh}`, en: `${district.short.en} · ${name.en}` } : name;
}
