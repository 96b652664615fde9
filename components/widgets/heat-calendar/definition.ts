import { z } from "zod";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { districtCode, metricId, refName, refTopic } from "@/lib/contract/widget-settings";

const schema = z.strictObject({ metric: metricId, district: districtCode });
export type HeatCalendarSettings = z.infer<typeof schema>;

/** Today and the six days before, hour by weekday. */
export const definition: WidgetDefinition<HeatCalendarSettings> = {
  type: "heat-calendar",
  name: { zh: "时段热力图", en: "Heat calendar" },
  schema,
  topics: (settings, city) => [{ topic: refTopic(city, settings), span: 691_200 }],
  title: (settings, city) => refName(city, settings),
  sample: { metric: "cases-today", district: "all" },
  size: { w: 8, h: 4 },
};
