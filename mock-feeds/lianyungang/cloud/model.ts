import { fixed, type SystemModel } from "../../kit/model";

/** 政务云 */
export const model: SystemModel = {
  id: "cloud",
  basis: "69 units and 270 systems on 1,500 virtual machines; 800 TB.",
  metrics: [
    {
      kind: "gauge",
      metric: "cloud-cpu",
      interval: 5,
      decimals: 1,
      low: 31,
      high: 68,
      rhythm: "office",
      noise: 0.08,
      cap: 100,
    },
    {
      kind: "gauge",
      metric: "cloud-memory",
      interval: 5,
      decimals: 1,
      low: 58,
      high: 74,
      rhythm: "office",
      noise: 0.03,
      cap: 100,
    },
    { kind: "gauge", metric: "cloud-vms", interval: 30, low: 1_494, high: 1_500, rhythm: "office", noise: 0.001 },
    {
      kind: "gauge",
      metric: "cloud-storage",
      interval: 30,
      decimals: 1,
      low: 611,
      high: 618,
      rhythm: "machine",
      noise: 0.002,
    },
    { kind: "gauge", metric: "cloud-systems", interval: 60, low: 270, high: 270, rhythm: "machine", noise: 0 },
    fixed("cloud-units", 69),
  ],
};
