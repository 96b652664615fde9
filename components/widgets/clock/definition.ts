import { z } from "zod";
import type { WidgetDefinition } from "@/lib/contract/widget";

const schema = z.strictObject({ seconds: z.boolean().default(true), date: z.boolean().default(true) });
export type ClockSettings = z.infer<typeof schema>;

/** The city's local time, told by the gateway's clock. */
export const definition: WidgetDefinition<ClockSettings> = {
  type: "clock",
  name: { zh: "时钟", en: "Clock" },
  schema,
  topics: () => [],
  title: () => null,
  sample: { seconds: true, date: true },
  size: { w: 5, h: 2 },
};
