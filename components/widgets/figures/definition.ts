import { z } from "zod";
import { COMPARISONS } from "@/lib/contract/compare";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { comparison, metricRef, refName, refTopic } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  items: z
    .array(metricRef.extend({ compare: comparison }))
    .min(1)
    .max(48),
  columns: z.int().min(1).max(12).default(4),
  /** of every item that says nothing else */
  compare: z.enum(COMPARISONS).default("none"),
});
export type FiguresSettings = z.infer<typeof schema>;

/** Many values in one tile, each with its name and unit: what has no need of a tile of its own. */
export const definition: WidgetDefinition<FiguresSettings> = {
  type: "figures",
  name: { zh: "指标数值组", en: "Figures" },
  schema,
  topics: (settings, city) => settings.items.map((ref) => ({ topic: refTopic(city, ref), span: 0 })),
  title: (settings, city) => refName(city, settings.items[0] ?? { metric: "", district: "all" }),
  sample: {
    items: [
      "app-matters",
      "powers-listed",
      "certificates",
      "certificate-coverage",
      "exchange-resources",
      "cloud-systems",
      "cloud-vms",
      "open-records",
    ].map((metric) => ({ metric, district: "all" })),
    columns: 4,
    compare: "none",
  },
  size: { w: 10, h: 4 },
};
