import { districtOf, parentOf, type CityFacts, type District, type Metric } from "@/lib/contract/city";
import type { Screen } from "@/lib/contract/screens";

/** Metrics a district's page leads with, as far as the city has them. */
const LEADING = [
  "cases-today",
  "code-scans-today",
  "app-active-today",
  "citizens-active-today",
  "congestion-index",
  "events-open",
  "hotline-today",
  "satisfaction",
];
/** Bars that are legible in the tile they stand in. */
const MOST_BARS = 11;
/** Metrics that lead to each district and not of one. */
const flows = (metric: Metric): boolean => metric.id.startsWith("trips-to-");

/** A district's page is a screen made from the city's facts: the same tiles, one district in the middle. */
export function districtScreen(city: CityFacts, adcode: string): Screen | null {
  const district = districtOf(city, adcode);
  if (!district) return null;
  const parent = parentOf(city, adcode);
  // The places this one stands beside, and those it is made of: a city of a province shows its own districts.
  const of = parent?.adcode;
  const inside = district.subdivisions ? adcode : of;
  const metrics = city.metrics.filter((metric) => (parent ? metric.subdivisions : metric.districts) && !flows(metric));
  const leading = [
    ...LEADING.flatMap((id) => metrics.filter((metric) => metric.id === id)),
    ...metrics.filter((metric) => !LEADING.includes(metric.id)),
  ].slice(0, 6);
  const fill = leading[0]?.id ?? "";
  const gauges = [
    ...metrics.filter((metric) => metric.kind === "gauge"),
    ...metrics.filter((metric) => metric.kind !== "gauge"),
  ].slice(0, 3);
  const filled = inside === undefined ? fill : (metrics.find((metric) => metric.subdivisions)?.id ?? fill);
  const layers: object[] = [
    { type: "district-fill", metric: filled, ...(inside === undefined ? {} : { of: inside }) },
    { type: "outlines", labels: true },
  ];
  const focus =
    inside === undefined ? { focus: adcode } : { subdivisions: inside, ...(parent ? { focus: adcode } : {}) };
  const among = of === undefined ? {} : { of };
  const columns = Math.max(1, leading.length);
  if (city.layers.some((layer) => layer.id === "roads")) layers.push({ type: "roads", layer: "roads" });
  if (city.layers.some((layer) => layer.id === "vehicles")) layers.push({ type: "vehicles", layer: "vehicles" });
  if (city.events) layers.push({ type: "events", minSeverity: 1 });
  const tiles: Screen["tiles"] = leading.map((metric, i) => ({
    id: `figure-${metric.id}`,
    widget: "figure",
    title: metric.name,
    ...split(i, columns),
    settings: { metric: metric.id, district: adcode },
  }));
  tiles.push(
    {
      id: "map",
      widget: "map",
      box: { x: 0, y: 2, w: 9, h: 10 },
      wide: { x: 0, y: 2, w: 16, h: 10 },
      settings: { layers, ...focus },
    },
    {
      id: "rank",
      widget: "bar",
      title: { zh: `${leading[0]?.name.zh ?? ""} · 比较`, en: `${leading[0]?.name.en ?? ""}, compared` },
      box: { x: 9, y: 2, w: 7, h: 4 },
      wide: { x: 16, y: 2, w: 12, h: 4 },
      settings: { metrics: [fill], highlight: adcode, limit: MOST_BARS, ...among },
    },
    ...beside(city, district, metrics, filled),
    ...gauges.map((metric, i) => ({
      id: `line-${metric.id}`,
      widget: "line",
      title: { zh: `${metric.name.zh} · 近6小时`, en: `${metric.name.en}, last 6 hours` },
      box: { x: 9 + i * 5, y: 6, w: 5, h: 2 },
      wide: { x: 16 + Math.round(i * 10.67), y: 6, w: i === 1 ? 10 : 11, h: 2 },
      settings: { series: [{ metric: metric.id, district: adcode }], span: 21_600, area: true },
    })),
    {
      id: "table",
      widget: "table",
      title: parent
        ? { zh: `与${parent.name.zh}及其他区县比较`, en: `Against ${parent.name.en} and its other districts` }
        : { zh: "与全域及其他地区比较", en: "Against the whole and the other districts" },
      box: { x: 9, y: 8, w: 15, h: 4 },
      wide: { x: 16, y: 8, w: 32, h: 4 },
      settings: { rows: "districts", metrics: leading.map((metric) => metric.id), ...among },
    },
  );
  return {
    title: district.name,
    order: 0,
    grid: { columns: 24, rows: 12 },
    wideGrid: { columns: 48, rows: 12 },
    tiles,
  };
}

/** The i-th of so many tiles in a row that fills the width. */
function split(i: number, of: number): Pick<Screen["tiles"][number], "box" | "wide"> {
  const at = (place: number, columns: number): number => Math.round((place * columns) / of);
  return {
    box: { x: at(i, 24), y: 0, w: at(i + 1, 24) - at(i, 24), h: 2 },
    wide: { x: at(i, 48), y: 0, w: at(i + 1, 48) - at(i, 48), h: 2 },
  };
}

/** Beside the ranking: open events where the city has any, else the parts the district is made of, else its main figure by the hour. */
function beside(city: CityFacts, district: District, metrics: Metric[], filled: string): Screen["tiles"] {
  const place = { box: { x: 16, y: 2, w: 8, h: 4 }, wide: { x: 28, y: 2, w: 20, h: 4 } };
  if (city.events)
    return [
      {
        id: "events",
        widget: "event-list",
        title: { zh: `${district.short.zh} · 在办事件`, en: `${district.short.en}, open events` },
        ...place,
        settings: { district: district.adcode },
      },
    ];
  const name = metrics.find((metric) => metric.id === filled)?.name;
  if (district.subdivisions)
    return [
      {
        id: "subdivisions",
        widget: "bar",
        title: {
          zh: `${district.short.zh}各区县 · ${name?.zh ?? ""}`,
          en: `${name?.en ?? ""}, parts of ${district.short.en}`,
        },
        ...place,
        settings: { metrics: [filled], of: district.adcode, limit: MOST_BARS },
      },
    ];
  return [
    {
      id: "hours",
      widget: "heat-calendar",
      title: { zh: `${name?.zh ?? ""} · 时段`, en: `${name?.en ?? ""} by the hour` },
      ...place,
      settings: { metric: filled, district: district.adcode },
    },
  ];
}
