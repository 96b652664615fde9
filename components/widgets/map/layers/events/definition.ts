import { z } from "zod";
import { eventsWanted } from "@/lib/contract/widget";
import type { LayerDefinition } from "../../layer";

export const schema = z.strictObject({ type: z.literal("events"), minSeverity: z.int().min(1).max(4).default(1) });
export type EventsSettings = z.infer<typeof schema>;

/** Open events: colour and size by severity, a ring that closes with the stages. */
export const definition: LayerDefinition<EventsSettings> = {
  type: "events",
  name: { zh: "事件", en: "Events" },
  schema,
  topics: (_settings, city) => eventsWanted(city),
  sample: { type: "events", minSeverity: 1 },
};
