import type { MetricQuality, Revision } from "../../contract/quality";
import { QUALITIES, type Quality } from "../../contract/readings";
import { completenessOf } from "./completeness";
import type { Engine } from "./engine";
import type { Historian } from "./historian";
import { LATEST_FIRST } from "./rollup";
import { askReadings } from "./source";

const DAY = 24 * 3_600_000;

export interface QualityRequest {
  topic: string;
  /** ms */
  from: number;
  to: number;
  /** seconds between two readings, as the metric promises */
  interval: number;
  /** seconds after which a reading no longer counts as live */
  limit: number;
  /** IANA zone that hours and days are told in */
  timeZone: string;
  /** as it was known at this moment (ms); left out: as it is known now */
  asOf?: number;
}

/** Revisions that one answer lists. */
const REVISIONS_LISTED = 100;

/** Of several versions of one moment, each after the one it replaces. */
const ORDER = "recorded, sequence";

/** The part of a series that is asked about. */
interface Part {
  engine: Engine;
  series: number;
  /** SQL that leaves out what was recorded after the moment that is looked from */
  upTo: string;
  /** the moment that is looked from, ms; undefined: the present */
  asOf: number | undefined;
}

/**
 * Completeness, lag, revisions and qualities of a topic's readings.
 * @param now up to when (ms) the store holds what was acknowledged: what is due later is not missing
 */
export async function metricQuality(
  historian: Historian,
  request: QualityRequest,
  now: number,
): Promise<MetricQuality> {
  const { from, to, interval, limit, timeZone, asOf } = request;
  const series = historian.series(request.topic);
  const nothing: MetricQuality = {
    hours: [],
    since: null,
    lag: null,
    late: 0,
    revisions: [],
    revised: { values: 0, qualities: 0 },
    qualities: [0, 0, 0],
  };
  if (series === undefined) return nothing;
  const part: Part = {
    engine: historian.engine,
    series,
    asOf,
    upTo: asOf === undefined ? "" : `AND recorded <= ${Math.round(asOf)}`,
  };
  const since = await firstReading(part);
  if (since === null) return nothing;
  const judgedAt = Math.min(now, asOf ?? now);
  const step = Math.max(1, Math.round(interval * 1_000));
  const grace = Math.max(0, Math.round(limit * 1_000) - step);
  return {
    hours: await completenessOf(part.engine, {
      series,
      from,
      to,
      interval: step,
      grace,
      timeZone,
      judgedAt,
      asOf,
      since,
    }),
    since,
    ...(await lagOf(part, Math.min(to, judgedAt), limit * 1_000)),
    ...(await revisionsOf(part, from, to)),
    qualities: await qualitiesOf(part, from, to),
  };
}

async function firstReading({ engine, series, upTo }: Part): Promise<number | null> {
  const [row] = await engine.query(`SELECT min(observed) AS first FROM readings WHERE series = $1 ${upTo}`, [series]);
  return row?.first === null || row?.first === undefined ? null : Number(row.first);
}

/**
 * Lag and late arrivals of the day before `until`. A moment came when its first row did: copies and corrections say
 * nothing of that.
 */
async function lagOf(
  { engine, series, upTo }: Part,
  until: number,
  limit: number,
): Promise<Pick<MetricQuality, "lag" | "late">> {
  const [came] = await engine.query(
    `SELECT
      percentile_disc(0.5) WITHIN GROUP (ORDER BY lag) FILTER (WHERE lag <= $4) AS p50,
      percentile_disc(0.95) WITHIN GROUP (ORDER BY lag) FILTER (WHERE lag <= $4) AS p95,
      count(*) FILTER (WHERE lag > $4) AS late
    FROM (
      SELECT min(recorded) - observed AS lag
      FROM readings
      WHERE series = $1 AND observed >= $2 AND observed < $3 ${upTo}
      GROUP BY observed
    ) AS firsts`,
    [series, until - DAY, until, limit],
  );
  const isKnown = came && came.p50 !== null;
  return { lag: isKnown ? { p50: Number(came.p50), p95: Number(came.p95) } : null, late: Number(came?.late ?? 0) };
}

/**
 * Corrections by when they were made. A moment's rows are its versions in order; one that repeats the version before it
 * is a copy, and each that does not is one revision of the version it replaced.
 */
async function revisionsOf(
  { engine, series, upTo }: Part,
  from: number,
  to: number,
): Promise<Pick<MetricQuality, "revisions" | "revised">> {
  const rows = await engine.query(
    `WITH versions AS (
      SELECT observed, ${ORDER}, value, quality,
        lag(value) OVER moment AS value_before, lag(quality) OVER moment AS quality_before
      FROM readings
      WHERE series = $1 ${upTo} AND observed IN (
        SELECT observed FROM readings WHERE series = $1 AND late = 1 AND recorded >= $2 AND recorded < $3 ${upTo}
      )
      WINDOW moment AS (PARTITION BY observed ORDER BY ${ORDER})
    ), changes AS (
      SELECT observed, ${ORDER}, value, quality, value_before, quality_before, lag(recorded) OVER moment AS shown
      FROM versions
      WHERE value_before IS NULL OR value <> value_before OR quality <> quality_before
      WINDOW moment AS (PARTITION BY observed ORDER BY ${ORDER})
    )
    SELECT observed, recorded, sequence, shown, value, value_before, quality, quality_before,
      count(*) OVER () AS n, sum(CASE WHEN value <> value_before THEN 1 ELSE 0 END) OVER () AS changed
    FROM changes
    WHERE value_before IS NOT NULL AND recorded >= $2 AND recorded < $3
    ORDER BY ${LATEST_FIRST}, observed DESC
    LIMIT ${REVISIONS_LISTED}`,
    [series, from, to],
  );
  const [all, changed] = [Number(rows[0]?.n ?? 0), Number(rows[0]?.changed ?? 0)];
  const word = (quality: unknown): Quality => QUALITIES[Number(quality)] ?? "good";
  const revisions = rows.map((row): Revision => ({
    at: Number(row.observed),
    before: Number(row.value_before),
    after: Number(row.value),
    quality: [word(row.quality_before), word(row.quality)],
    shown: Number(row.shown),
    corrected: Number(row.recorded),
  }));
  return { revisions, revised: { values: changed, qualities: all - changed } };
}

/** Moments by the quality of the version that now stands. */
async function qualitiesOf(
  { engine, series, asOf }: Part,
  from: number,
  to: number,
): Promise<MetricQuality["qualities"]> {
  const rows = await askReadings(engine, { series: [series], from, to, asOf }, (source) =>
    engine.query(`SELECT quality, count(*) AS n FROM (${source}) AS c GROUP BY quality`),
  );
  const counts: MetricQuality["qualities"] = [0, 0, 0];
  for (const row of rows) counts[Number(row.quality) as 0 | 1 | 2] = Number(row.n);
  return counts;
}
