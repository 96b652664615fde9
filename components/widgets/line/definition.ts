import { z } from "zod";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { metricRef, refName, refTopic, spanSeconds } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  series: z.array(metricRef).min(1).max(8),
  span: spanSeconds.default(900),
  area: z.boolean().default(false),
});
export type LineSettings = z.infer<typeof schema>;

/** Values over time. */
export const definition: WidgetDefinition<LineSettings> = {
  type: "line",
  name: { zh: "折线 / 面积", en: "Line / area" },
  schema,
  topics: (settings, city) => settings.series.map((ref) => ({ topic: refTopic(city, ref), span: settings.span })),
  title: (settings, city) => refName(city, settings.series[0] ?? { metric: "", district: "all" }),
  sample: { series: [{ metric: "exchange-rate", district: "all" }], span: 21_600, area: true },
  size: { w: 8, h: 4 },
};
