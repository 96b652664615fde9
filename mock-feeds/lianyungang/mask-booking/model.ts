import type { SystemModel } from "../../kit/model";

/** 口罩预约 */
export const model: SystemModel = {
  id: "mask-booking",
  basis:
    "Up to 800,000 visits a day at the start, a surge and not a plateau: the burst switch plays that day. " +
    "250,000 masks handed out.",
  metrics: [
    { kind: "day", metric: "mask-visits-today", interval: 2, daily: 18_000, rhythm: "daily", surge: 800_000 },
    { kind: "total", metric: "masks-handed", interval: 10, from: 250_000, daily: 600, rhythm: "office" },
  ],
};
