import { fixed, type SystemModel } from "../../kit/model";

/** 公共数据开放 */
export const model: SystemModel = {
  id: "open-data",
  basis: "30 departments, 62 resources, 110,000 records at opening; 340 downloads a day are assumed.",
  metrics: [
    { kind: "day", metric: "open-downloads-today", interval: 10, daily: 340, rhythm: "daily", weekend: 0.5 },
    { kind: "total", metric: "open-records", interval: 30, from: 110_000, daily: 60, rhythm: "office" },
    fixed("open-departments", 30),
    fixed("open-resources", 62),
  ],
};
