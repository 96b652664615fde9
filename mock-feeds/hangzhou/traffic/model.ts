import { fixed, type SystemModel } from "../../kit/model";

/** 城市大脑·交通 */
export const model: SystemModel = {
  id: "traffic",
  basis: "Published: 10 hours a day of heavy congestion on expressways before the City Brain. What it is now, signals retimed and speeds are assumed.",
  metrics: [
    { kind: "gauge", metric: "congestion-index", interval: 5, decimals: 2, low: 1.04, high: 2.02, rhythm: "commute", noise: 0.08, districts: "level" },
    { kind: "day", metric: "congested-hours-today", interval: 10, decimals: 1, daily: 4.4, rhythm: "commute" },
    fixed("congested-hours-before", 10),
    { kind: "day", metric: "signals-retimed-today", interval: 5, daily: 1_240, rhythm: "commute" },
    { kind: "gauge", metric: "signals-online", interval: 10, low: 3_840, high: 3_862, rhythm: "machine", noise: 0.002 },
    { kind: "gauge", metric: "cameras-online", interval: 10, low: 52_100, high: 52_380, rhythm: "machine", noise: 0.002 },
    { kind: "gauge", metric: "mean-speed", interval: 5, decimals: 1, low: 49, high: 24, rhythm: "commute", noise: 0.06, districts: "level" },
    { kind: "gauge", metric: "vehicles-on-road", interval: 5, low: 31_000, high: 412_000, rhythm: "commute", noise: 0.04, districts: "share" },
    { kind: "day", metric: "bus-riders-today", interval: 5, daily: 4_900_000, rhythm: "commute", weekend: 0.82 },
    { kind: "gauge", metric: "speed-zhonghe", interval: 5, decimals: 1, low: 58, high: 24, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-shangtang", interval: 5, decimals: 1, low: 60, high: 26, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-desheng", interval: 5, decimals: 1, low: 62, high: 27, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-qiushi", interval: 5, decimals: 1, low: 61, high: 25, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-liushi", interval: 5, decimals: 1, low: 66, high: 31, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-shidai", interval: 5, decimals: 1, low: 68, high: 33, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-airport", interval: 5, decimals: 1, low: 72, high: 38, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-caihong", interval: 5, decimals: 1, low: 64, high: 30, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-wenyi", interval: 5, decimals: 1, low: 42, high: 18, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-tianmu", interval: 5, decimals: 1, low: 40, high: 17, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-fengqi", interval: 5, decimals: 1, low: 36, high: 14, rhythm: "commute", noise: 0.09 },
    { kind: "gauge", metric: "speed-jiangnan", interval: 5, decimals: 1, low: 45, high: 20, rhythm: "commute", noise: 0.09 },
  ],
};
