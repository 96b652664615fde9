import { z } from "zod";
import { placesUnder } from "@/lib/contract/city";
import { COMPARISONS } from "@/lib/contract/compare";
import { readingTopic } from "@/lib/contract/topics";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { metricFacts, metricId, placeCode } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  /** one metric: its districts are compared; several: they are compared for the city */
  metrics: z.array(metricId).min(1).max(16),
  ranked: z.boolean().default(true),
  limit: z.int().min(2).max(60).optional().describe("so many at most; the highlighted one stays"),
  of: placeCode.optional().describe("with one metric: adcode of the district whose subdivisions are compared"),
  highlight: placeCode.optional().describe("adcode that stands out"),
  /** beside each value, where there is room; its name stands below */
  compare: z.enum(COMPARISONS).default("none"),
  /** of what counts since midnight: what yesterday came to, until today's counts are a twentieth of it together */
  yesterday: z.boolean().default(true),
});
export type BarSettings = z.infer<typeof schema>;

/** Bars, ranked: districts, or metrics beside each other. */
export const definition: WidgetDefinition<BarSettings> = {
  type: "bar",
  name: { zh: "条形排名", en: "Ranked bars" },
  schema,
  topics: (settings, city) =>
    settings.metrics.length === 1
      ? placesUnder(city, settings.of).map((district) => ({
          topic: readingTopic(city.id, district.adcode, settings.metrics[0] ?? ""),
          span: 0,
        }))
      : settings.metrics.map((metric) => ({ topic: readingTopic(city.id, "all", metric), span: 0 })),
  title: (settings, city) => metricFacts(city, settings.metrics[0] ?? "").name,
  sample: { metrics: ["cases-today"], ranked: true, compare: "none", yesterday: true },
  size: { w: 6, h: 4 },
};
