import { z } from "zod";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { metricRef, refName, refTopic } from "@/lib/contract/widget-settings";

const schema = z.strictObject({ parts: z.array(metricRef).min(2).max(8) });
export type RingSettings = z.infer<typeof schema>;

/** Parts of a whole. */
export const definition: WidgetDefinition<RingSettings> = {
  type: "ring",
  name: { zh: "环形占比", en: "Ring" },
  schema,
  topics: (settings, city) => settings.parts.map((ref) => ({ topic: refTopic(city, ref), span: 0 })),
  title: (settings, city) => refName(city, settings.parts[0] ?? { metric: "", district: "all" }),
  sample: {
    parts: [
      "ratings-qr-today",
      "ratings-app-today",
      "ratings-sms-today",
      "ratings-kiosk-today",
      "ratings-hotline-today",
    ].map((metric) => ({ metric, district: "all" })),
  },
  size: { w: 6, h: 4 },
};
