import { z } from "zod";
import { ID, readingTopic } from "@/lib/contract/topics";
import type { WidgetDefinition } from "@/lib/contract/widget";

const schema = z.strictObject({
  systems: z.array(z.string().regex(ID)).default([]).describe("all of the city's when empty"),
});
export type FeedMatrixSettings = z.infer<typeof schema>;

/** Every feed and how alive it is: the worst of its city-wide metrics. */
export const definition: WidgetDefinition<FeedMatrixSettings> = {
  type: "feed-matrix",
  name: { zh: "数据源状态", en: "Feed status" },
  schema,
  topics: (settings, city) =>
    city.metrics
      .filter((metric) => settings.systems.length === 0 || settings.systems.includes(metric.system))
      .map((metric) => ({ topic: readingTopic(city.id, "all", metric.id), span: 0 })),
  title: () => ({ zh: "数据源状态", en: "Feed status" }),
  sample: { systems: [] },
  size: { w: 10, h: 5 },
};
