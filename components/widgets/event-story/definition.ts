import { z } from "zod";
import { eventsWanted, type WidgetDefinition } from "@/lib/contract/widget";
import { eventChoice } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  /** id of the one event; when left out the gravest open ones take turns */
  event: z.string().max(80).optional(),
  ...eventChoice,
});
export type EventStorySettings = z.infer<typeof schema>;

/** One event from start to end: every stage, when it was reached, how long it took and who had it in hand. */
export const definition: WidgetDefinition<EventStorySettings> = {
  type: "event-story",
  name: { zh: "事件办理全过程", en: "Event story" },
  schema,
  topics: (_settings, city) => eventsWanted(city),
  title: () => ({ zh: "事件办理全过程", en: "An event from start to end" }),
  sample: { event: "sample-2", district: "all", kinds: [] },
  size: { w: 12, h: 5 },
};
