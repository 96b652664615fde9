import { z } from "zod";
import { placesUnder } from "@/lib/contract/city";
import { COMPARISONS } from "@/lib/contract/compare";
import { readingTopic } from "@/lib/contract/topics";
import type { WidgetDefinition } from "@/lib/contract/widget";
import { districtCode, metricId, placeCode } from "@/lib/contract/widget-settings";

const schema = z.strictObject({
  /** districts: a row a district, a column a metric; metrics: a row a metric with its source and time */
  rows: z.enum(["districts", "metrics"]).default("districts"),
  /** which metrics; all of the city's when empty */
  metrics: z.array(metricId).max(300).default([]),
  of: placeCode.optional().describe("with rows = districts: adcode of the district whose parts are shown"),
  district: districtCode.describe("with rows = metrics: whose values"),
  /** beside each value; its name stands at the column's head */
  compare: z.enum(COMPARISONS).default("none"),
});
export type TableSettings = z.infer<typeof schema>;

/** Values in rows; only the rows in view are drawn. */
export const definition: WidgetDefinition<TableSettings> = {
  type: "table",
  name: { zh: "表格", en: "Table" },
  schema,
  topics: (settings, city) => {
    const metrics = settings.metrics.length > 0 ? settings.metrics : city.metrics.map((metric) => metric.id);
    if (settings.rows === "metrics")
      return metrics.map((metric) => ({ topic: readingTopic(city.id, settings.district, metric), span: 0 }));
    return [settings.of ?? "all", ...placesUnder(city, settings.of).map((district) => district.adcode)].flatMap(
      (district) => metrics.map((metric) => ({ topic: readingTopic(city.id, district, metric), span: 0 })),
    );
  },
  title: () => ({ zh: "指标明细", en: "Metrics in detail" }),
  sample: {
    rows: "districts",
    metrics: ["cases-today", "online-rate", "windows-waiting", "satisfaction"],
    district: "all",
    compare: "none",
  },
  size: { w: 10, h: 5 },
};
