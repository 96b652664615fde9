import type { SystemModel } from "../../kit/model";

/** 好差评 */
export const model: SystemModel = {
  id: "rating",
  basis: "No figure is published; one rating for two cases is assumed: 1,187 a day.",
  metrics: [
    { kind: "day", metric: "ratings-today", interval: 10, daily: 1_187, rhythm: "office", weekend: 0.4, holiday: 0.25 },
    { kind: "day", metric: "ratings-qr-today", interval: 10, daily: 427, rhythm: "office", weekend: 0.4, holiday: 0.25 },
    { kind: "day", metric: "ratings-sms-today", interval: 10, daily: 214, rhythm: "office", weekend: 0.4, holiday: 0.25 },
    { kind: "day", metric: "ratings-app-today", interval: 10, daily: 285, rhythm: "office", weekend: 0.4, holiday: 0.25 },
    { kind: "day", metric: "ratings-hotline-today", interval: 10, daily: 83, rhythm: "office", weekend: 0.4, holiday: 0.25 },
    { kind: "day", metric: "ratings-kiosk-today", interval: 10, daily: 178, rhythm: "office", weekend: 0.4, holiday: 0.25 },
    { kind: "gauge", metric: "satisfaction", interval: 10, decimals: 1, low: 98.9, high: 98.2, rhythm: "office", noise: 0.005, districts: "level", cap: 100 },
  ],
};
