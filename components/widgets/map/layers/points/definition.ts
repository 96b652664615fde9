import { z } from "zod";
import { ID, positionsTopic } from "@/lib/contract/topics";
import type { LayerDefinition } from "../../layer";

export const schema = z.strictObject({
  type: z.literal("points"),
  layer: z.string().regex(ID),
  /** pixels (at 1080 lines) within which points become one */
  cluster: z.number().min(0).max(200).default(28),
});
export type PointsSettings = z.infer<typeof schema>;

/** Things that stand still, clustered where they crowd. */
export const definition: LayerDefinition<PointsSettings> = {
  type: "points",
  name: { zh: "点位聚合", en: "Clustered points" },
  schema,
  topics: (settings, city) => [{ topic: positionsTopic(city.id, settings.layer), span: 0 }],
  sample: { type: "points", layer: "kiosks", cluster: 28 },
};
