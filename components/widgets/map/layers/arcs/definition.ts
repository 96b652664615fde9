import { z } from "zod";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import type { LayerDefinition } from "../../layer";
import { flowMetric } from "./arcs-option";

export const schema = z.strictObject({
  type: z.literal("arcs"),
  /** metric of the origin district for each destination, `{to}` standing for its code in lower case */
  metric: z.string().regex(/^[a-z][a-z0-9-]*\{to\}$/, "must end with {to}, such as trips-to-{to}"),
  top: z.int().min(1).max(200).default(12),
});
export type ArcsSettings = z.infer<typeof schema>;

/** Flows between districts. */
export const definition: LayerDefinition<ArcsSettings> = {
  type: "arcs",
  name: { zh: "流向弧线", en: "Flow arcs" },
  schema,
  topics: (settings, city) =>
    city.districts.flatMap((from) =>
      city.districts
        .filter((to) => to !== from)
        .map((to) => ({
          topic: readingTopic(city.id, from.adcode, metricFacts(city, flowMetric(settings.metric, to.adcode)).id),
          span: 0,
        })),
    ),
  sample: { type: "arcs", metric: "trips-to-{to}", top: 12 },
};
