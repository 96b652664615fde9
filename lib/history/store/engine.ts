/** A value of a row or a parameter. Times are ms since 1970 as whole numbers; both engines keep them as BIGINT. */
export type SqlValue = number | string | boolean | null;
export type Row = Record<string, SqlValue>;

/** SQL types of the columns that are appended to, the same words in both engines. */
export type ColumnType = "INTEGER" | "BIGINT" | "DOUBLE" | "SMALLINT" | "TEXT";

export interface AppendColumn {
  name: string;
  type: ColumnType;
  values: ArrayLike<number> | string[];
}

/** What statements need: an engine, or a transaction of it. */
export interface Session {
  rows(sql: string, params?: SqlValue[]): Promise<Row[]>;
  /**
   * Returns how many rows it added, changed or took out. A row of a table with a key is never taken out and put in again in one
   * transaction, nor changed with RETURNING, which DuckDB makes into that: where it cannot be committed, as on a full disk, DuckDB
   * ends the process.
   */
  run(sql: string, params?: SqlValue[]): Promise<number>;
  /** Adds `count` rows, faster than INSERT. */
  append(table: string, count: number, columns: AppendColumn[]): Promise<void>;
}

export interface Dialect {
  /** the `value` whose `by` is the largest; rows without a `by` do not count */
  last(value: string, by: string): string;
  /** the `value` whose `by` is the smallest; rows without a `by` do not count */
  first(value: string, by: string): string;
  /** discrete quantiles of `value` as a list that counts from 1 */
  quantiles(value: string, at: readonly number[]): string;
}

/** What tells a copy of what is kept from one of another moment. */
export interface EngineCopy {
  /** version of the tables */
  schema: number;
  /** how many readings it holds */
  readings: number;
  /** up to where each journal is in it, as `journal segment place` */
  places: string[];
}

/** What tells the state that a session sees from any other. */
export async function stateOf({ rows }: Pick<Session, "rows">): Promise<EngineCopy> {
  const [version] = await rows("SELECT max(version) AS version FROM schema_version");
  const [count] = await rows("SELECT count(*) AS n FROM readings");
  const places = await rows("SELECT journal, segment, place FROM journal_place ORDER BY journal");
  return {
    schema: Number(version?.version ?? 0),
    readings: Number(count?.n ?? 0),
    places: places.map(({ journal, segment, place }) => `${journal} ${segment} ${place}`),
  };
}

/**
 * Where history is kept. Statements are written in the SQL that DuckDB and PostgreSQL share (`$1`, BIGINT times,
 * remainders instead of date functions); what they do not share stands in `duckdb.ts` and `postgres.ts` alone.
 */
export interface Engine extends Session {
  readonly name: "duckdb" | "postgres";
  /** What keeps ranges of time apart: the engine itself, or TimescaleDB where a PostgreSQL server has it. */
  readonly ranges: "own" | "timescale";
  /** Aggregates that the two write differently: each engine's way that takes the least memory. */
  readonly dialect: Dialect;
  /** Reads beside the writer, on a connection of its own. Rejects with `cancelled` once `signal` fires. */
  query(sql: string, params?: SqlValue[], signal?: AbortSignal): Promise<Row[]>;
  /** Runs `task` as one transaction on the one writing connection. */
  transaction<T>(task: (session: Session) => Promise<T>): Promise<T>;
  /** Makes room for readings observed in [from, to): partitions where there are any. */
  prepare(from: number, to: number): Promise<void>;
  /** Drops what was observed before `before` from a table. */
  expire(table: string, column: string, before: number): Promise<void>;
  /** True where an error of a statement says that what it was given cannot be kept, whenever it is tried. */
  blames(error: unknown): boolean;
  /** Bytes on disk. */
  size(): Promise<number>;
  /** Gives back what deletions left. */
  compact(): Promise<void>;
  /**
   * Writes what is kept, as it is at one moment, into a folder that is there, while reading and writing go on.
   * @param atMoment called at that moment, before anything else is written
   */
  copy(folder: string, atMoment: () => void): Promise<EngineCopy>;
  close(): Promise<void>;
  /** Closes without writing anything more: what is kept is not to be trusted. */
  abandon(): Promise<void>;
}

/** Ids of series for `IN (…)`; they are our own numbers, so they stand in the text. */
export function idList(ids: number[]): string {
  return ids.length > 0 ? ids.join(", ") : "NULL";
}
