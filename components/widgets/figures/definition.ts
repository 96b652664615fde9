import { z } from "zod";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { metricRef, refName, refTopic } from "@/lib/contract/widget-settings";

const schema = z.strictObject({ items: z.array(metricRef).min(1).max(48), columns: z.int().min(1).max(12).default(4) });
export type FiguresSettings = z.infer<typeof schema>;

/** Many values in one tile, each with its name and unit: what has no need of a tile of its own. */
export const definition: WidgetDefinition<FiguresSettings> = {
  type: "figures",
  name: { zh: "数字组", en: "Figures" },
  schema,
  topics: (settings, city) => settings.items.map((ref) => ({ topic: refTopic(city, ref), span: 0 })),
  title: (settings, city) => refName(city, settings.items[0] ?? { metric: "", district: "all" }),
  sample: { items: ["app-matters", "powers-listed", "certificates", "certificate-coverage", "exchange-resources", "cloud-systems", "cloud-vms", "open-records"].map((metric) => ({ metric, district: "all" })), columns: 4 },
  size: { w: 10, h: 4 },
};
