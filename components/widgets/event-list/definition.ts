import { z } from "zod";
import { eventsWanted, type WidgetDefinition } from "@/lib/contract/widget";
import { eventChoice } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  minSeverity: z.int().min(1).max(4).default(1),
  ...eventChoice,
  /** those closed today stay in the list behind the open ones */
  closed: z.boolean().default(false),
});
export type EventListSettings = z.infer<typeof schema>;

/** Open events, the gravest first; scrolls by itself when there are more than fit. */
export const definition: WidgetDefinition<EventListSettings> = {
  type: "event-list",
  name: { zh: "事件列表", en: "Event list" },
  schema,
  topics: (_settings, city) => eventsWanted(city),
  title: () => ({ zh: "在办事件", en: "Open events" }),
  sample: { minSeverity: 1, district: "all", kinds: [], closed: false },
  size: { w: 6, h: 5 },
};
