import type { Historian } from "./historian";

const HOUR = 3_600_000;

export interface QualityRequest {
  topic: string;
  /** ms */
  from: number;
  to: number;
  /** seconds between two readings, as the metric promises */
  interval: number;
  /** seconds after which a reading no longer counts as live */
  limit: number;
}

/** How well a series kept its promise. */
export interface MetricQuality {
  /** starts of hours (ms) and the part (0 to 1) of the minutes of each that had a reading; of the promised readings where they are rarer than that */
  hours: { at: number; complete: number }[];
  /** how long (ms) the last day's readings took from observation to record: median and 95th percentile of those that were live when they came */
  lag: { p50: number; p95: number } | null;
  /** readings of the last day that came after their limit: sent again after a break, or filled in when a source first joined */
  late: number;
  /** values that were changed after they were shown, newest first */
  revisions: { at: number; before: number; after: number; shown: number; corrected: number }[];
  /** readings by quality: good, uncertain, bad */
  qualities: [number, number, number];
}

/** Completeness, lag, revisions and qualities of a topic's readings. */
export async function metricQuality(historian: Historian, { topic, from, to, interval, limit }: QualityRequest, now: number): Promise<MetricQuality> {
  const series = historian.series(topic);
  const empty: MetricQuality = { hours: [], lag: null, late: 0, revisions: [], qualities: [0, 0, 0] };
  if (series === undefined) return empty;
  const { engine } = historian;
  const [first, last] = [Math.floor(from / HOUR) * HOUR, Math.min(to, now)];
  const minutes = await engine.query(`SELECT bucket - bucket % ${HOUR} AS hour, count(*) AS n FROM minutes WHERE series = $1 AND bucket >= $2 AND bucket < $3 GROUP BY bucket - bucket % ${HOUR}`, [series, first, last]);
  const counts = new Map(minutes.map((row) => [Number(row.hour), Number(row.n)]));
  const promised = Math.max(1, 3_600 / Math.max(60, interval));
  for (let at = first; at + HOUR <= Math.min(last, historian.rollups.until.hours); at += HOUR) empty.hours.push({ at, complete: Math.min(1, (counts.get(at) ?? 0) / promised) });
  const day = last - 24 * HOUR;
  const [came] = await engine.query(`SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY lag) FILTER (WHERE lag <= $4) AS p50, percentile_disc(0.95) WITHIN GROUP (ORDER BY lag) FILTER (WHERE lag <= $4) AS p95, count(*) FILTER (WHERE lag > $4) AS late
    FROM (SELECT recorded - observed AS lag FROM readings WHERE series = $1 AND observed >= $2 AND observed < $3) AS r`, [series, day, last, limit * 1_000]);
  if (came && came.p50 !== null) empty.lag = { p50: Number(came.p50), p95: Number(came.p95) };
  empty.late = Number(came?.late ?? 0);
  for (const row of await engine.query("SELECT quality, count(*) AS n FROM readings WHERE series = $1 AND observed >= $2 AND observed < $3 GROUP BY quality", [series, from, to])) empty.qualities[Number(row.quality) as 0 | 1 | 2] = Number(row.n);
  const revised = await engine.query(`SELECT a.observed, a.value AS after, a.recorded AS corrected, b.value AS before, b.recorded AS shown
    FROM readings AS a JOIN readings AS b ON a.series = b.series AND a.observed = b.observed AND b.recorded < a.recorded
    WHERE a.series = $1 AND b.series = $1 AND a.late = 1 AND a.value <> b.value AND a.observed >= $2 AND a.observed < $3 AND b.observed >= $2 AND b.observed < $3 ORDER BY a.recorded DESC LIMIT 100`, [series, from, to]);
  empty.revisions = revised.map((row) => ({ at: Number(row.observed), before: Number(row.before), after: Number(row.after), shown: Number(row.shown), corrected: Number(row.corrected) }));
  return empty;
}
