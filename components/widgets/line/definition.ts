import { z } from "zod";
import type { CityFacts, Metric } from "@/lib/contract/city";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { metricFacts, metricRef, refName, refTopic, spanSeconds } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  series: z.array(metricRef).min(1).max(8),
  span: spanSeconds.default(900),
  area: z.boolean().default(false),
});
export type LineSettings = z.infer<typeof schema>;

const DAY = 86_400;

/** Whether a metric's values are counts of something: people, cases. */
export function isCount({ kind, decimals, unit }: Metric): boolean {
  // Bare counts have no unit in English; see the glossary.
  return decimals === 0 && (kind !== "gauge" || unit.en === "");
}

/**
 * Whether what each hour added is drawn, as bars: over a day and more a counter that begins anew at midnight would be a
 * sawtooth.
 */
export function showsRises({ series, span }: LineSettings, city: CityFacts): boolean {
  return span >= DAY && series.every(({ metric }) => metricFacts(city, metric).kind === "day");
}

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
