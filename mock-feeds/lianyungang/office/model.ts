import { fixed, type SystemModel } from "../../kit/model";

/** 协同办公 */
export const model: SystemModel = {
  id: "office",
  basis:
    "One office system over city, counties and 60 departments; 1,900 documents a day are assumed. 186,400 " +
    "published entries of poverty relief as well.",
  metrics: [
    {
      kind: "day",
      metric: "documents-today",
      interval: 10,
      daily: 1_900,
      rhythm: "office",
      weekend: 0.08,
      holiday: 0.03,
    },
    { kind: "gauge", metric: "proposals-open", interval: 60, low: 212, high: 214, rhythm: "office", noise: 0.004 },
    fixed("office-departments", 60),
    {
      kind: "total",
      metric: "relief-published",
      interval: 30,
      from: 186_400,
      daily: 120,
      rhythm: "office",
      weekend: 0.1,
    },
  ],
};
