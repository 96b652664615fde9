import { z } from "zod";
import { ID, positionsTopic } from "@/lib/contract/topics";
import type { LayerDefinition } from "../../layer";

export const schema = z.strictObject({
  type: z.literal("density"),
  layer: z.string().regex(ID),
  style: z.enum(["hexagon", "heat"]).default("hexagon"),
  /** metres across a hexagon's half */
  radius: z.number().min(100).max(20_000).default(2_500),
});
export type DensitySettings = z.infer<typeof schema>;

/** How many things are where. */
export const definition: LayerDefinition<DensitySettings> = {
  type: "density",
  name: { zh: "密度", en: "Density" },
  schema,
  topics: (settings, city) => [{ topic: positionsTopic(city.id, settings.layer), span: 0 }],
  sample: { type: "density", layer: "vehicles", style: "hexagon", radius: 2_500 },
};
