import type { Engine } from "./engine";

/**
 * Readings are append-only: `observed` is when it was so, `recorded` when we learned of it. `late` is 1 where an
 * earlier row of the same series may tell of the same moment, so that only ranges that hold such rows pay for telling
 * revisions apart. Times are ms since 1970.
 */
const READINGS = `
  series INTEGER NOT NULL,
  observed BIGINT NOT NULL,
  recorded BIGINT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  quality SMALLINT NOT NULL,
  late SMALLINT NOT NULL
`;
/**
 * A bucket with one reading holds its value as `sum` alone, the rest NULL: most minutes are such, and would be most of
 * the bytes.
 */
const ROLLUP = `
  series INTEGER NOT NULL,
  bucket BIGINT NOT NULL,
  n INTEGER NOT NULL,
  sum DOUBLE PRECISION NOT NULL,
  min DOUBLE PRECISION,
  max DOUBLE PRECISION,
  last_at BIGINT NOT NULL,
  last DOUBLE PRECISION,
  p05 DOUBLE PRECISION,
  p50 DOUBLE PRECISION,
  p95 DOUBLE PRECISION
`;
const POSITIONS = `
  thing INTEGER NOT NULL,
  observed BIGINT NOT NULL,
  lon INTEGER NOT NULL,
  lat INTEGER NOT NULL,
  heading SMALLINT NOT NULL,
  speed SMALLINT NOT NULL
`;

/** Degrees are kept as whole numbers of this fraction: about a metre. */
export const DEGREE = 100_000;

export const ROLLUPS = ["minutes", "hours", "days"] as const;
export type Rollup = (typeof ROLLUPS)[number];

const SHARED = [
  `CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL UNIQUE,
    city TEXT NOT NULL,
    district TEXT NOT NULL,
    metric TEXT NOT NULL
  )`,
  // `rolled` says up to where (excluded) each rollup is made; `dirty` which of its buckets have changed since.
  "CREATE TABLE rolled (tier TEXT PRIMARY KEY, until BIGINT NOT NULL)",
  "CREATE TABLE dirty (tier TEXT NOT NULL, bucket BIGINT NOT NULL)",
  // Days whose rows are not in order of series yet.
  "CREATE TABLE unsettled (day BIGINT NOT NULL)",
  // Up to where a journal has been taken in; written in the same transaction as what it brought.
  "CREATE TABLE journal_place (journal TEXT PRIMARY KEY, segment BIGINT NOT NULL, place BIGINT NOT NULL)",
  `CREATE TABLE event_versions (
    city TEXT NOT NULL,
    id TEXT NOT NULL,
    updated BIGINT NOT NULL,
    recorded BIGINT NOT NULL,
    body TEXT NOT NULL
  )`,
  "CREATE TABLE things (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, name TEXT NOT NULL, label TEXT NOT NULL)",
  `CREATE TABLE screen_versions (
    city TEXT NOT NULL,
    screen TEXT NOT NULL,
    recorded BIGINT NOT NULL,
    layout TEXT NOT NULL
  )`,
  `CREATE TABLE annotations (
    id TEXT PRIMARY KEY,
    topic TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    made BIGINT NOT NULL
  )`,
];

const DUCKDB = [
  ...SHARED,
  `CREATE TABLE readings (${READINGS})`,
  ...ROLLUPS.map((tier) => `CREATE TABLE ${tier} (${ROLLUP})`),
  `CREATE TABLE positions (${POSITIONS})`,
];

/** Ranges of `observed` of this width (ms) are kept apart on PostgreSQL. */
export const WEEK = 7 * 86_400_000;

/**
 * A week that has passed is dropped whole, and a query opens only the weeks it asks for: as declarative partitions, or
 * as TimescaleDB's chunks.
 */
function ranged(table: string, columns: string, ranges: Engine["ranges"]): string[] {
  if (ranges === "own") return [`CREATE TABLE ${table} (${columns}) PARTITION BY RANGE (observed)`];
  return [
    `CREATE TABLE ${table} (${columns})`,
    `SELECT create_hypertable(
      '${table}', 'observed', chunk_time_interval => ${WEEK}::bigint, create_default_indexes => false
    )`,
  ];
}

const postgres = (ranges: Engine["ranges"]): string[] => [
  ...SHARED,
  ...ranged("readings", READINGS, ranges),
  "CREATE INDEX ON readings (series, observed)",
  ...ROLLUPS.flatMap((tier) => [
    `CREATE TABLE ${tier} (${ROLLUP})`,
    `CREATE INDEX ON ${tier} (series, bucket)`,
    `CREATE INDEX ON ${tier} USING brin (bucket)`,
  ]),
  ...ranged("positions", POSITIONS, ranges),
  "CREATE INDEX ON positions (observed)",
  "CREATE INDEX ON event_versions (city, updated)",
];

/**
 * `sequence` orders versions of one moment that were recorded in the same millisecond. Rollups leave `bad` readings out
 * and count them; `bad_at` and `bad_last` are the last of them, `last_quality` is 1 where the last usable one is
 * uncertain. `first` and `rise` (what the readings of a bucket rose by after its first) are for counters.
 * `late_recorded` is when the last of a bucket's readings was recorded, where that was later than usual: who asks what
 * was known before that looks at the readings.
 */
const RELIABLE = [
  "ALTER TABLE readings ADD COLUMN sequence SMALLINT DEFAULT 0",
  "ALTER TABLE series ADD COLUMN flawed SMALLINT DEFAULT 0",
  "ALTER TABLE journal_place ADD COLUMN recorded BIGINT DEFAULT 0",
  ...ROLLUPS.flatMap((tier) => [
    `ALTER TABLE ${tier} ALTER COLUMN sum DROP NOT NULL`,
    `ALTER TABLE ${tier} ALTER COLUMN last_at DROP NOT NULL`,
    ...[
      "bad INTEGER",
      "uncertain INTEGER",
      "bad_at BIGINT",
      "bad_last DOUBLE PRECISION",
      "last_quality SMALLINT",
      "first DOUBLE PRECISION",
      "rise DOUBLE PRECISION",
      "late_recorded BIGINT",
    ].map((column) => `ALTER TABLE ${tier} ADD COLUMN ${column}`),
  ]),
  "UPDATE series SET flawed = 1 WHERE id IN (SELECT series FROM readings WHERE quality > 0)",
  // Everything that was rolled up by an earlier version is made again from the readings that are still there.
  ...ROLLUPS.map(
    (tier) => `
    INSERT INTO dirty (tier, bucket)
    SELECT DISTINCT '${tier}', bucket FROM ${tier} WHERE bucket >= (SELECT min(observed) FROM readings)`,
  ),
];
const RELIABLE_POSTGRES = ROLLUPS.map((tier) => `CREATE INDEX ON ${tier} (bucket) WHERE late_recorded IS NOT NULL`);

/** See Span in events.ts. */
const SPANS = `CREATE TABLE event_spans (
  city TEXT NOT NULL, id TEXT NOT NULL, opened BIGINT NOT NULL, opening BIGINT NOT NULL,
  moved BIGINT NOT NULL, closed BIGINT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (city, id)
)`;

function spansFrom(at: string, closed: string): string {
  return `INSERT INTO event_spans SELECT city, id, min(CAST(${at} AS BIGINT)), max(CAST(${at} AS BIGINT)),
    max(CASE WHEN ${closed} THEN 0 ELSE updated END), max(CASE WHEN ${closed} THEN updated ELSE 0 END),
    max(CASE WHEN ${closed} THEN greatest(updated, recorded) ELSE 0 END)
    FROM event_versions GROUP BY city, id`;
}

/** The SQL that makes the spans of all events anew from their versions. */
export function spansFromVersions(engine: Engine["name"]): string {
  if (engine === "postgres")
    return spansFrom("(body::json->>'at')", "body::json->>'stage' = body::json->'stages'->>-1");
  return spansFrom(
    "json_extract_string(body, '$.at')",
    "json_extract_string(body, '$.stage') = json_extract_string(body, '$.stages[#-1]')",
  );
}

/** See Place in places.ts. */
const PLACES = ["mark TEXT", "known_segment BIGINT", "known_place BIGINT"].map(
  (column) => `ALTER TABLE journal_place ADD COLUMN ${column}`,
);

const NOTES = ["ALTER TABLE annotations ADD COLUMN made_by TEXT"];

/** JSON of an EventReporter. */
const REPORTERS = ["ALTER TABLE event_versions ADD COLUMN reported_by TEXT"];

/** Steps from one version of the tables to the next; never changed once released, only added to. */
const STEPS: { duckdb: () => string[]; postgres: (ranges: Engine["ranges"]) => string[] }[] = [
  { duckdb: () => DUCKDB, postgres },
  // Weeks whose days are in order, each by itself, but not together.
  { duckdb: () => ["CREATE TABLE unsettled_weeks (week BIGINT NOT NULL)"], postgres: () => [] },
  // Minutes lie in the order they came, a series' rows on as many pages as there are minutes: a question about a day is
  // answered from the index alone, once a vacuum has marked the pages, which by default waits until a fifth of the
  // table is new.
  {
    duckdb: () => [],
    postgres: () => [
      "DROP INDEX IF EXISTS minutes_series_bucket_idx",
      "CREATE INDEX minutes_of_series ON minutes (series, bucket) INCLUDE (n, sum)",
      `ALTER TABLE minutes SET (
        autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 250000
      )`,
    ],
  },
  { duckdb: () => RELIABLE, postgres: () => [...RELIABLE, ...RELIABLE_POSTGRES] },
  // From when to when each event was open, so that those of a moment are found however long ago they were opened.
  {
    duckdb: () => [SPANS, spansFromVersions("duckdb")],
    postgres: () => [
      SPANS,
      spansFromVersions("postgres"),
      "CREATE INDEX event_versions_of ON event_versions (city, id)",
      "CREATE INDEX event_versions_recorded ON event_versions (city, recorded)",
    ],
  },
  // Corrections are looked up by when they were made, whatever they correct. Few rows are such; DuckDB skips the others
  // by its zone maps.
  { duckdb: () => [], postgres: () => ["CREATE INDEX ON readings (series, recorded) WHERE late = 1"] },
  // Which journal a place belongs to, and up to where what it holds may be in the store already.
  { duckdb: () => PLACES, postgres: () => PLACES },
  // Who wrote a note; of those before nobody knows.
  { duckdb: () => NOTES, postgres: () => NOTES },
  // By which token a version of an event came; of those before nobody knows.
  { duckdb: () => REPORTERS, postgres: () => REPORTERS },
];

/** The present version of the tables. */
export const VERSION = STEPS.length;

/**
 * Brings the tables to the present version. Returns the version before and after.
 * @param last version to stop at, for tests of what an earlier one left
 * @throws when they are of a later one
 */
export async function migrate(
  engine: Engine,
  onStep: (done: number, all: number) => void = () => {},
  last = STEPS.length,
): Promise<{ from: number; to: number }> {
  await engine.run("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
  const [row] = await engine.rows("SELECT max(version) AS version FROM schema_version");
  const from = Number(row?.version ?? 0);
  if (from > STEPS.length)
    throw new Error(`the store was written by a later version (${from}; this one knows ${STEPS.length})`);
  for (let version = from; version < last; version++) {
    await engine.transaction(async (tx) => {
      for (const sql of STEPS[version]?.[engine.name](engine.ranges) ?? []) await tx.run(sql);
      await tx.run("INSERT INTO schema_version (version) VALUES ($1)", [version + 1]);
    });
    onStep(version + 1 - from, last - from);
  }
  return { from, to: last };
}
