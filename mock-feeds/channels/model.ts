import type { SystemModel } from "../kit/model";

/** 服务渠道: kiosks, e-seals */
export const model: SystemModel = {
  id: "channels",
  basis: "No figure is published; 126 kiosks are assumed.",
  metrics: [
    { kind: "gauge", metric: "kiosks-online", interval: 10, low: 122, high: 124, rhythm: "machine", noise: 0.012, cap: 126 },
    { kind: "day", metric: "kiosk-uses-today", interval: 10, daily: 1_460, rhythm: "daily" },
    { kind: "day", metric: "seals-today", interval: 10, daily: 2_150, rhythm: "office", weekend: 0.2 },
  ],
};
