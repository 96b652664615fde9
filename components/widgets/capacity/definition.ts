import { z } from "zod";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { metricFacts, metricId, refTopic } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  /** what is asked of the system, and what it can serve, in the same unit */
  demand: metricId,
  capacity: metricId,
  /** people who wait for an opening, and the seconds until it */
  waiting: metricId.optional(),
  opensIn: metricId.optional(),
  /** part of those who wait that asks within the first second */
  burst: z.number().positive().max(10).default(1),
});
export type CapacitySettings = z.infer<typeof schema>;

/** Seconds of past that a forecast looks at. */
export const LOOKBACK = 600;

/** Demand against capacity, with what is to come: a warning minutes before a rush is more than can be served. */
export const definition: WidgetDefinition<CapacitySettings> = {
  type: "capacity",
  name: { zh: "承载预警", en: "Capacity" },
  schema,
  topics: (settings, city) =>
    [settings.demand, settings.capacity, settings.waiting, settings.opensIn].flatMap((metric, i) =>
      metric ? [{ topic: refTopic(city, { metric, district: "all" }), span: i === 0 || i === 2 ? LOOKBACK : 0 }] : [],
    ),
  title: (settings, city) => metricFacts(city, settings.demand).name,
  sample: { demand: "exchange-rate", capacity: "cases-minute", burst: 1 },
  size: { w: 12, h: 5 },
};
