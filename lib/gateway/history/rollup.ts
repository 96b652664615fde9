import type { Dialect, Engine, Session } from "./engine";
import { ROLLUPS, type Rollup } from "./schema";

export const WIDTH: Record<Rollup, number> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
/** A bucket is made this long (ms) after it ended, so that the usual stragglers are in it. */
const GRACE: Record<Rollup, number> = { minutes: 5_000, hours: 20_000, days: 60_000 };
/** Observed time rolled up by one statement, ms: bounds what a catch-up holds in memory. */
const STRIDE: Record<Rollup, number> = { minutes: 2 * 3_600_000, hours: 12 * 3_600_000, days: 86_400_000 };
/** ms between two looks for buckets that changed after they were made. */
const AGAIN: Record<Rollup, number> = { minutes: 5_000, hours: 60_000, days: 300_000 };
/** Widest run of dirty buckets remade at once, ms. */
const DAY = 86_400_000;

/**
 * Buckets of whole days begin at midnight of this zone. One store, one zone for its days: cities in others still get
 * theirs, put together from hours when asked.
 */
export const DAY_OFFSET = 8 * 3_600_000;

/** Start of the bucket that holds `at`. */
export function bucketOf(tier: Rollup, at: number): number {
  const offset = tier === "days" ? DAY_OFFSET : 0;
  return Math.floor((at + offset) / WIDTH[tier]) * WIDTH[tier] - offset;
}

/** The SQL of a bucket's start, in whole numbers, for times after 1970. */
export function bucketSql(width: number, offset = 0, column = "observed"): string {
  return offset === 0 ? `${column} - ${column} % ${width}` : `${column} - (${column} + ${offset}) % ${width}`;
}

/** Readings of a range as they now stand: of several rows for one moment, the one recorded last. */
export function currentReadings(where: string, hasLate: boolean): string {
  if (!hasLate) return `SELECT series, observed, value FROM readings WHERE ${where}`;
  return `SELECT series, observed, value FROM (SELECT series, observed, value, row_number() OVER (PARTITION BY series, observed ORDER BY recorded DESC) AS place FROM readings WHERE ${where}) AS r WHERE place = 1`;
}

async function anyLate(session: Session, from: number, to: number): Promise<boolean> {
  return (await session.rows("SELECT 1 AS x FROM readings WHERE late = 1 AND observed >= $1 AND observed < $2 LIMIT 1", [from, to])).length > 0;
}

/** Makes the buckets of a tier in [from, to) anew from the readings. `to` and `from` are bucket starts. */
async function make(session: Session, dialect: Dialect, tier: Rollup, from: number, to: number, exists: boolean): Promise<void> {
  if (exists) await session.run(`DELETE FROM ${tier} WHERE bucket >= $1 AND bucket < $2`, [from, to]);
  const source = currentReadings(`observed >= ${from} AND observed < ${to}`, await anyLate(session, from, to));
  const bucket = bucketSql(WIDTH[tier], tier === "days" ? DAY_OFFSET : 0);
  const many = (sql: string): string => `CASE WHEN n > 1 THEN ${sql} END`;
  await session.run(`INSERT INTO ${tier} (series, bucket, n, sum, min, max, last_at, last, p05, p50, p95)
    SELECT series, bucket, n, sum, ${["min", "max"].map(many).join(", ")}, last_at, ${["last", "q[1]", "q[2]", "q[3]"].map(many).join(", ")} FROM (
      SELECT series, ${bucket} AS bucket, count(*) AS n, sum(value) AS sum, min(value) AS min, max(value) AS max, max(observed) AS last_at, ${dialect.last("value", "observed")} AS last, ${dialect.quantiles("value", [0.05, 0.5, 0.95])} AS q
      FROM (${source}) AS c GROUP BY series, ${bucket}
    ) AS made ORDER BY bucket, series`);
}

/** The SQL of a rollup's column, which a bucket with one reading leaves to `sum`. */
export function rolledColumn(name: string): string {
  return `coalesce(${name}, sum)`;
}

/** Runs of neighbouring buckets as [from, to), none longer than `longest`. */
export function runsOf(buckets: number[], width: number, longest: number): [number, number][] {
  const runs: [number, number][] = [];
  for (const bucket of [...new Set(buckets)].sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && last[1] === bucket && bucket + width - last[0] <= longest) last[1] = bucket + width;
    else runs.push([bucket, bucket + width]);
  }
  return runs;
}

/**
 * Keeps minutes, hours and days up with the readings. A bucket is a function of the readings alone: it is made once
 * its time has passed, and made again when a late reading, a correction or a seed touched it.
 */
export class Rollups {
  /** up to where (excluded) each tier is made */
  readonly until: Record<Rollup, number> = { minutes: 0, hours: 0, days: 0 };
  private readonly lookedAt: Record<Rollup, number> = { minutes: 0, hours: 0, days: 0 };

  constructor(private readonly engine: Engine) {}

  /** Reads where an earlier run stopped; an empty store begins at `now`. */
  async open(now: number): Promise<void> {
    const rows = await this.engine.rows("SELECT tier, until FROM rolled");
    for (const tier of ROLLUPS) {
      const row = rows.find((r) => r.tier === tier);
      this.until[tier] = row ? Number(row.until) : bucketOf(tier, now);
      if (!row) await this.engine.run("INSERT INTO rolled (tier, until) VALUES ($1, $2)", [tier, this.until[tier]]);
    }
  }

  /** Buckets already made that hold one of these moments, to be noted in the same transaction as the readings. */
  touched(observed: ArrayLike<number>): { tier: Rollup; bucket: number }[] {
    return ROLLUPS.flatMap((tier) => {
      const buckets = new Set<number>();
      const until = this.until[tier];
      for (let i = 0; i < observed.length; i++) {
        const at = observed[i] as number;
        if (at < until) buckets.add(bucketOf(tier, at));
      }
      return [...buckets].map((bucket) => ({ tier, bucket }));
    });
  }

  /** One step of work; `remake` false puts changed buckets off. Returns true while there is more to do at once. */
  async step(now: number, remake: boolean): Promise<boolean> {
    let more = false;
    for (const tier of ROLLUPS) {
      more = (await this.advance(tier, now)) || more;
      if (remake) more = (await this.remake(tier, now)) || more;
    }
    return more;
  }

  private async advance(tier: Rollup, now: number): Promise<boolean> {
    const from = this.until[tier];
    const closed = bucketOf(tier, now - GRACE[tier]);
    if (closed <= from) return false;
    const to = Math.min(closed, bucketOf(tier, from + STRIDE[tier]));
    await this.engine.transaction(async (tx) => {
      // First, and only from where it is believed to stand: another connection's step may have been committed unseen.
      const moved = await tx.rows("UPDATE rolled SET until = $1 WHERE tier = $2 AND until = $3 RETURNING tier", [to, tier, from]);
      if (moved.length === 0) throw new Error(`${tier} are not rolled up to ${new Date(from).toISOString()}`);
      await make(tx, this.engine.dialect, tier, from, to, false);
    });
    this.until[tier] = to;
    return to < closed;
  }

  private async remake(tier: Rollup, now: number): Promise<boolean> {
    if (now - this.lookedAt[tier] < AGAIN[tier]) return false;
    const rows = await this.engine.rows("SELECT DISTINCT bucket FROM dirty WHERE tier = $1", [tier]);
    if (rows.length === 0) {
      this.lookedAt[tier] = now;
      return false;
    }
    const runs = runsOf(rows.map((row) => Number(row.bucket)), WIDTH[tier], DAY);
    const [from, to] = runs[0] as [number, number];
    await this.engine.transaction(async (tx) => {
      await make(tx, this.engine.dialect, tier, from, to, true);
      await tx.run("DELETE FROM dirty WHERE tier = $1 AND bucket >= $2 AND bucket < $3", [tier, from, to]);
    });
    if (runs.length === 1) this.lookedAt[tier] = now;
    return runs.length > 1;
  }
}
