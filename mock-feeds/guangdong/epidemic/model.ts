import { fixed, type SystemModel } from "../../kit/model";

/** 疫情防控专区 */
export const model: SystemModel = {
  id: "epidemic",
  basis:
    "Published: opened within days with 12 services, then 7, then 6 more: 25. Visits (1.6 M), clue searches and " +
    "self-reports a day are assumed.",
  metrics: [
    fixed("epidemic-services", 25),
    fixed("epidemic-first", 12),
    fixed("epidemic-second", 7),
    fixed("epidemic-third", 6),
    { kind: "day", metric: "epidemic-visits-today", interval: 10, daily: 1_600_000, rhythm: "daily", byDistrict: true },
    { kind: "day", metric: "epidemic-clues-today", interval: 10, daily: 184_000, rhythm: "daily" },
    { kind: "day", metric: "epidemic-reports-today", interval: 10, daily: 96_000, rhythm: "daily" },
    fixed("epidemic-clinics", 1_271),
  ],
};
