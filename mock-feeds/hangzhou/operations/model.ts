import { closedInTime, closedLately, isOpen, openedToday } from "../../kit/cases";
import type { SystemModel } from "../../kit/model";
import { events } from "./events";

/** 运行指挥 */
export const model: SystemModel = {
  id: "operations",
  basis: "No figure is published; 12,400 hotline calls and 520 events a day are assumed.",
  metrics: [
    {
      kind: "day",
      metric: "hotline-today",
      interval: 5,
      daily: 12_400,
      rhythm: "daily",
      weekend: 0.8,
      byDistrict: true,
    },
    { kind: "day", metric: "events-today", interval: 5, of: events, count: openedToday, byDistrict: true },
    { kind: "gauge", metric: "events-open", interval: 5, of: events, count: isOpen, byDistrict: true },
    {
      kind: "gauge",
      metric: "events-closed-rate",
      interval: 10,
      of: events,
      decimals: 1,
      count: closedInTime,
      per: closedLately,
      times: 100,
    },
  ],
};
