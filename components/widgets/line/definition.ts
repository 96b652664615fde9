import { z } from "zod";
import type { CityFacts, Metric } from "@/lib/contract/city";
import { eventsWanted, type WidgetDefinition } from "@/lib/contract/widget";
import { SEVERITIES } from "@/lib/contract/severity";
import { metricFacts, metricRef, refName, refTopic, spanSeconds } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  series: z.array(metricRef).min(1).max(8),
  span: spanSeconds.default(900),
  area: z.boolean().default(false),
  ghost: z
    .enum(["day", "week"])
    .optional()
    .describe("what the first line had at the same times a day or a week before, dim and dashed behind it"),
  events: z
    .literal(SEVERITIES)
    .optional()
    .describe("the least severity, 1 to 4, of the city's events that stand as marks at the time they began"),
  target: z
    .boolean()
    .default(true)
    .describe("the range that its metrics' target asks for, where all of them have the same"),
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

const DAYS = { day: 1, week: 7 } as const;

/** Seconds of past that a ghost of a line over `span` seconds needs, as far as they are kept. */
function ghostSpan(span: number, ghost: keyof typeof DAYS): number {
  return Math.min(8 * DAY, span + DAYS[ghost] * DAY + 7_200);
}

/** Values over time. */
export const definition: WidgetDefinition<LineSettings> = {
  type: "line",
  name: { zh: "折线 / 面积", en: "Line / area" },
  schema,
  topics: ({ series, span, ghost, events }, city) => [
    ...series.map((ref) => ({ topic: refTopic(city, ref), span })),
    ...(ghost ? series.slice(0, 1).map((ref) => ({ topic: refTopic(city, ref), span: ghostSpan(span, ghost) })) : []),
    ...(events ? eventsWanted(city) : []),
  ],
  title: (settings, city) => refName(city, settings.series[0] ?? { metric: "", district: "all" }),
  sample: {
    series: [{ metric: "exchange-rate", district: "all" }],
    span: 21_600,
    area: true,
    ghost: "day",
    target: true,
  },
  size: { w: 8, h: 4 },
};
