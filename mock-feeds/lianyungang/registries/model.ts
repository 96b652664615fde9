import type { SystemModel } from "../../kit/model";

/** 六大基础库 */
export const model: SystemModel = {
  id: "registries",
  basis: "No figure is published; updates a day are assumed, most in the population and certificate registries.",
  metrics: [
    { kind: "day", metric: "registry-population-today", interval: 10, daily: 6_400, rhythm: "office", weekend: 0.3 },
    { kind: "day", metric: "registry-legal-today", interval: 10, daily: 780, rhythm: "office", weekend: 0.1 },
    { kind: "day", metric: "registry-geo-today", interval: 10, daily: 320, rhythm: "office", weekend: 0.1 },
    { kind: "day", metric: "registry-economy-today", interval: 10, daily: 150, rhythm: "office", weekend: 0.1 },
    { kind: "day", metric: "registry-credit-today", interval: 10, daily: 2_900, rhythm: "machine" },
    { kind: "day", metric: "registry-certificate-today", interval: 10, daily: 4_100, rhythm: "office", weekend: 0.3 },
  ],
};
