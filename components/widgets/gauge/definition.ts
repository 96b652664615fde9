import { z } from "zod";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { districtCode, metricId, refName, refTopic } from "@/lib/contract/widget-settings";

const schema = z
  .strictObject({
    metric: metricId,
    district: districtCode,
    min: z.number().default(0),
    max: z.number().default(100),
    /** from this value on the arc turns to a warning; below it when less is worse */
    warn: z.number().optional(),
  })
  .refine((s) => s.max > s.min, { path: ["max"], message: "must be larger than min" });
export type GaugeSettings = z.infer<typeof schema>;

/** A value on a scale with two ends. */
export const definition: WidgetDefinition<GaugeSettings> = {
  type: "gauge",
  name: { zh: "仪表盘", en: "Gauge" },
  schema,
  topics: (settings, city) => [{ topic: refTopic(city, settings), span: 0 }],
  title: (settings, city) => refName(city, settings),
  sample: { metric: "cloud-cpu", district: "all", min: 0, max: 100, warn: 80 },
  size: { w: 4, h: 4 },
};
