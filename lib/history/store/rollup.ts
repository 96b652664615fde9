import { idList, type Dialect, type Engine, type Session } from "./engine";
import { ROLLUPS, type Rollup } from "./schema";

export const WIDTH: Record<Rollup, number> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
/** A bucket is made this long (ms) after it ended, so that the usual stragglers are in it. */
export const GRACE: Record<Rollup, number> = { minutes: 5_000, hours: 20_000, days: 60_000 };
/** Observed time rolled up by one statement, ms: bounds what a catch-up holds in memory. */
const STRIDE: Record<Rollup, number> = { minutes: 2 * 3_600_000, hours: 12 * 3_600_000, days: 86_400_000 };
/** ms between two looks for buckets that changed after they were made. */
const AGAIN: Record<Rollup, number> = { minutes: 5_000, hours: 60_000, days: 300_000 };
/** Widest run of dirty buckets remade at once, ms. */
const DAY = 86_400_000;
/**
 * Between two dirty buckets so near to each other those that are in order are made once more with them, ms: what is told late every
 * few minutes would take a transaction for each of its minutes.
 */
const NEAR: Record<Rollup, number> = { minutes: 15 * 60_000, hours: 0, days: 0 };

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

/**
 * Order of the versions of one moment, the one that stands first: the last recorded, of one millisecond the last sent.
 */
export const LATEST_FIRST = "recorded DESC, sequence DESC";

/** A reading's value where it may be counted: what its source calls bad is told, but is no part of any aggregate. */
export const USABLE = "CASE WHEN quality < 2 THEN value END";

const READING = "series, observed, recorded, value, quality";

/** Readings of a range as they now stand: of several versions of one moment, the one that was recorded last. */
export function currentReadings(where: string, hasLate: boolean): string {
  if (!hasLate) return `SELECT ${READING} FROM readings WHERE ${where}`;
  return `
    SELECT ${READING} FROM (
      SELECT ${READING}, row_number() OVER (PARTITION BY series, observed ORDER BY ${LATEST_FIRST}) AS place
      FROM readings WHERE ${where}
    ) AS r WHERE place = 1`;
}

/**
 * The SQL of what a counter rose by from `before` to `value`. After a fall it began anew, and what it shows has been
 * counted since: the rule of Prometheus' `increase`.
 */
export function riseSql(value: string, before: string): string {
  return `CASE WHEN ${value} >= ${before} THEN ${value} - ${before} WHEN ${value} < ${before} THEN ${value} END`;
}

/** What a range holds that a rollup must tell apart. */
async function flawsOf(session: Session, from: number, to: number): Promise<{ late: boolean; quality: boolean }> {
  const [row] = await session.rows(
    "SELECT max(late) AS late, max(quality) AS quality FROM readings WHERE observed >= $1 AND observed < $2",
    [from, to],
  );
  return { late: Number(row?.late ?? 0) > 0, quality: Number(row?.quality ?? 0) > 0 };
}

/** Columns of a rollup that are told only where readings are not all good. */
function flawColumns(dialect: Dialect): string {
  const badAt = "CASE WHEN quality = 2 THEN observed END";
  return `
    nullif(count(*) FILTER (WHERE quality = 2), 0) AS bad,
    nullif(count(*) FILTER (WHERE quality = 1), 0) AS uncertain,
    max(${badAt}) AS bad_at,
    ${dialect.last("value", badAt)} AS bad_last,
    nullif(${dialect.last("quality", "good_at")}, 0) AS last_quality`;
}

const NO_FLAWS = `
    CAST(NULL AS INTEGER) AS bad, CAST(NULL AS INTEGER) AS uncertain, CAST(NULL AS BIGINT) AS bad_at,
    CAST(NULL AS DOUBLE PRECISION) AS bad_last, CAST(NULL AS SMALLINT) AS last_quality`;

/** The SQL of when the last of a bucket's readings was recorded, where that was later than usual. */
function lateSql(tier: Rollup, newest: string): string {
  return `CASE WHEN ${newest} > bucket + ${WIDTH[tier] + GRACE[tier]} THEN ${newest} END`;
}

const MANY = [
  ...["series", "bucket", "n", "sum", "min", "max", "last_at", "last", "p05", "p50", "p95"],
  ...["bad", "uncertain", "bad_at", "bad_last", "last_quality", "first", "rise", "late_recorded"],
];

/** The SQL of buckets from readings of which a bucket may have several. */
function manySql(dialect: Dialect, tier: Rollup, bucket: string, source: string, hasQuality: boolean): string {
  const good = hasQuality ? USABLE : "value";
  const goodAt = hasQuality ? "CASE WHEN quality < 2 THEN observed END" : "observed";
  // Good and bad readings are apart here, so that the one before a good one is a good one.
  const beside = hasQuality ? ", quality < 2" : "";
  const many = (sql: string): string => `CASE WHEN n > 1 THEN ${sql} END`;
  return `
    SELECT series, bucket, n, sum, ${many("min")}, ${many("max")}, last_at, ${many("last")},
      ${many("q[1]")}, ${many("q[2]")}, ${many("q[3]")},
      bad, uncertain, bad_at, bad_last, last_quality, ${many("first")}, rise, ${lateSql(tier, "newest")}
    FROM (
      SELECT series, bucket, count(good) AS n, sum(good) AS sum, min(good) AS min, max(good) AS max,
        max(good_at) AS last_at,
        ${dialect.last("good", "good_at")} AS last, ${dialect.first("good", "good_at")} AS first,
        ${dialect.quantiles("good", [0.05, 0.5, 0.95])} AS q, sum(${riseSql("good", "before")}) AS rise,
        max(recorded) AS newest, ${hasQuality ? flawColumns(dialect) : NO_FLAWS}
      FROM (
        SELECT series, bucket, observed, recorded, value, quality, good, good_at,
          lag(good) OVER (PARTITION BY series, bucket${beside} ORDER BY observed) AS before
        FROM (
          SELECT series, observed, recorded, value, quality, ${bucket} AS bucket, ${good} AS good, ${goodAt} AS good_at
          FROM (${source}) AS c
        ) AS b
      ) AS l GROUP BY series, bucket
    ) AS made`;
}

/** What a bucket with one good reading tells: all else it could tell is of that one, and stays NULL. */
const ONE = ["series", "bucket", "n", "sum", "last_at", "late_recorded"];

/** The SQL of buckets from good readings of which each bucket has one. */
function oneSql(tier: Rollup, bucket: string, source: string): string {
  return `
    SELECT series, bucket, 1, value, observed, ${lateSql(tier, "recorded")}
    FROM (SELECT series, observed, recorded, value, ${bucket} AS bucket FROM (${source}) AS c) AS made`;
}

/** Series of which a bucket holds several readings. Most send one a minute, and then only hours and days do. */
async function crowded(session: Session, bucket: string, where: string): Promise<number[]> {
  const rows = await session.rows(`
    SELECT DISTINCT series FROM (
      SELECT series FROM readings WHERE ${where} GROUP BY series, ${bucket} HAVING count(*) > 1
    ) AS several`);
  return rows.map((row) => Number(row.series));
}

/** Makes the buckets of a tier in [from, to) anew from the readings. `to` and `from` are bucket starts. */
async function make(
  session: Session,
  dialect: Dialect,
  tier: Rollup,
  from: number,
  to: number,
  exists: boolean,
): Promise<void> {
  if (exists) await session.run(`DELETE FROM ${tier} WHERE bucket >= $1 AND bucket < $2`, [from, to]);
  const flaws = await flawsOf(session, from, to);
  const where = `observed >= ${from} AND observed < ${to}`;
  const bucket = bucketSql(WIDTH[tier], tier === "days" ? DAY_OFFSET : 0);
  const insert = (columns: string[], made: string): Promise<number> =>
    session.run(`INSERT INTO ${tier} (${columns.join(", ")}) SELECT * FROM (${made}) AS made ORDER BY 2, 1`);
  // Putting several together costs ten times what taking one over does.
  const plain = tier === "minutes" && !flaws.late && !flaws.quality;
  const several = plain ? await crowded(session, bucket, where) : [];
  const some = (word: string): string => (several.length > 0 ? ` AND series ${word} (${idList(several)})` : "");
  if (plain) await insert(ONE, oneSql(tier, bucket, currentReadings(`${where}${some("NOT IN")}`, false)));
  if (plain && several.length === 0) return;
  const readings = currentReadings(`${where}${some("IN")}`, flaws.late);
  await insert(MANY, manySql(dialect, tier, bucket, readings, flaws.quality));
}

/** The SQL of a rollup's column, which a bucket with one reading leaves to `sum`. */
export function rolledColumn(name: string): string {
  return `coalesce(${name}, sum)`;
}

/**
 * Runs of neighbouring buckets as [from, to), none longer than `longest`.
 * @param gap ms that may lie between two neighbours, and are then part of the run
 */
export function runsOf(buckets: number[], width: number, longest: number, gap = 0): [number, number][] {
  const runs: [number, number][] = [];
  for (const bucket of [...new Set(buckets)].sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && bucket - last[1] <= gap && bucket + width - last[0] <= longest) last[1] = bucket + width;
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
  readonly watermark: Record<Rollup, number> = { minutes: 0, hours: 0, days: 0 };
  private readonly lookedAt: Record<Rollup, number> = { minutes: 0, hours: 0, days: 0 };
  /** made buckets that changed since, or may have: never fewer than the store's own list */
  private readonly stale: Record<Rollup, Set<number>> = { minutes: new Set(), hours: new Set(), days: new Set() };

  constructor(private readonly engine: Engine) {}

  /** Reads where an earlier run stopped; an empty store begins at `now`. */
  async open(now: number): Promise<void> {
    const rows = await this.engine.rows("SELECT tier, until FROM rolled");
    for (const tier of ROLLUPS) {
      const row = rows.find((r) => r.tier === tier);
      this.watermark[tier] = row ? Number(row.until) : bucketOf(tier, now);
      if (!row) await this.engine.run("INSERT INTO rolled (tier, until) VALUES ($1, $2)", [tier, this.watermark[tier]]);
      this.stale[tier].clear();
    }
    for (const row of await this.engine.rows("SELECT DISTINCT tier, bucket FROM dirty"))
      this.stale[row.tier as Rollup].add(Number(row.bucket));
  }

  /**
   * Buckets (starts, ms) in [from, to) that do not hold what they should: whoever reads them looks at finer ones, or at
   * readings.
   */
  staleIn(tier: Rollup, from: number, to: number): number[] {
    const found: number[] = [];
    for (const bucket of this.stale[tier]) if (bucket >= from && bucket < to) found.push(bucket);
    return found;
  }

  /** Buckets already made that hold one of these moments, to be noted in the same transaction as the readings. */
  touched(observed: ArrayLike<number>): { tier: Rollup; bucket: number }[] {
    return ROLLUPS.flatMap((tier) => {
      const buckets = new Set<number>();
      const watermark = this.watermark[tier];
      for (let i = 0; i < observed.length; i++) {
        const at = observed[i] as number;
        if (at < watermark) buckets.add(bucketOf(tier, at));
      }
      // Before the transaction ends: one that fails leaves a bucket too many here, which costs a look at readings and
      // no more.
      for (const bucket of buckets) this.stale[tier].add(bucket);
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
    const from = this.watermark[tier];
    const closed = bucketOf(tier, now - GRACE[tier]);
    if (closed <= from) return false;
    const to = Math.min(closed, bucketOf(tier, from + STRIDE[tier]));
    await this.engine.transaction(async (tx) => {
      // First, and only from where it is believed to stand: another connection's step may have been committed unseen.
      // Without RETURNING: see Session.
      const moved = await tx.run("UPDATE rolled SET until = $1 WHERE tier = $2 AND until = $3", [to, tier, from]);
      if (moved === 0) throw new Error(`${tier} are not rolled up to ${new Date(from).toISOString()}`);
      await make(tx, this.engine.dialect, tier, from, to, false);
    });
    this.watermark[tier] = to;
    return to < closed;
  }

  private async remake(tier: Rollup, now: number): Promise<boolean> {
    if (now - this.lookedAt[tier] < AGAIN[tier]) return false;
    const rows = await this.engine.rows("SELECT DISTINCT bucket FROM dirty WHERE tier = $1", [tier]);
    if (rows.length === 0) {
      this.lookedAt[tier] = now;
      return false;
    }
    const runs = runsOf(
      rows.map((row) => Number(row.bucket)),
      WIDTH[tier],
      DAY,
      NEAR[tier],
    );
    const [from, to] = runs[0] as [number, number];
    await this.engine.transaction(async (tx) => {
      await make(tx, this.engine.dialect, tier, from, to, true);
      await tx.run("DELETE FROM dirty WHERE tier = $1 AND bucket >= $2 AND bucket < $3", [tier, from, to]);
    });
    for (let bucket = from; bucket < to; bucket += WIDTH[tier]) this.stale[tier].delete(bucket);
    if (runs.length === 1) this.lookedAt[tier] = now;
    return runs.length > 1;
  }
}
