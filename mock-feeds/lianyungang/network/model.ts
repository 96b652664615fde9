import type { SystemModel } from "../../kit/model";

/** 电子政务外网: five levels, 1,651 villages */
export const model: SystemModel = {
  id: "network",
  basis: "1,651 villages connected.",
  metrics: [
    {
      kind: "gauge",
      metric: "network-villages",
      interval: 10,
      low: 1_648,
      high: 1_649,
      rhythm: "machine",
      noise: 0.002,
      cap: 1_651,
    },
    {
      kind: "gauge",
      metric: "network-traffic",
      interval: 5,
      decimals: 2,
      low: 2.1,
      high: 14.6,
      rhythm: "office",
      noise: 0.1,
    },
    {
      kind: "gauge",
      metric: "network-latency",
      interval: 5,
      decimals: 1,
      low: 3.1,
      high: 6.4,
      rhythm: "office",
      noise: 0.15,
    },
  ],
};
