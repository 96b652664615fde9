import type { City } from "../lib/contract/city";
import type { Screen } from "../lib/contract/screens";

type Proposal = Partial<Screen> | Record<string, unknown>;

const LAYERS = [{ type: "outlines" }, { type: "events" }];

function figure(metric: string, x: number, w: number, h = 2): object {
  return { id: metric, widget: "figure", box: { x, y: 0, w, h }, settings: { metric } };
}

const OVERVIEW: Proposal = {
  title: { zh: "城市总览", en: "Overview" },
  order: 1,
  tiles: [
    ...["cases-today", "hotline-today", "events-open", "congestion-index"].map((metric, i) => figure(metric, i * 6, 6)),
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
      title: { zh: "平均车速 · 近6小时", en: "Average speed, last 6 hours" },
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
};

const SERVICES: Proposal = {
  order: 2,
  tiles: [
    ...["cases-today", "windows-waiting", "online-rate", "satisfaction"].map((metric, i) => figure(metric, i * 6, 6)),
    {
      id: "map",
      widget: "map",
      box: { x: 0, y: 2, w: 9, h: 10 },
      settings: { layers: [{ type: "district-fill", metric: "windows-waiting" }, { type: "outlines" }] },
    },
    {
      id: "hours",
      widget: "heat-calendar",
      title: { zh: "办件时段分布", en: "Cases by hour" },
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
};

const OPERATIONS: Proposal = {
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
};

const TRAFFIC: Proposal = {
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
};

/**
 * Screens that suit the proposed metrics.
 * @param systems as proposed for the same city: one screen is named after its system
 */
export function proposedScreens(systems: City["systems"]): Record<string, object> {
  return {
    overview: OVERVIEW,
    services: { title: systems.services?.name, ...SERVICES },
    operations: OPERATIONS,
    traffic: TRAFFIC,
  };
}
