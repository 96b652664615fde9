import {
  closedInTime,
  closedLately,
  closedToday,
  hoursTaken,
  isOpen,
  isOverdue,
  ofKinds,
  openedToday,
} from "../../kit/cases";
import type { SystemModel } from "../../kit/model";
import { events } from "./events";

/** City parts: what stands in the streets. Everything else that is reported is a city event. */
const PARTS = ["street-lamp", "manhole-cover", "guardrail", "water-leak"];
const AFFAIRS = events.kinds.map((kind) => kind.kind).filter((kind) => !PARTS.includes(kind));

/** 大联动 */
export const model: SystemModel = {
  id: "joint-response",
  basis:
    "Seven stages and two classes are published, no figure; 310 reports of city parts and 540 city events a day " +
    "are assumed.",
  metrics: [
    {
      kind: "day",
      metric: "parts-today",
      interval: 5,
      of: events,
      count: ofKinds(PARTS, openedToday),
      byDistrict: true,
    },
    {
      kind: "day",
      metric: "affairs-today",
      interval: 5,
      of: events,
      count: ofKinds(AFFAIRS, openedToday),
      byDistrict: true,
    },
    { kind: "day", metric: "joint-closed-today", interval: 10, of: events, count: closedToday },
    { kind: "gauge", metric: "joint-open", interval: 5, of: events, count: isOpen, byDistrict: true },
    { kind: "gauge", metric: "joint-overdue", interval: 10, of: events, count: isOverdue },
    {
      kind: "gauge",
      metric: "joint-closed-rate",
      interval: 10,
      of: events,
      decimals: 1,
      count: closedInTime,
      per: closedLately,
      times: 100,
    },
    {
      kind: "gauge",
      metric: "joint-hours",
      interval: 10,
      of: events,
      decimals: 1,
      count: hoursTaken,
      per: closedLately,
    },
  ],
};
