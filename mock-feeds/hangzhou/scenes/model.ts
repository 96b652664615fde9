import { fixed, type SystemModel } from "../../kit/model";

/** 城市大脑·场景 */
export const model: SystemModel = {
  id: "scenes",
  basis:
    "Published: 11 systems, 48 scenes, among them public transport, city management, health, grass-roots " +
    "governance and tourism. Names of other systems and of the scenes, and 3.6 M uses a day, are assumed.",
  metrics: [
    fixed("brain-systems", 11),
    fixed("brain-scenes", 48),
    { kind: "day", metric: "brain-uses-today", interval: 5, daily: 3_600_000, rhythm: "daily" },
    { kind: "day", metric: "brain-police", interval: 10, daily: 468_000, rhythm: "daily" },
    { kind: "day", metric: "brain-traffic", interval: 10, daily: 756_000, rhythm: "daily" },
    { kind: "day", metric: "brain-city", interval: 10, daily: 504_000, rhythm: "daily" },
    { kind: "day", metric: "brain-tourism", interval: 10, daily: 288_000, rhythm: "daily" },
    { kind: "day", metric: "brain-health", interval: 10, daily: 468_000, rhythm: "daily" },
    { kind: "day", metric: "brain-housing", interval: 10, daily: 144_000, rhythm: "daily" },
    { kind: "day", metric: "brain-emergency", interval: 10, daily: 180_000, rhythm: "daily" },
    { kind: "day", metric: "brain-market", interval: 10, daily: 216_000, rhythm: "daily" },
    { kind: "day", metric: "brain-farming", interval: 10, daily: 72_000, rhythm: "daily" },
    { kind: "day", metric: "brain-environment", interval: 10, daily: 180_000, rhythm: "daily" },
    { kind: "day", metric: "brain-grassroots", interval: 10, daily: 324_000, rhythm: "daily" },
  ],
};
