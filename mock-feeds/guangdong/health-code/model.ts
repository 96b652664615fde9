import { portions, type DayCount, type SystemModel } from "../../kit/model";

const SCANS: DayCount = {
  kind: "day",
  metric: "code-scans-today",
  interval: 10,
  daily: 8_200_000,
  rhythm: "commute",
  byDistrict: true,
};

/** 粤康码 / 穗康码 */
export const model: SystemModel = {
  id: "health-code",
  basis:
    "No figure is published; 8.2 M scans a day, two in three of them of the provincial code, are assumed. The " +
    "province’s code ended on 2023-02-16: it is one kind of code scan among others and nothing depends on it.",
  metrics: [
    SCANS,
    { kind: "gauge", metric: "code-scans-minute", interval: 5, low: 380, high: 13_200, rhythm: "commute", noise: 0.08 },
    ...portions(SCANS, 10, {
      "scan-yuekang-today": 658,
      "scan-suikang-today": 183,
      "scan-transit-today": 110,
      "scan-medical-today": 49,
    }),
  ],
};
