import { z } from "zod";
import { textSchema } from "@/lib/contract/city";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { districtCode, metricId, refTopic } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  links: z
    .array(z.strictObject({ from: textSchema, to: textSchema, metric: metricId, district: districtCode }))
    .min(1)
    .max(40),
});
export type SankeySettings = z.infer<typeof schema>;

/** What flows where: each link's width is a metric. */
export const definition: WidgetDefinition<SankeySettings> = {
  type: "sankey",
  name: { zh: "流向", en: "Flow" },
  schema,
  topics: (settings, city) => settings.links.map((link) => ({ topic: refTopic(city, link), span: 0 })),
  title: () => ({ zh: "流向", en: "Flow" }),
  sample: {
    links: [
      {
        from: { zh: "派发", en: "Dispatched" },
        to: { zh: "监管任务", en: "Tasks" },
        metric: "tasks-dispatch",
        district: "all",
      },
      {
        from: { zh: "接收", en: "Received" },
        to: { zh: "监管任务", en: "Tasks" },
        metric: "tasks-accept",
        district: "all",
      },
      {
        from: { zh: "监管任务", en: "Tasks" },
        to: { zh: "办理", en: "In progress" },
        metric: "tasks-handle",
        district: "all",
      },
      {
        from: { zh: "监管任务", en: "Tasks" },
        to: { zh: "复核反馈", en: "In review" },
        metric: "tasks-review",
        district: "all",
      },
    ],
  },
  size: { w: 8, h: 4 },
};
