import { portions, type DayCount, type SystemModel } from "../../kit/model";

const SCANS: DayCount = {
  kind: "day",
  metric: "code-scans-today",
  interval: 2,
  daily: 296_000,
  rhythm: "commute",
  weekend: 0.98,
  byDistrict: true,
};

/** 连易通: a historical kind of code scan (the health code ended in 2022); later codes are scanned the same way. */
export const model: SystemModel = {
  id: "health-code",
  basis:
    "80 M scans; the period is not published, nine months (270 days) of use in 2020 are assumed: 296,000 a day. " +
    "1.8 M codes issued.",
  metrics: [
    SCANS,
    {
      kind: "gauge",
      metric: "code-scans-minute",
      interval: 2,
      low: 12,
      high: 462,
      rhythm: "commute",
      noise: 0.1,
      districts: "share",
    },
    { kind: "total", metric: "code-scans-total", interval: 10, from: 80_000_000, daily: 296_000, rhythm: "commute" },
    { kind: "total", metric: "codes-issued", interval: 10, from: 1_800_000, daily: 320, rhythm: "daily" },
    {
      kind: "gauge",
      metric: "code-green",
      interval: 10,
      low: 1_792_400,
      high: 1_792_900,
      rhythm: "machine",
      noise: 0.0002,
    },
    { kind: "gauge", metric: "code-yellow", interval: 10, low: 5_900, high: 6_300, rhythm: "machine", noise: 0.01 },
    { kind: "gauge", metric: "code-red", interval: 10, low: 1_180, high: 1_290, rhythm: "machine", noise: 0.01 },
    ...portions(SCANS, 5, {
      "scan-health-today": 216,
      "scan-medical-today": 142,
      "scan-transit-today": 324,
      "scan-venue-today": 318,
    }),
  ],
};
