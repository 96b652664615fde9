import type { City, Metric } from "../lib/contract/city";
import type { Screen } from "../lib/contract/screens";

/** Metrics that every operations center has; a city takes away and adds what it wants. */
const METRICS: (Pick<Metric, "id" | "name" | "unit" | "kind" | "interval" | "system"> & Partial<Metric>)[] = [
  {
    id: "cases-today",
    name: { zh: "今日办件", en: "Cases today" },
    unit: { zh: "件", en: "cases" },
    kind: "day",
    interval: 10,
    system: "services",
    better: "up",
    districts: true,
    indicator: "gov-cases-day",
  },
  {
    id: "windows-waiting",
    name: { zh: "大厅等候", en: "Waiting at windows" },
    unit: { zh: "人", en: "people" },
    kind: "gauge",
    interval: 10,
    system: "services",
    better: "down",
    districts: true,
    aggregate: { districts: "sum", time: "mean" },
  },
  {
    id: "online-rate",
    name: { zh: "网上办理率", en: "Handled online" },
    unit: { zh: "%", en: "%" },
    kind: "gauge",
    interval: 60,
    system: "services",
    decimals: 1,
    better: "up",
    districts: true,
    target: 90,
    indicator: "online-rate",
  },
  {
    id: "satisfaction",
    name: { zh: "好评率", en: "Satisfied" },
    unit: { zh: "%", en: "%" },
    kind: "gauge",
    interval: 60,
    system: "services",
    decimals: 1,
    better: "up",
    districts: true,
    target: 98,
    indicator: "satisfaction",
  },
  {
    id: "hotline-today",
    name: { zh: "12345来电", en: "12345 calls today" },
    unit: { zh: "个", en: "calls" },
    kind: "day",
    interval: 10,
    system: "operations",
    districts: true,
    smallCell: 3,
    indicator: "hotline-day",
  },
  {
    id: "events-open",
    name: { zh: "在办事件", en: "Open events" },
    unit: { zh: "件", en: "events" },
    kind: "gauge",
    interval: 10,
    system: "operations",
    better: "down",
    districts: true,
    aggregate: { districts: "sum", time: "mean" },
  },
  {
    id: "events-today",
    name: { zh: "今日事件", en: "Events today" },
    unit: { zh: "件", en: "events" },
    kind: "day",
    interval: 10,
    system: "operations",
    districts: true,
    smallCell: 3,
    indicator: "events-day",
  },
  {
    id: "events-closed-rate",
    name: { zh: "按期办结率", en: "Closed on time" },
    unit: { zh: "%", en: "%" },
    kind: "gauge",
    interval: 60,
    system: "operations",
    decimals: 1,
    better: "up",
    target: 95,
    indicator: "closed-on-time",
  },
  {
    id: "congestion-index",
    name: { zh: "拥堵指数", en: "Congestion index" },
    unit: { zh: "", en: "" },
    kind: "gauge",
    interval: 10,
    system: "traffic",
    decimals: 2,
    better: "down",
    districts: true,
    target: 1.5,
    indicator: "congestion-index",
  },
  {
    id: "mean-speed",
    name: { zh: "平均车速", en: "Mean speed" },
    unit: { zh: "km/h", en: "km/h" },
    kind: "gauge",
    interval: 10,
    system: "traffic",
    decimals: 1,
    better: "up",
    districts: true,
  },
];

const SYSTEMS: City["systems"] = {
  services: { name: { zh: "政务服务", en: "Government services" }, owner: { zh: "行政审批局", en: "Approval Bureau" } },
  operations: {
    name: { zh: "城市运行", en: "City operations" },
    owner: { zh: "城市运营中心", en: "City Operations Center" },
  },
  traffic: { name: { zh: "城市交通", en: "City traffic" }, owner: { zh: "交通运输局", en: "Transport Bureau" } },
};

/** What is called otherwise outside China: 12345 is the hotline of Chinese cities, an approval bureau an office of theirs. */
const ABROAD: Record<string, Partial<Metric>> = {
  "windows-waiting": { name: { zh: "大厅等候", en: "Waiting at counters" } },
  "hotline-today": { name: { zh: "今日热线来电", en: "Hotline calls today" } },
};
const SYSTEMS_ABROAD: City["systems"] = {
  services: { name: { zh: "市民服务", en: "Citizen services" }, owner: { zh: "市民服务部门", en: "Citizen Services" } },
  operations: {
    name: { zh: "城市运行", en: "City operations" },
    owner: { zh: "城市运营中心", en: "City Operations Center" },
  },
  traffic: { name: { zh: "城市交通", en: "City traffic" }, owner: { zh: "交通部门", en: "Transport Department" } },
};

/** Metrics and systems to begin with. @param inChina whether names of Chinese offices and hotlines fit */
export function proposedMetrics(inChina: boolean): { metrics: object[]; systems: City["systems"] } {
  return {
    metrics: METRICS.map((metric) => ({
      ...metric,
      ...(inChina ? {} : ABROAD[metric.id]),
      limit: metric.interval * 6,
    })),
    systems: inChina ? SYSTEMS : SYSTEMS_ABROAD,
  };
}

const LAYERS = [{ type: "outlines" }, { type: "events" }];

function figure(metric: string, x: number, w: number, h = 2): object {
  return { id: metric, widget: "figure", box: { x, y: 0, w, h }, settings: { metric } };
}

/** Screens that suit the metrics above. */
export function proposedScreens(inChina: boolean): Record<string, object> {
  return {
    overview: {
      title: { zh: "城市总览", en: "Overview" },
      order: 1,
      tiles: [
        ...["cases-today", "hotline-today", "events-open", "congestion-index"].map((metric, i) =>
          figure(metric, i * 6, 6),
        ),
        {
          id: "rank",
          widget: "bar",
          title: { zh: "办件量 · 排名", en: "Cases by district" },
          box: { x: 0, y: 2, w: 6, h: 6 },
          settings: { metrics: ["cases-today"] },
        },
        {
          id: "speed",
          widget: "line",
          title: { zh: "平均车速 · 近6小时", en: "Mean speed, last 6 hours" },
          box: { x: 0, y: 8, w: 6, h: 4 },
          settings: { series: [{ metric: "mean-speed" }], span: 21_600, area: true },
        },
        {
          id: "map",
          widget: "map",
          box: { x: 6, y: 2, w: 12, h: 10 },
          settings: { layers: [{ type: "district-fill", metric: "cases-today" }, ...LAYERS] },
        },
        { id: "events", widget: "event-list", box: { x: 18, y: 2, w: 6, h: 6 }, settings: {} },
        {
          id: "more",
          widget: "figures",
          title: { zh: "运行要览", en: "At a glance" },
          box: { x: 18, y: 8, w: 6, h: 4 },
          settings: {
            items: ["online-rate", "satisfaction", "events-today", "events-closed-rate"].map((metric) => ({ metric })),
            columns: 2,
          },
        },
      ],
    },
    services: {
      title: (inChina ? SYSTEMS : SYSTEMS_ABROAD).services?.name,
      order: 2,
      tiles: [
        ...["cases-today", "windows-waiting", "online-rate", "satisfaction"].map((metric, i) =>
          figure(metric, i * 6, 6),
        ),
        {
          id: "map",
          widget: "map",
          box: { x: 0, y: 2, w: 9, h: 10 },
          settings: { layers: [{ type: "district-fill", metric: "windows-waiting" }, { type: "outlines" }] },
        },
        {
          id: "hours",
          widget: "heat-calendar",
          title: { zh: "办件时段", en: "When cases come" },
          box: { x: 9, y: 2, w: 15, h: 5 },
          settings: { metric: "cases-today" },
        },
        {
          id: "table",
          widget: "table",
          title: { zh: "各区县", en: "Districts" },
          box: { x: 9, y: 7, w: 15, h: 5 },
          settings: { rows: "districts", metrics: ["cases-today", "windows-waiting", "online-rate", "satisfaction"] },
        },
      ],
    },
    operations: {
      title: { zh: "城市运行", en: "Operations" },
      order: 3,
      tiles: [
        { id: "stages", widget: "stages", box: { x: 0, y: 0, w: 24, h: 3 }, settings: {} },
        {
          id: "map",
          widget: "map",
          box: { x: 0, y: 3, w: 10, h: 9 },
          settings: { layers: [{ type: "district-fill", metric: "events-open" }, ...LAYERS] },
        },
        { id: "events", widget: "event-list", box: { x: 10, y: 3, w: 7, h: 9 }, settings: { closed: true } },
        { id: "feeds", widget: "feed-matrix", box: { x: 17, y: 3, w: 7, h: 4 }, settings: {} },
        {
          id: "districts",
          widget: "bar",
          title: { zh: "在办事件 · 排名", en: "Open events by district" },
          box: { x: 17, y: 7, w: 7, h: 5 },
          settings: { metrics: ["events-open"] },
        },
      ],
    },
    traffic: {
      title: { zh: "城市交通", en: "Traffic" },
      order: 4,
      tiles: [
        {
          id: "map",
          widget: "map",
          box: { x: 0, y: 0, w: 14, h: 12 },
          settings: { layers: [{ type: "district-fill", metric: "congestion-index" }, { type: "outlines" }] },
        },
        {
          id: "index",
          widget: "gauge",
          box: { x: 14, y: 0, w: 5, h: 4 },
          settings: { metric: "congestion-index", min: 1, max: 2.5, warn: 1.8 },
        },
        { id: "speed", widget: "figure", box: { x: 19, y: 0, w: 5, h: 4 }, settings: { metric: "mean-speed" } },
        {
          id: "rank",
          widget: "bar",
          title: { zh: "拥堵指数 · 排名", en: "Congestion by district" },
          box: { x: 14, y: 4, w: 10, h: 4 },
          settings: { metrics: ["congestion-index"] },
        },
        {
          id: "day",
          widget: "line",
          title: { zh: "拥堵指数 · 近24小时", en: "Congestion, last 24 hours" },
          box: { x: 14, y: 8, w: 10, h: 4 },
          settings: { series: [{ metric: "congestion-index" }], span: 86_400, area: true },
        },
      ],
    },
  } satisfies Record<string, Partial<Screen> | object>;
}
