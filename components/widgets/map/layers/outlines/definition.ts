import { z } from "zod";
import type { LayerDefinition } from "../../layer";

export const schema = z.strictObject({
  type: z.literal("outlines"),
  labels: z.boolean().default(true),
  figures: z.boolean().default(true).describe("what districts are filled by stands beside their names"),
});
export type OutlinesSettings = z.infer<typeof schema>;

/** District boundaries and names. */
export const definition: LayerDefinition<OutlinesSettings> = {
  type: "outlines",
  name: { zh: "边界与名称", en: "Outlines and labels" },
  schema,
  topics: () => [],
  sample: { type: "outlines", labels: true, figures: true },
};
