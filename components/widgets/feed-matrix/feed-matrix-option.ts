import type { CityFacts } from "@/lib/contract/city";
import { freshness, worst, type Freshness } from "@/lib/contract/freshness";

export interface FeedState {
  system: string;
  freshness: Freshness;
  /** newest observation of any of its metrics, ms */
  at: number | null;
  metrics: number;
  /** metrics past their limit or never seen */
  dead: number;
}

/** State of each feed; `atOf` gives a metric's last observation, ms. */
export function feedStates(city: CityFacts, systems: string[], atOf: (metric: string) => number | null, now: number, connected: boolean): FeedState[] {
  const wanted = systems.length > 0 ? systems : Object.keys(city.systems);
  return wanted.flatMap((system) => {
    const metrics = city.metrics.filter((metric) => metric.system === system);
    if (metrics.length === 0) return [];
    const state: FeedState = { system, freshness: "live", at: null, metrics: metrics.length, dead: 0 };
    for (const metric of metrics) {
      const at = atOf(metric.id);
      const own = freshness(at, now, metric, connected);
      state.freshness = worst(state.freshness, own);
      if (own === "stale" || own === "offline") state.dead++;
      if (at !== null && (state.at === null || at > state.at)) state.at = at;
    }
    return [state];
  });
}
