import type { CityFacts } from "@/lib/contract/city";
import { isAlive, type MetricReading } from "@/lib/contract/evaluation";
import { worst, type Freshness } from "@/lib/contract/freshness";
import { worstQuality, type Quality } from "@/lib/contract/readings";

export interface FeedState {
  system: string;
  freshness: Freshness;
  /** worst of what its metrics last said */
  quality: Quality;
  /** newest observation of any of its metrics, ms */
  at: number | null;
  metrics: number;
  /** metrics past their limit or never seen */
  dead: number;
  /** metrics whose last reading is bad, and those whose is doubted */
  doubts: { bad: number; uncertain: number };
}

/** Columns in which so many feeds stand side by side. */
export function columnsFor(feeds: number): number {
  if (feeds > 12) return 4;
  return feeds > 4 ? 3 : 2;
}

/** State of each feed, as bad as the worst of its metrics; `read` gives a metric's evaluation. */
export function feedStates(
  city: CityFacts,
  systems: string[],
  read: (metric: string) => Pick<MetricReading, "at" | "freshness" | "quality">,
): FeedState[] {
  const wanted = systems.length > 0 ? systems : Object.keys(city.systems);
  return wanted.flatMap((system) => {
    const metrics = city.metrics.filter((metric) => metric.system === system);
    if (metrics.length === 0) return [];
    const state: FeedState = {
      system,
      freshness: "live",
      quality: "good",
      at: null,
      metrics: metrics.length,
      dead: 0,
      doubts: { bad: 0, uncertain: 0 },
    };
    for (const metric of metrics) {
      const { at, freshness, quality } = read(metric.id);
      state.freshness = worst(state.freshness, freshness);
      state.quality = worstQuality(state.quality, quality ?? "good");
      if (!isAlive(freshness)) state.dead++;
      if (quality !== null && quality !== "good") state.doubts[quality]++;
      if (at !== null && (state.at === null || at > state.at)) state.at = at;
    }
    return [state];
  });
}
