import { z } from "zod";
import { ID } from "@/lib/contract/topics";
import { eventsWanted, type WidgetDefinition } from "@/lib/contract/widget";

const schema = z.strictObject({
  district: z.string().default("all"),
  /** these kinds alone, all when left out */
  kinds: z.array(z.string().regex(ID)).default([]),
});
export type StagesSettings = z.infer<typeof schema>;

/** How many open events stand in each stage, and how long they have stood there. */
export const definition: WidgetDefinition<StagesSettings> = {
  type: "stages",
  name: { zh: "处置流程", en: "Stages" },
  schema,
  topics: (_settings, city) => eventsWanted(city),
  title: () => ({ zh: "处置流程", en: "Stages" }),
  sample: { district: "all", kinds: [] },
  size: { w: 12, h: 3 },
};
