import { districtOf, type CityFacts } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";

/** Metrics a district's page leads with, as far as the city has them. */
const LEADING = ["cases-today", "code-scans-today", "app-active-today", "congestion-index", "events-open", "satisfaction"];

/** A district's page is a screen made from the city's facts: the same tiles, one district in the middle. */
export function districtScreen(city: CityFacts, adcode: string): Screen | null {
  const district = districtOf(city, adcode);
  if (!district) return null;
  const metrics = city.metrics.filter((metric) => metric.districts && !metric.id.startsWith("trips-to-"));
  const leading = [...LEADING.flatMap((id) => metrics.filter((metric) => metric.id === id)), ...metrics.filter((metric) => !LEADING.includes(metric.id))].slice(0, 6);
  const fill = leading[0]?.id ?? "";
  const gauges = metrics.filter((metric) => metric.kind === "gauge").slice(0, 3);
  const layers: object[] = [{ type: "district-fill", metric: fill }, { type: "outlines", labels: true }];
  if (city.layers.some((layer) => layer.id === "roads")) layers.push({ type: "roads", layer: "roads" });
  if (city.layers.some((layer) => layer.id === "vehicles")) layers.push({ type: "vehicles", layer: "vehicles" });
  if (city.events) layers.push({ type: "events", minSeverity: 1 });
  const tiles: Screen["tiles"] = leading.map((metric, i) => ({ id: `figure-${metric.id}`, widget: "figure", title: metric.name, box: { x: i * 4, y: 0, w: 4, h: 2 }, wide: { x: i * 8, y: 0, w: 8, h: 2 }, settings: { metric: metric.id, district: adcode } }));
  tiles.push(
    { id: "map", widget: "map", box: { x: 0, y: 2, w: 9, h: 10 }, wide: { x: 0, y: 2, w: 16, h: 10 }, settings: { layers, focus: adcode } },
    { id: "rank", widget: "bar", title: { zh: `${leading[0]?.name.zh ?? ""} · 区县比较`, en: `${leading[0]?.name.en ?? ""}, districts` }, box: { x: 9, y: 2, w: 7, h: 4 }, wide: { x: 16, y: 2, w: 12, h: 4 }, settings: { metrics: [fill], highlight: adcode } },
    { id: "events", widget: "event-list", title: { zh: `${district.short.zh} · 在办事件`, en: `${district.short.en}, open events` }, box: { x: 16, y: 2, w: 8, h: 4 }, wide: { x: 28, y: 2, w: 20, h: 4 }, settings: { district: adcode } },
    ...gauges.map((metric, i) => ({
      id: `line-${metric.id}`, widget: "line", title: { zh: `${metric.name.zh} · 近6小时`, en: `${metric.name.en}, last 6 hours` },
      box: { x: 9 + i * 5, y: 6, w: 5, h: 2 }, wide: { x: 16 + Math.round(i * 10.67), y: 6, w: i === 1 ? 10 : 11, h: 2 }, settings: { series: [{ metric: metric.id, district: adcode }], span: 21_600, area: true },
    })),
    { id: "table", widget: "table", title: { zh: "与全市及其他区县比较", en: "Against the city and the other districts" }, box: { x: 9, y: 8, w: 15, h: 4 }, wide: { x: 16, y: 8, w: 32, h: 4 }, settings: { rows: "districts", metrics: leading.map((metric) => metric.id) } },
  );
  return { title: district.name, order: 0, grid: { columns: 24, rows: 12 }, wideGrid: { columns: 48, rows: 12 }, tiles };
}
