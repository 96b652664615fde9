import { closedInTime, closedLately, closedToday, isOpen, ofKinds, openedToday } from "../../kit/cases";
import type { SystemModel } from "../../kit/model";
import { events } from "./events";

/** “一事件”治理 */
export const model: SystemModel = {
  id: "governance",
  basis:
    "Hospital parking, people trapped in lifts and special vehicles were chosen from the 12345 and 12319 " +
    "hotlines; no figure is published, 9,600 and 1,900 calls and 420 events a day are assumed, 55 of them lifts " +
    "and 71 special vehicles.",
  metrics: [
    {
      kind: "gauge",
      metric: "hospital-parking-free",
      interval: 5,
      low: 3_900,
      high: 420,
      rhythm: "office",
      noise: 0.08,
    },
    { kind: "gauge", metric: "hospital-parking-wait", interval: 5, low: 2, high: 31, rhythm: "office", noise: 0.12 },
    {
      kind: "day",
      metric: "hospital-parking-guided-today",
      interval: 10,
      daily: 6_800,
      rhythm: "office",
      weekend: 0.6,
    },
    {
      kind: "day",
      metric: "lift-rescues-today",
      interval: 10,
      of: events,
      count: ofKinds(["lift-trapped"], closedToday),
    },
    { kind: "gauge", metric: "lift-trapped", interval: 5, of: events, count: ofKinds(["lift-trapped"], isOpen) },
    {
      kind: "gauge",
      metric: "lift-minutes",
      interval: 10,
      decimals: 1,
      low: 11.2,
      high: 13.4,
      rhythm: "daily",
      noise: 0.08,
    },
    {
      kind: "gauge",
      metric: "special-vehicles",
      interval: 10,
      low: 3_200,
      high: 5_200,
      rhythm: "machine",
      noise: 0.02,
    },
    {
      kind: "day",
      metric: "special-violations-today",
      interval: 10,
      of: events,
      count: ofKinds(["special-vehicle"], openedToday),
    },
    {
      kind: "day",
      metric: "hotline-today",
      interval: 5,
      daily: 9_600,
      rhythm: "daily",
      weekend: 0.8,
      byDistrict: true,
      districtsOnly: true,
    },
    { kind: "day", metric: "hotline-12319-today", interval: 10, daily: 1_900, rhythm: "daily", weekend: 0.85 },
    { kind: "gauge", metric: "events-open", interval: 5, of: events, count: isOpen, byDistrict: true },
    { kind: "day", metric: "events-today", interval: 5, of: events, count: openedToday, byDistrict: true },
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
    {
      kind: "gauge",
      metric: "congestion-index",
      interval: 5,
      decimals: 2,
      low: 1.05,
      high: 1.98,
      rhythm: "commute",
      noise: 0.08,
      districts: "level",
    },
  ],
};
