import type { SystemModel } from "../../kit/model";

/** 返连通 */
export const model: SystemModel = {
  id: "return-to-work",
  basis: "No figure is published; 1,200 registrations a day are assumed.",
  metrics: [
    {
      kind: "day",
      metric: "returns-today",
      interval: 10,
      daily: 1_200,
      rhythm: "daily",
      weekend: 1.1,
      byDistrict: true,
    },
  ],
};
