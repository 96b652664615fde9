import { z } from "zod";
import { ID, positionsTopic } from "@/lib/contract/topics";
import type { LayerDefinition } from "../../layer";

export const schema = z.strictObject({
  type: z.literal("roads"),
  layer: z.string().regex(ID).default("roads").describe("layer of positions that tells each road's speed"),
});
export type RoadsSettings = z.infer<typeof schema>;

/** Roads coloured by congestion. */
export const definition: LayerDefinition<RoadsSettings> = {
  type: "roads",
  name: { zh: "道路拥堵", en: "Road congestion" },
  schema,
  topics: (settings, city) => [{ topic: positionsTopic(city.id, settings.layer), span: 0 }],
  sample: { type: "roads", layer: "roads" },
};
