import type { City, Metric } from "../lib/contract/city";

/** Metrics that every operations center has; a city takes away and adds what it wants. */
const METRICS: (Pick<Metric, "id" | "name" | "unit" | "kind" | "interval" | "system"> & Partial<Metric>)[] = [
  {
    id: "cases-today",
    name: { zh: "今日办件量", en: "Cases today" },
    unit: { zh: "件", en: "" },
    kind: "day",
    interval: 10,
    system: "services",
    better: "up",
    districts: true,
    indicator: "gov-cases-day",
  },
  {
    id: "windows-waiting",
    name: { zh: "大厅等候", en: "Waiting in service halls" },
    unit: { zh: "人", en: "" },
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
    name: { zh: "好评率", en: "Satisfaction rate" },
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
    name: { zh: "今日12345来电", en: "12345 calls today" },
    unit: { zh: "通", en: "" },
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
    unit: { zh: "件", en: "" },
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
    unit: { zh: "件", en: "" },
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
    name: { zh: "平均车速", en: "Average speed" },
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

/**
 * What is called otherwise outside China: 12345 is the hotline of Chinese cities, an approval bureau an office of
 * theirs.
 */
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
