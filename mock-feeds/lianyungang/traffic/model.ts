import type { SystemModel } from "../../kit/model";
import { districtsOf } from "../../kit/place";
import { place } from "../place";

/** Roads, buses and parking; vehicles and road speeds come from the kit. */
export const model: SystemModel = {
  id: "traffic",
  basis: "No figure is published; a bus ridership of 210,000 a day and an index between 1.05 and 1.9 are assumed.",
  metrics: [
    {
      kind: "gauge",
      metric: "congestion-index",
      interval: 2,
      decimals: 2,
      low: 1.02,
      high: 1.86,
      rhythm: "commute",
      noise: 0.08,
      districts: "level",
    },
    {
      kind: "gauge",
      metric: "mean-speed",
      interval: 2,
      decimals: 1,
      low: 52,
      high: 27,
      rhythm: "commute",
      noise: 0.06,
      districts: "level",
    },
    {
      kind: "gauge",
      metric: "vehicles-on-road",
      interval: 2,
      low: 4_100,
      high: 46_500,
      rhythm: "commute",
      noise: 0.05,
      districts: "share",
    },
    { kind: "day", metric: "bus-riders-today", interval: 5, daily: 210_000, rhythm: "commute", weekend: 0.9 },
    {
      kind: "gauge",
      metric: "parking-free",
      interval: 5,
      low: 21_800,
      high: 9_300,
      rhythm: "daily",
      noise: 0.03,
      districts: "share",
    },
    ...districtsOf(place).map((to) => ({
      kind: "gauge" as const,
      metric: `trips-to-${to}`,
      interval: 10,
      low: 40,
      high: 7_800 * (place.shares[to] ?? 0),
      rhythm: "commute" as const,
      noise: 0.15,
      districts: "share" as const,
    })),
  ],
};
