import { z } from "zod";
import { COMPARISONS } from "@/lib/contract/compare";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { comparison, metricRef, refTopic, spanSeconds } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  items: z
    .array(metricRef.extend({ compare: comparison }))
    .min(1)
    .max(48),
  columns: z.int().min(1).max(8).default(3),
  span: spanSeconds.default(21_600),
  /** of every item that says nothing else; shown where there is room */
  compare: z.enum(COMPARISONS).default("none"),
});
export type SparklinesSettings = z.infer<typeof schema>;

/** Many small lines, each with its value. */
export const definition: WidgetDefinition<SparklinesSettings> = {
  type: "sparklines",
  name: { zh: "迷你走势", en: "Sparkline grid" },
  schema,
  topics: (settings, city) => settings.items.map((ref) => ({ topic: refTopic(city, ref), span: settings.span })),
  title: () => ({ zh: "指标走势", en: "Trends" }),
  sample: {
    items: [
      "app-online",
      "code-scans-minute",
      "exchange-rate",
      "network-traffic",
      "windows-waiting",
      "parking-free",
    ].map((metric) => ({ metric, district: "all" })),
    columns: 3,
    span: 21_600,
    compare: "none",
  },
  size: { w: 9, h: 4 },
};
