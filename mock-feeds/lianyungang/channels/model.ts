import { fixed, type SystemModel } from "../../kit/model";

/** 服务渠道: kiosks, e-seals */
export const model: SystemModel = {
  id: "channels",
  basis: "No figure is published; 126 kiosks are assumed. So are the uses of the other channels.",
  metrics: [
    {
      kind: "gauge",
      metric: "kiosks-online",
      interval: 10,
      low: 122,
      high: 124,
      rhythm: "machine",
      noise: 0.012,
      cap: 126,
    },
    { kind: "day", metric: "kiosk-uses-today", interval: 10, daily: 1_460, rhythm: "daily" },
    { kind: "day", metric: "seals-today", interval: 10, daily: 2_150, rhythm: "office", weekend: 0.2 },
    {
      kind: "day",
      metric: "joint-window-today",
      interval: 15,
      daily: 96,
      rhythm: "office",
      weekend: 0.2,
      holiday: 0.1,
    },
    { kind: "day", metric: "shared-certificates-today", interval: 10, daily: 3_400, rhythm: "office", weekend: 0.3 },
    fixed("ca-recognised", 4),
    { kind: "day", metric: "guarantees-today", interval: 15, daily: 22, rhythm: "office", weekend: 0.05, holiday: 0 },
    { kind: "day", metric: "procurement-today", interval: 15, daily: 31, rhythm: "office", weekend: 0.05, holiday: 0 },
  ],
};
