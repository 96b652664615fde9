import { z } from "zod";
import { eventsWanted, type WidgetDefinition } from "@/lib/contract/widget";
import { eventChoice } from "@/lib/contract/widget-settings";

const schema = z.strictObject(eventChoice);
export type StagesSettings = z.infer<typeof schema>;

/** How many open events stand in each stage, and how long they have stood there. */
export const definition: WidgetDefinition<StagesSettings> = {
  type: "stages",
  name: { zh: "处置流程", en: "Event stages" },
  schema,
  topics: (_settings, city) => eventsWanted(city),
  title: () => ({ zh: "处置流程", en: "Event stages" }),
  sample: { district: "all", kinds: [] },
  size: { w: 12, h: 3 },
};
