import { fixed, type SystemModel } from "../../kit/model";

/** 政务服务一网通办 */
export const model: SystemModel = {
  id: "gov-services",
  basis: "2.6 M cases; the period is not published, three years (1,095 days) are assumed: 2,374 a day. 796,000 e-certificates at 87 % coverage; 7,505 powers listed. 50 units connected; 61 provincial applications.",
  metrics: [
    { kind: "day", metric: "cases-today", interval: 5, daily: 2_374, rhythm: "office", weekend: 0.34, holiday: 0.2, byDistrict: true },
    { kind: "gauge", metric: "cases-minute", interval: 5, low: 3, high: 410, rhythm: "office", noise: 0.12, districts: "share" },
    { kind: "total", metric: "cases-total", interval: 10, from: 2_600_000, daily: 2_374, rhythm: "office", weekend: 0.34, holiday: 0.2 },
    { kind: "gauge", metric: "online-rate", interval: 10, decimals: 1, low: 92.5, high: 88.6, rhythm: "office", noise: 0.012, districts: "level", cap: 99.9 },
    { kind: "gauge", metric: "handling-time", interval: 10, decimals: 1, low: 9, high: 17, rhythm: "office", noise: 0.1, districts: "level" },
    { kind: "gauge", metric: "windows-waiting", interval: 5, low: 0, high: 386, rhythm: "office", noise: 0.12, districts: "share" },
    { kind: "total", metric: "certificates", interval: 30, from: 796_000, daily: 410, rhythm: "office", weekend: 0.2, holiday: 0.1 },
    { kind: "gauge", metric: "certificate-coverage", interval: 60, decimals: 1, low: 87, high: 87, rhythm: "machine", noise: 0 },
    { kind: "gauge", metric: "powers-listed", interval: 60, low: 7_505, high: 7_505, rhythm: "machine", noise: 0 },
    fixed("units-connected", 50),
    fixed("provincial-applications", 61),
  ],
};
