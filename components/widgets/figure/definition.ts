import { z } from "zod";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { comparison, districtCode, metricId, refName, refTopic } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  metric: metricId,
  district: districtCode,
  /** the last 6 hours under the value; of day counters no more than today */
  spark: z.boolean().default(true),
  compare: comparison,
  /** false: no comparison, as `compare: "none"` */
  trend: z.boolean().default(true),
  /**
   * the whole of yesterday, of what counts since midnight; it leads until today's count is a twentieth of it, as today
   * says little until then
   */
  yesterday: z.boolean().default(true),
});
export type FigureSettings = z.infer<typeof schema>;

/** One value, as large as its tile allows, with unit, trend and target. */
export const definition: WidgetDefinition<FigureSettings> = {
  type: "figure",
  name: { zh: "指标数值", en: "Figure" },
  schema,
  topics: (settings, city) => [{ topic: refTopic(city, settings), span: settings.spark ? 21_600 : 0 }],
  title: (settings, city) => refName(city, settings),
  sample: { metric: "cases-today", district: "all", spark: true, trend: true, yesterday: true },
  size: { w: 6, h: 3 },
};
