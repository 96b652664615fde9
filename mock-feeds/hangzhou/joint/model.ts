import type { SystemModel } from "../../kit/model";

/** “一件事”联办 */
export const model: SystemModel = {
  id: "joint",
  basis:
    "Published: birth as one matter (certificate, vaccination, household, insurance); a property certificate in " +
    "about an hour. 260 births and 780 certificates a day are assumed.",
  metrics: [
    { kind: "day", metric: "birth-today", interval: 5, daily: 260, rhythm: "office", weekend: 0.6, holiday: 0.4 },
    {
      kind: "day",
      metric: "birth-certificate",
      interval: 10,
      daily: 260,
      rhythm: "office",
      weekend: 0.6,
      holiday: 0.4,
    },
    {
      kind: "day",
      metric: "birth-vaccination",
      interval: 10,
      daily: 256,
      rhythm: "office",
      weekend: 0.6,
      holiday: 0.4,
    },
    { kind: "day", metric: "birth-household", interval: 10, daily: 249, rhythm: "office", weekend: 0.6, holiday: 0.4 },
    { kind: "day", metric: "birth-insurance", interval: 10, daily: 247, rhythm: "office", weekend: 0.6, holiday: 0.4 },
    { kind: "gauge", metric: "property-minutes", interval: 10, low: 52, high: 61, rhythm: "office", noise: 0.05 },
    { kind: "day", metric: "property-today", interval: 10, daily: 780, rhythm: "office", weekend: 0.3, holiday: 0.1 },
  ],
};
