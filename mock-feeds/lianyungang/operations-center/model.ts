import { closedInTime, closedLately, isOpen, openedToday } from "../../kit/cases";
import type { SystemModel } from "../../kit/model";
import { events } from "./events";

/** 城市运营中心: the hotline and the events it follows */
export const model: SystemModel = {
  id: "operations-center",
  basis: "No figure is published; 1,450 hotline calls and 160 city events a day are assumed.",
  metrics: [
    {
      kind: "day",
      metric: "hotline-today",
      interval: 5,
      daily: 1_450,
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
