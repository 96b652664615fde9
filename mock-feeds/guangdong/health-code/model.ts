import type { SystemModel } from "../../kit/model";

/** 粤康码 / 穗康码 */
export const model: SystemModel = {
  id: "health-code",
  basis:
    "No figure is published; 8.2 M scans a day, two in three of them of the provincial code, are assumed. The province’s code ended on 2023-02-16: it is one kind of code scan among others and nothing depends on it.",
  metrics: [
    { kind: "day", metric: "code-scans-today", interval: 10, daily: 8_200_000, rhythm: "commute", byDistrict: true },
    { kind: "gauge", metric: "code-scans-minute", interval: 5, low: 380, high: 13_200, rhythm: "commute", noise: 0.08 },
    { kind: "day", metric: "scan-yuekang-today", interval: 10, daily: 5_400_000, rhythm: "commute" },
    { kind: "day", metric: "scan-suikang-today", interval: 10, daily: 1_500_000, rhythm: "commute" },
    { kind: "day", metric: "scan-transit-today", interval: 10, daily: 900_000, rhythm: "commute" },
    { kind: "day", metric: "scan-medical-today", interval: 10, daily: 400_000, rhythm: "office", weekend: 0.6 },
  ],
};
