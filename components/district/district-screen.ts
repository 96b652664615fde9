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
/** Figures in the first row, and lines in the middle. */
const LEADING_SHOWN = 6;
const LINES = 3;
/** Bars that are legible in the tile they stand in. */
const MOST_BARS = 11;
/** Metrics that lead to each district and not of one. */
const flows = (metric: Metric): boolean => metric.id.startsWith("trips-to-");

/** The metrics of a page: what it leads with, what it draws as lines, what it shades its map by. */
function chosenMetrics(metrics: Metric[], hasParts: boolean): { leading: Metric[]; lines: Metric[]; filled: string } {
  const leading = [
    ...LEADING.flatMap((id) => metrics.filter((metric) => metric.id === id)),
    ...metrics.filter((metric) => !LEADING.includes(metric.id)),
  ].slice(0, LEADING_SHOWN);
  const isGauge = ({ kind }: Metric): boolean => kind === "gauge";
  const lines = [...metrics.filter(isGauge), ...metrics.filter((metric) => !isGauge(metric))].slice(0, LINES);
  const fill = leading[0]?.id ?? "";
  return { leading, lines, filled: hasParts ? (metrics.find((metric) => metric.subdivisions)?.id ?? fill) : fill };
}

/**
 * The map with what the city has to show on it.
 * @param inside the place whose parts are shown; the whole city's districts without one
 */
function mapTile(city: CityFacts, adcode: string, inside: string | undefined, filled: string): Screen["tiles"][number] {
  const layers: object[] = [
    { type: "district-fill", metric: filled, ...(inside === undefined ? {} : { of: inside }) },
    { type: "outlines", labels: true },
  ];
  for (const layer of ["roads", "vehicles"])
    if (city.layers.some(({ id }) => id === layer)) layers.push({ type: layer, layer });
  if (city.events) layers.push({ type: "events", minSeverity: 1 });
  const parts = inside === undefined ? {} : { subdivisions: inside };
  return {
    id: "map",
    widget: "map",
    box: { x: 0, y: 2, w: 9, h: 10 },
    wide: { x: 0, y: 2, w: 16, h: 10 },
    settings: { layers, ...parts, ...(inside === undefined || inside !== adcode ? { focus: adcode } : {}) },
  };
}

function figureTile(metric: Metric, adcode: string, i: number, of: number): Screen["tiles"][number] {
  return {
    id: `figure-${metric.id}`,
    widget: "figure",
    title: metric.name,
    ...split(i, of),
    settings: { metric: metric.id, district: adcode },
  };
}

function lineTile(metric: Metric, adcode: string, i: number): Screen["tiles"][number] {
  return {
    id: `line-${metric.id}`,
    widget: "line",
    title: { zh: `${metric.name.zh} · 近6小时`, en: `${metric.name.en}, last 6 hours` },
    box: { x: 9 + i * 5, y: 6, w: 5, h: 2 },
    wide: { x: 16 + Math.round(i * 10.67), y: 6, w: i === 1 ? 10 : 11, h: 2 },
    settings: { series: [{ metric: metric.id, district: adcode }], span: 21_600, area: true },
  };
}

/**
 * How the district stands among its siblings: by its main figure, and in a table.
 * @param of the place they are parts of, if it is not the city
 */
function comparingTiles(leading: Metric[], adcode: string, of: District | undefined): Screen["tiles"] {
  const [first] = leading;
  const among = of === undefined ? {} : { of: of.adcode };
  return [
    {
      id: "rank",
      widget: "bar",
      title: { zh: `${first?.name.zh ?? ""} · 对比`, en: `${first?.name.en ?? ""}, compared` },
      box: { x: 9, y: 2, w: 7, h: 4 },
      wide: { x: 16, y: 2, w: 12, h: 4 },
      settings: { metrics: [first?.id ?? ""], highlight: adcode, limit: MOST_BARS, ...among },
    },
    {
      id: "table",
      widget: "table",
      title: of
        ? { zh: `与${of.name.zh}及其他区县对比`, en: `Compared with ${of.name.en} and its other districts` }
        : { zh: "与全域及其他地区对比", en: "Compared with the whole and other districts" },
      box: { x: 9, y: 8, w: 15, h: 4 },
      wide: { x: 16, y: 8, w: 32, h: 4 },
      settings: { rows: "districts", metrics: leading.map((metric) => metric.id), ...among },
    },
  ];
}

/** A district's page is a screen made from the city's facts: the same tiles, one district in the middle. */
export function districtScreen(city: CityFacts, adcode: string): Screen | null {
  const district = districtOf(city, adcode);
  if (!district) return null;
  const parent = parentOf(city, adcode);
  // The place whose parts the map shows: a city of a province shows its own districts, each of them those beside it.
  const inside = district.subdivisions ? adcode : parent?.adcode;
  const metrics = city.metrics.filter((metric) => (parent ? metric.subdivisions : metric.districts) && !flows(metric));
  const { leading, lines, filled } = chosenMetrics(metrics, inside !== undefined);
  const [rank, table] = comparingTiles(leading, adcode, parent) as [Screen["tiles"][number], Screen["tiles"][number]];
  return {
    title: district.name,
    order: 0,
    grid: { columns: 24, rows: 12 },
    wideGrid: { columns: 48, rows: 12 },
    tiles: [
      ...leading.map((metric, i) => figureTile(metric, adcode, i, Math.max(1, leading.length))),
      mapTile(city, adcode, inside, filled),
      rank,
      ...beside(city, district, metrics, filled),
      ...lines.map((metric, i) => lineTile(metric, adcode, i)),
      table,
    ],
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

/**
 * Beside the ranking: open events where the city has any, else the parts the district is made of, else its main figure
 * by the hour.
 */
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
      title: { zh: `${name?.zh ?? ""} · 时段分布`, en: `${name?.en ?? ""} by the hour` },
      ...place,
      settings: { metric: filled, district: district.adcode },
    },
  ];
}
