import { z } from "zod";
import { ID, positionsTopic } from "@/lib/contract/topics";
import type { LayerDefinition } from "../../layer";

export const schema = z.strictObject({ type: z.literal("vehicles"), layer: z.string().regex(ID).default("vehicles") });
export type VehiclesSettings = z.infer<typeof schema>;

/** Moving things with their heading, gliding between two observations. */
export const definition: LayerDefinition<VehiclesSettings> = {
  type: "vehicles",
  name: { zh: "移动车辆", en: "Moving vehicles" },
  schema,
  topics: (settings, city) => [{ topic: positionsTopic(city.id, settings.layer), span: 0 }],
  sample: { type: "vehicles", layer: "vehicles" },
};
