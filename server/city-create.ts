import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import { citySchema, metricsSchema, type City, type Metric } from "../lib/contract/city";
import { faultsOf, type Screen } from "../lib/contract/screens";
import { checkOutlines, normalised, type Outline } from "./outlines";
import { englishName, shortNames } from "./place-names";

export interface CityCreateOptions {
  id: string;
  adcode: string;
  zh: string;
  en?: string | undefined;
  /** GeoJSON file of the districts, each with `adcode` and `name` among its properties */
  outlines: string;
  /** what the file's coordinates are in; GCJ-02 is converted, once */
  crs: "wgs84" | "gcj02";
  timeZone: string;
  /** folder of the cities */
  cities: string;
  /** writes over what is there */
  force: boolean;
}

export interface Created {
  folder: string;
  districts: number;
  screens: string[];
  /** what a person should look at; nothing of it stops the city from running */
  warnings: string[];
}

/** What cannot be used, with the field it is in. */
export class CityError extends Error {
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
  }
}

/** Metrics that every operations center has; a city takes away and adds what it wants. */
const METRICS: (Pick<Metric, "id" | "name" | "unit" | "kind" | "interval" | "system"> & Partial<Metric>)[] = [
  { id: "cases-today", name: { zh: "今日办件", en: "Cases today" }, unit: { zh: "件", en: "cases" }, kind: "day", interval: 10, system: "services", better: "up", districts: true, indicator: "gov-cases-day" },
  { id: "windows-waiting", name: { zh: "大厅等候", en: "Waiting at windows" }, unit: { zh: "人", en: "people" }, kind: "gauge", interval: 10, system: "services", better: "down", districts: true, aggregate: { districts: "sum", time: "mean" } },
  { id: "online-rate", name: { zh: "网上办理率", en: "Handled online" }, unit: { zh: "%", en: "%" }, kind: "gauge", interval: 60, system: "services", decimals: 1, better: "up", districts: true, target: 90, indicator: "online-rate" },
  { id: "satisfaction", name: { zh: "好评率", en: "Satisfied" }, unit: { zh: "%", en: "%" }, kind: "gauge", interval: 60, system: "services", decimals: 1, better: "up", districts: true, target: 98, indicator: "satisfaction" },
  { id: "hotline-today", name: { zh: "12345来电", en: "12345 calls today" }, unit: { zh: "个", en: "calls" }, kind: "day", interval: 10, system: "operations", districts: true, smallCell: 3, indicator: "hotline-day" },
  { id: "events-open", name: { zh: "在办事件", en: "Open events" }, unit: { zh: "件", en: "events" }, kind: "gauge", interval: 10, system: "operations", better: "down", districts: true, aggregate: { districts: "sum", time: "mean" } },
  { id: "events-today", name: { zh: "今日事件", en: "Events today" }, unit: { zh: "件", en: "events" }, kind: "day", interval: 10, system: "operations", districts: true, smallCell: 3, indicator: "events-day" },
  { id: "events-closed-rate", name: { zh: "按期办结率", en: "Closed on time" }, unit: { zh: "%", en: "%" }, kind: "gauge", interval: 60, system: "operations", decimals: 1, better: "up", target: 95, indicator: "closed-on-time" },
  { id: "congestion-index", name: { zh: "拥堵指数", en: "Congestion index" }, unit: { zh: "", en: "" }, kind: "gauge", interval: 10, system: "traffic", decimals: 2, better: "down", districts: true, target: 1.5, indicator: "congestion-index" },
  { id: "mean-speed", name: { zh: "平均车速", en: "Mean speed" }, unit: { zh: "km/h", en: "km/h" }, kind: "gauge", interval: 10, system: "traffic", decimals: 1, better: "up", districts: true },
];

const SYSTEMS: City["systems"] = {
  services: { name: { zh: "政务服务", en: "Government services" }, owner: { zh: "行政审批局", en: "Approval Bureau" } },
  operations: { name: { zh: "城市运行", en: "City operations" }, owner: { zh: "城市运营中心", en: "City Operations Center" } },
  traffic: { name: { zh: "城市交通", en: "City traffic" }, owner: { zh: "交通运输局", en: "Transport Bureau" } },
};

const LAYERS = [{ type: "outlines" }, { type: "events" }];

function figure(metric: string, x: number, w: number, h = 2): object {
  return { id: metric, widget: "figure", box: { x, y: 0, w, h }, settings: { metric } };
}

/** Screens that suit the metrics above. */
function proposedScreens(): Record<string, object> {
  return {
    overview: { title: { zh: "城市总览", en: "Overview" }, order: 1, tiles: [
      ...["cases-today", "hotline-today", "events-open", "congestion-index"].map((metric, i) => figure(metric, i * 6, 6)),
      { id: "rank", widget: "bar", title: { zh: "办件量 · 排名", en: "Cases by district" }, box: { x: 0, y: 2, w: 6, h: 6 }, settings: { metrics: ["cases-today"] } },
      { id: "speed", widget: "line", title: { zh: "平均车速 · 近6小时", en: "Mean speed, last 6 hours" }, box: { x: 0, y: 8, w: 6, h: 4 }, settings: { series: [{ metric: "mean-speed" }], span: 21_600, area: true } },
      { id: "map", widget: "map", box: { x: 6, y: 2, w: 12, h: 10 }, settings: { layers: [{ type: "district-fill", metric: "cases-today" }, ...LAYERS] } },
      { id: "events", widget: "event-list", box: { x: 18, y: 2, w: 6, h: 6 }, settings: {} },
      { id: "more", widget: "figures", title: { zh: "运行要览", en: "At a glance" }, box: { x: 18, y: 8, w: 6, h: 4 }, settings: { items: ["online-rate", "satisfaction", "events-today", "events-closed-rate"].map((metric) => ({ metric })), columns: 2 } },
    ] },
    services: { title: { zh: "政务服务", en: "Government services" }, order: 2, tiles: [
      ...["cases-today", "windows-waiting", "online-rate", "satisfaction"].map((metric, i) => figure(metric, i * 6, 6)),
      { id: "map", widget: "map", box: { x: 0, y: 2, w: 9, h: 10 }, settings: { layers: [{ type: "district-fill", metric: "windows-waiting" }, { type: "outlines" }] } },
      { id: "hours", widget: "heat-calendar", title: { zh: "办件时段", en: "When cases come" }, box: { x: 9, y: 2, w: 15, h: 5 }, settings: { metric: "cases-today" } },
      { id: "table", widget: "table", title: { zh: "各区县", en: "Districts" }, box: { x: 9, y: 7, w: 15, h: 5 }, settings: { rows: "districts", metrics: ["cases-today", "windows-waiting", "online-rate", "satisfaction"] } },
    ] },
    operations: { title: { zh: "城市运行", en: "Operations" }, order: 3, tiles: [
      { id: "stages", widget: "stages", box: { x: 0, y: 0, w: 24, h: 3 }, settings: {} },
      { id: "map", widget: "map", box: { x: 0, y: 3, w: 10, h: 9 }, settings: { layers: [{ type: "district-fill", metric: "events-open" }, ...LAYERS] } },
      { id: "events", widget: "event-list", box: { x: 10, y: 3, w: 7, h: 9 }, settings: { closed: true } },
      { id: "feeds", widget: "feed-matrix", box: { x: 17, y: 3, w: 7, h: 4 }, settings: {} },
      { id: "districts", widget: "bar", title: { zh: "在办事件 · 排名", en: "Open events by district" }, box: { x: 17, y: 7, w: 7, h: 5 }, settings: { metrics: ["events-open"] } },
    ] },
    traffic: { title: { zh: "城市交通", en: "Traffic" }, order: 4, tiles: [
      { id: "map", widget: "map", box: { x: 0, y: 0, w: 14, h: 12 }, settings: { layers: [{ type: "district-fill", metric: "congestion-index" }, { type: "outlines" }] } },
      { id: "index", widget: "gauge", box: { x: 14, y: 0, w: 5, h: 4 }, settings: { metric: "congestion-index", min: 1, max: 2.5, warn: 1.8 } },
      { id: "speed", widget: "figure", box: { x: 19, y: 0, w: 5, h: 4 }, settings: { metric: "mean-speed" } },
      { id: "rank", widget: "bar", title: { zh: "拥堵指数 · 排名", en: "Congestion by district" }, box: { x: 14, y: 4, w: 10, h: 4 }, settings: { metrics: ["congestion-index"] } },
      { id: "day", widget: "line", title: { zh: "拥堵指数 · 近24小时", en: "Congestion, last 24 hours" }, box: { x: 14, y: 8, w: 10, h: 4 }, settings: { series: [{ metric: "congestion-index" }], span: 86_400, area: true } },
    ] },
  } satisfies Record<string, Partial<Screen> | object>;
}

/** GeoJSON of districts as it must come: a collection of polygons with `adcode` and `name`. @throws CityError naming the feature */
async function readOutlines(file: string): Promise<Outline[]> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new CityError("--outlines", `${file} cannot be read`);
  });
  let raw: FeatureCollection<Polygon | MultiPolygon, { adcode?: unknown; name?: unknown }>;
  try {
    raw = JSON.parse(text) as typeof raw;
  } catch (error) {
    throw new CityError("--outlines", `is not JSON: ${(error as Error).message}`);
  }
  if (raw?.type !== "FeatureCollection" || !Array.isArray(raw.features) || raw.features.length === 0) throw new CityError("--outlines", "must be a FeatureCollection with a feature for each district");
  return raw.features.map((feature, i) => {
    const where = `features[${i}]`;
    const adcode = String(feature?.properties?.adcode ?? "");
    if (!/^\d{6,12}$/.test(adcode)) throw new CityError(`${where}.properties.adcode`, `"${adcode}" is not a code of 6 to 12 digits`);
    const name = feature.properties.name;
    if (typeof name !== "string" || name.trim() === "") throw new CityError(`${where}.properties.name`, "is missing");
    const { type } = feature.geometry ?? {};
    if (type !== "Polygon" && type !== "MultiPolygon") throw new CityError(`${where}.geometry.type`, `must be Polygon or MultiPolygon, is ${String(type)}`);
    return { adcode, name: name.trim(), polygons: type === "Polygon" ? [feature.geometry.coordinates as Position[][]] : (feature.geometry.coordinates as Position[][][]) };
  });
}

/**
 * Makes a city's folder: outlines converted to WGS-84 and checked, city.json, metrics.json and four screens that run at once
 * and are meant to be edited. @throws CityError that names what cannot be used
 */
export async function createCity(options: CityCreateOptions): Promise<Created> {
  if (!/^[a-z][a-z0-9-]{0,59}$/.test(options.id)) throw new CityError("--id", `"${options.id}" must be lower case letters, digits and dashes`);
  const folder = path.join(options.cities, options.id);
  if (!options.force && (await stat(path.join(folder, "city.json")).catch(() => null))) throw new CityError("--id", `${folder} is there already; --force writes over it`);
  const raw = await readOutlines(options.outlines);
  const { outlines, faults, warnings } = checkOutlines(normalised(raw, options.crs));
  const [fault] = faults;
  if (fault) throw new CityError(fault.field, fault.message);
  const all = outlines.flatMap(({ polygons }) => polygons.flatMap(([ring = []]) => ring));
  const edge = (k: 0 | 1, pick: (...values: number[]) => number, out: number): number => Number((all.reduce((best, position) => pick(best, position[k] ?? best), all[0]?.[k] ?? 0) + out).toFixed(2));
  const city: City = {
    id: options.id, name: { zh: options.zh, en: options.en ?? englishName(options.zh) }, center: { zh: `${options.zh}城市运营中心`, en: `${options.en ?? englishName(options.zh)} Operations Center` },
    order: 100, adcode: options.adcode, timeZone: options.timeZone, bounds: [[edge(0, Math.min, -0.01), edge(1, Math.min, -0.01)], [edge(0, Math.max, 0.01), edge(1, Math.max, 0.01)]], level: options.adcode.endsWith("0000") ? "province" : "city", outlined: true,
    districts: outlines.map((outline) => ({ adcode: outline.adcode, name: { zh: outline.name, en: englishName(outline.name) }, short: shortNames(outline.name), seat: outline.centre })),
    eras: {}, systems: SYSTEMS, layers: [], events: { heartbeat: "events-open", system: "operations" },
    mapNotice: { zh: "示意图 · 审图号待批", en: "Schematic · map review pending" },
  };
  const metrics = { metrics: METRICS.map((metric) => ({ ...metric, limit: metric.interval * 6 })) };
  for (const [field, parsed] of [["city.json", citySchema.safeParse(city)], ["metrics.json", metricsSchema.safeParse(metrics)]] as const) {
    if (!parsed.success) throw new CityError(field, faultsOf(parsed.error).map((f) => `${f.field} ${f.message}`).join("; "));
  }
  const screens = proposedScreens();
  await mkdir(path.join(folder, "screens"), { recursive: true });
  const write = (name: string, value: object, schema: string): Promise<void> => writeFile(path.join(folder, name), `${JSON.stringify({ $schema: schema, ...value }, null, 2)}\n`);
  const collection: FeatureCollection = { type: "FeatureCollection", features: outlines.map(({ adcode, name, polygons }) => ({ type: "Feature", properties: { adcode, name }, geometry: { type: "MultiPolygon", coordinates: polygons } })) };
  await writeFile(path.join(folder, "districts.geojson"), `${JSON.stringify(collection)}\n`);
  await write("metrics.json", metrics, "../metrics.schema.json");
  for (const [name, screen] of Object.entries(screens)) await write(`screens/${name}.json`, screen, "../../screen.schema.json");
  // Last, so that a running gateway never sees a city whose other files are still to come.
  await write("city.json", city, "../city.schema.json");
  return { folder, districts: outlines.length, screens: Object.keys(screens), warnings };
}
