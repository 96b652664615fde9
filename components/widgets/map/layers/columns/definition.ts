import { z } from "zod";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts, metricId } from "@/lib/contract/widget-settings";
import type { LayerDefinition } from "../../layer";

export const schema = z.strictObject({ type: z.literal("columns"), metric: metricId });
export type ColumnsSettings = z.infer<typeof schema>;

/** A column at each district's seat, as high as its value. */
export const definition: LayerDefinition<ColumnsSettings> = {
  type: "columns",
  name: { zh: "立体柱", en: "3D columns" },
  schema,
  topics: (settings, city) =>
    metricFacts(city, settings.metric).districts
      ? city.districts.map((d) => ({ topic: readingTopic(city.id, d.adcode, settings.metric), span: 0 }))
      : [],
  sample: { type: "columns", metric: "app-active-today" },
};
