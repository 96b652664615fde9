import { z } from "zod";
import { COMPARISONS } from "@/lib/contract/compare";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { comparison, metricRef, refName, refTopic } from "@/lib/contract/widget-settings";

const item = metricRef
  .extend({
    min: z.number().default(0),
    max: z.number().default(100),
    compare: comparison,
  })
  .refine(({ min, max }) => max > min, { path: ["max"], message: "must be larger than min" });

const schema = z.strictObject({
  items: z.array(item).min(1).max(16),
  /** of every item that says nothing else */
  compare: z.enum(COMPARISONS).default("none"),
});
export type BulletsSettings = z.infer<typeof schema>;

/** Values on scales of their own, a line each: bar, target, comparison. Where many are seen at a glance, gauges are not. */
export const definition: WidgetDefinition<BulletsSettings> = {
  type: "bullets",
  name: { zh: "子弹图", en: "Bullet bars" },
  schema,
  topics: (settings, city) => settings.items.map((ref) => ({ topic: refTopic(city, ref), span: 0 })),
  title: (settings, city) => refName(city, settings.items[0] ?? { metric: "", district: "all" }),
  sample: {
    items: ["online-rate", "satisfaction", "events-closed-rate", "cloud-cpu"].map((metric) => ({
      metric,
      district: "all",
      min: 0,
      max: 100,
    })),
    compare: "week",
  },
  size: { w: 8, h: 4 },
};
