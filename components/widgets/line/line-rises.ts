import { bucketEdges, dayStart } from "@/lib/clock";
import type { Series } from "@/lib/contract/series";

const HOUR = 3_600_000;

/** What a day's counter rose by in an hour of the city's clocks. */
export interface Rise {
  /** when the hour begins and ends, ms */
  at: number;
  until: number;
  /** null where it is not known: missing is not 0 */
  rise: number | null;
  /** false of the hour that runs, which may still rise */
  over: boolean;
}

/** The last good reading of each hour; null where it has none. */
function lastOf(series: Series, edges: number[]): (number | null)[] {
  const last: (number | null)[] = edges.slice(1).map(() => null);
  let hour = 0;
  for (let i = series.indexFrom(edges[0] ?? Infinity); i < series.length; i++) {
    if (series.quality(i) === "bad") continue;
    while (hour < last.length && series.at(i) >= (edges[hour + 1] as number)) hour++;
    if (hour < last.length) last[hour] = series.value(i);
  }
  return last;
}

/**
 * What a counter that begins anew at each midnight of `timeZone` rose by in each hour, from the first whole one after
 * `from` (ms) to the one that runs. Not known of an hour without readings, of the hour after one (it would hold the rise of
 * both) and of one in which the count was corrected downwards.
 */
export function hourlyRises(series: Series, from: number, now: number, timeZone: string): Rise[] {
  const edges = bucketEdges(from - HOUR, now, HOUR, timeZone);
  const last = lastOf(series, edges);
  return last.flatMap((end, i): Rise[] => {
    const [at, until] = [edges[i] as number, edges[i + 1] as number];
    if (at < from) return [];
    const begin = dayStart(at, timeZone) === at ? 0 : (last[i - 1] ?? null);
    const rise = end === null || begin === null || end < begin ? null : end - begin;
    return [{ at, until, rise, over: until <= now }];
  });
}
