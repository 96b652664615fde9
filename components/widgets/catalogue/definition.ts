import { z } from "zod";
import { textSchema } from "@/lib/contract/city";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { metricId, refTopic } from "@/lib/contract/widget-settings";

const item = z.strictObject({ name: textSchema, metric: metricId.optional() });
const schema = z.strictObject({
  groups: z
    .array(item.extend({ items: z.array(item).min(1).max(24) }).strict())
    .min(1)
    .max(24),
  /** an item's value that is worth a look, and one that is an alarm; on the side that is worse for its metric */
  warn: z.number().optional(),
  alarm: z.number().optional(),
});
export type CatalogueSettings = z.infer<typeof schema>;

/** Named things in groups, such as the systems or scenes of a city, each with its value where it has one. */
export const definition: WidgetDefinition<CatalogueSettings> = {
  type: "catalogue",
  name: { zh: "目录", en: "Catalog" },
  schema,
  topics: (settings, city) =>
    settings.groups
      .flatMap((group) => [group, ...group.items])
      .flatMap(({ metric }) => (metric ? [{ topic: refTopic(city, { metric, district: "all" }), span: 0 }] : [])),
  title: (settings) => settings.groups[0]?.name ?? { zh: "目录", en: "Catalog" },
  sample: {
    groups: [
      {
        name: { zh: "六大基础库", en: "Base registries" },
        items: [
          ["人口库", "Population", "registry-population-today"],
          ["法人库", "Legal entities", "registry-legal-today"],
          ["地理空间库", "Geography", "registry-geo-today"],
        ].map(([zh = "", en = "", metric]) => ({ name: { zh, en }, metric })),
      },
      {
        name: { zh: "服务渠道", en: "Channels" },
        metric: "kiosk-uses-today",
        items: [
          { name: { zh: "自助终端", en: "Kiosks" } },
          { name: { zh: "电子印章", en: "E-seals" } },
          { name: { zh: "电子保函", en: "E-guarantees" } },
        ],
      },
    ],
  },
  size: { w: 8, h: 4 },
};
