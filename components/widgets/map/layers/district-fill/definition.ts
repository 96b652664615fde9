import { z } from "zod";
import { placesUnder } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts, metricId, placeCode } from "@/lib/contract/widget-settings";
import type { LayerDefinition } from "../../layer";

export const schema = z.strictObject({
  type: z.literal("district-fill"),
  metric: metricId,
  of: placeCode.optional().describe("adcode of the district whose subdivisions are filled"),
});
export type DistrictFillSettings = z.infer<typeof schema>;

/** Districts coloured by a metric. */
export const definition: LayerDefinition<DistrictFillSettings> = {
  type: "district-fill",
  name: { zh: "区县填色", en: "District fill" },
  schema,
  topics: (settings, city) =>
    metricFacts(city, settings.metric)[settings.of ? "subdivisions" : "districts"]
      ? placesUnder(city, settings.of).map((d) => ({
          topic: readingTopic(city.id, d.adcode, settings.metric),
          span: 0,
        }))
      : [],
  sample: { type: "district-fill", metric: "cases-today" },
};
