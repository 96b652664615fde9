import { fixed, type MetricModel, type SystemModel } from "../../kit/model";

/**
 * Systems that are connected, and those that fail now and then, so that a page that shows them all has something to
 * find.
 */
const SYSTEMS = 48;
const WEAK = [17, 35];

/** How much of the time a system answers, in percent. */
function availability(system: number): MetricModel {
  const [low, high] = WEAK.includes(system) ? [97.8, 95.6] : [99.95, 99.7];
  return {
    kind: "gauge",
    metric: `system-${String(system).padStart(2, "0")}`,
    interval: 30,
    decimals: 1,
    low,
    high,
    rhythm: "office",
    noise: 0.003,
    cap: 100,
  };
}

/** 系统与接口 */
export const model: SystemModel = {
  id: "interfaces",
  basis:
    "Published: 48 systems connected over 600+ open interfaces. Which systems, their availability and their " +
    "calls a day are assumed.",
  metrics: [
    fixed("systems-connected", SYSTEMS),
    fixed("interfaces-open", 612),
    {
      kind: "gauge",
      metric: "interfaces-healthy",
      interval: 10,
      low: 611,
      high: 607,
      rhythm: "office",
      noise: 0.002,
      cap: 612,
    },
    {
      kind: "day",
      metric: "interface-calls-today",
      interval: 5,
      daily: 1_240_000,
      rhythm: "daily",
      weekend: 0.55,
      holiday: 0.4,
    },
    {
      kind: "gauge",
      metric: "interface-calls-rate",
      interval: 5,
      low: 0,
      high: 1_660,
      rhythm: "daily",
      weekend: 0.55,
      holiday: 0.4,
      noise: 0.12,
    },
    { kind: "gauge", metric: "interface-latency", interval: 5, low: 62, high: 138, rhythm: "office", noise: 0.12 },
    {
      kind: "gauge",
      metric: "interface-errors",
      interval: 10,
      decimals: 2,
      low: 0.12,
      high: 0.31,
      rhythm: "office",
      noise: 0.3,
    },
    ...Array.from({ length: SYSTEMS }, (_, i) => availability(i + 1)),
  ],
};
