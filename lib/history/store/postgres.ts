import pg from "pg";
import { Cancelled, stoppable } from "./cancel";
import { blamesItem } from "./sifting";
import type { AppendColumn, Engine, Row, Session, SqlValue } from "./engine";
import { Claim } from "./claim";
import type { Installation } from "./installation";
import { copyHistory } from "./postgres-copy";
import { WEEK } from "./schema";
import { inTransaction, Serial } from "./writing";

// BIGINT comes as text by default; ms since 1970 and counts fit a double.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

const CAST = { INTEGER: "int4", BIGINT: "int8", DOUBLE: "float8", SMALLINT: "int2", TEXT: "text" } as const;
/** Rows of one INSERT. */
const CHUNK = 20_000;
const READERS = 4;
/** Tables whose rows are kept by the week. */
const PARTITIONED = ["readings", "positions"];

/**
 * Classes of SQLSTATE that are the fault of what was given: data exceptions, a value that is missing, program limits. All
 * others (connections, room, locks, the server itself) say nothing of it.
 */
const FAULTS = /^(22...|23502|54...)$/;

function blames(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return blamesItem(error) || (typeof code === "string" && FAULTS.test(code));
}

function session(client: pg.ClientBase): Session {
  return {
    rows: async (sql, params = []) => (await client.query<Row>(sql, params)).rows,
    async run(sql, params = []) {
      return (await client.query(sql, params)).rowCount ?? 0;
    },
    async append(table, count, columns) {
      const names = columns.map((column) => column.name).join(", ");
      const lists = columns.map((column, i) => `$${i + 1}::${CAST[column.type]}[]`).join(", ");
      // Columns travel as arrays: one statement and one round trip for thousands of rows.
      for (let from = 0; from < count; from += CHUNK) {
        await client.query(
          `INSERT INTO ${table} (${names}) SELECT * FROM unnest(${lists})`,
          columns.map((column) => slice(column, from, Math.min(count, from + CHUNK))),
        );
      }
    },
  };
}

function slice(column: AppendColumn, from: number, to: number): unknown[] {
  const values = Array.prototype.slice.call(column.values, from, to) as (number | string)[];
  return column.type === "BIGINT" ? values.map((value) => Math.round(value as number)) : values;
}

/**
 * The one connection that writes, a task after the other. When the server went away, the next task connects again. It holds the
 * store's lock itself: whatever way a connection is lost, nobody writes on one without the lock.
 */
class Writer {
  private client: pg.Client | null = null;
  private readonly tasks = new Serial();
  private busy = false;
  /** The connection went while nothing was asked of it, so nobody knows: somebody else may have written meanwhile. */
  private lost = false;

  constructor(
    private readonly url: string,
    private readonly claim: Claim,
  ) {}

  /** Runs `task` on the connection when those before it have ended. */
  run<T>(task: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.tasks.run(async () => {
      const client = await this.connected();
      if (this.lost) {
        this.lost = false;
        throw new Error("the connection to the database was lost and has been made again");
      }
      this.busy = true;
      try {
        return await task(client);
      } finally {
        this.busy = false;
      }
    });
  }

  private async connected(): Promise<pg.Client> {
    if (this.client) return this.client;
    const fresh = new pg.Client({ connectionString: this.url, application_name: "citywall writer", keepAlive: true });
    fresh.on("error", () => {
      if (this.client !== fresh) return;
      this.client = null;
      this.lost ||= !this.busy;
    });
    try {
      await fresh.connect();
      await this.claim.take(fresh);
    } catch (error) {
      void fresh.end().catch(() => {});
      throw error;
    }
    this.client = fresh;
    return fresh;
  }

  async close(): Promise<void> {
    await this.tasks.settled();
    await this.client?.end();
  }
}

/** Connections that read beside the writer. */
class Readers {
  private readonly pool: pg.Pool;
  /** Where all readers are busy none is left to stop one of them. */
  private readonly cancels: pg.Pool;

  constructor(url: string) {
    this.pool = new pg.Pool({ connectionString: url, max: READERS, application_name: "citywall" });
    // A server that goes away while nobody asks must not end this process; the next statement tells.
    this.pool.on("error", () => {});
    this.cancels = new pg.Pool({
      connectionString: url,
      max: 1,
      connectionTimeoutMillis: 5_000,
      application_name: "citywall cancel",
    });
    this.cancels.on("error", () => {});
  }

  /** Rows of a question; rejects with `cancelled` once `signal` fires. */
  async query(sql: string, params: SqlValue[] = [], signal?: AbortSignal): Promise<Row[]> {
    if (signal?.aborted) throw new Cancelled();
    const reader = await this.pool.connect();
    const { processID } = reader as unknown as { processID: number };
    try {
      return await stoppable(
        signal,
        async () => void (await this.cancels.query("SELECT pg_cancel_backend($1)", [processID])),
        async () => (await reader.query<Row>(sql, params)).rows,
      );
    } finally {
      reader.release();
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.cancels.end();
  }
}

const FIND_RANGES = `
  SELECT
    (SELECT relkind FROM pg_class WHERE oid = to_regclass('readings')) AS kind,
    EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'create_hypertable' AND pg_function_is_visible(oid)) AS timescale`;

/**
 * What keeps ranges of time apart. A store that was begun with partitions keeps them, should the extension come later.
 */
async function findRanges(writer: Writer): Promise<Engine["ranges"]> {
  const { rows } = await writer.run((client) => client.query<{ kind: string | null; timescale: boolean }>(FIND_RANGES));
  return rows[0]?.timescale && rows[0].kind !== "p" ? "timescale" : "own";
}

/** Tables by the week: partitions of our own, or TimescaleDB's chunks. Weeks count from 1970-01-01. */
class Weeks {
  private readonly made = new Set<string>();

  constructor(
    private readonly writer: Writer,
    private readonly ranges: Engine["ranges"],
  ) {}

  /** Makes room for what was observed in [from, to), ms. */
  async prepare(from: number, to: number): Promise<void> {
    if (this.ranges === "timescale") return;
    for (let week = Math.floor(from / WEEK); week * WEEK < to; week++)
      for (const table of PARTITIONED) await this.make(table, week);
  }

  private async make(table: string, week: number): Promise<void> {
    const name = `${table}_w${week}`;
    if (this.made.has(name)) return;
    const range = `FROM (${week * WEEK}) TO (${(week + 1) * WEEK})`;
    await this.writer.run((client) =>
      client.query(`CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${table} FOR VALUES ${range}`),
    );
    this.made.add(name);
  }

  /** Drops what was observed before `before`, ms; of a partitioned table, whole weeks alone. */
  expire(table: string, column: string, before: number): Promise<void> {
    return this.writer.run(async (client) => {
      if (!PARTITIONED.includes(table)) await client.query(`DELETE FROM ${table} WHERE ${column} < $1`, [before]);
      else if (this.ranges === "timescale")
        await client.query("SELECT drop_chunks($1::regclass, older_than => $2::bigint)", [table, Math.floor(before)]);
      else await this.drop(client, table, before);
    });
  }

  private async drop(client: pg.Client, table: string, before: number): Promise<void> {
    const { rows } = await client.query<{ name: string }>(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass",
      [table],
    );
    for (const { name } of rows) {
      const week = Number(/_w(\d+)$/.exec(name)?.[1] ?? Infinity);
      if ((week + 1) * WEEK > before) continue;
      await client.query(`DROP TABLE ${name}`);
      this.made.delete(name);
    }
  }
}

/** Asks for the bytes on disk of all tables of the schema. */
function sizeQuery(ranges: Engine["ranges"]): string {
  // TimescaleDB keeps its chunks in a schema of its own.
  const chunks = ranges === "timescale" ? PARTITIONED.map((table) => ` + hypertable_size('${table}')`).join("") : "";
  return `
    SELECT sum(pg_total_relation_size(oid))${chunks} AS bytes
    FROM pg_class
    WHERE relkind IN ('r', 'm') AND relnamespace = current_schema()::regnamespace`;
}

/**
 * A PostgreSQL server (14 or later), with TimescaleDB's hypertables where the extension is there. As long as it is open, no
 * other store is on the same database and schema.
 * @param url `postgres://…`
 * @param owner the installation whose past is kept there, which it is held to from then on; left out, it is not looked at
 * @param adopt makes it this one's, whosever it was
 * @throws NotOurs where another store has it, or it is another installation's
 */
export async function openPostgres(
  url: string,
  owner: Installation | null = null,
  { adopt = false } = {},
): Promise<Engine> {
  const writer = new Writer(url, new Claim(owner, adopt));
  const ranges = await findRanges(writer);
  const readers = new Readers(url);
  const weeks = new Weeks(writer, ranges);
  return {
    name: "postgres",
    ranges,
    dialect: {
      last: (value, by) => `(array_agg(${value} ORDER BY ${by} DESC NULLS LAST))[1]`,
      first: (value, by) => `(array_agg(${value} ORDER BY ${by} ASC NULLS LAST))[1]`,
      quantiles: (value, at) => `percentile_disc(ARRAY[${at.join(", ")}]) WITHIN GROUP (ORDER BY ${value})`,
    },
    rows: (sql, params) => writer.run((client) => session(client).rows(sql, params)),
    run: (sql, params) => writer.run((client) => session(client).run(sql, params)),
    append: (table, count, columns) => writer.run((client) => session(client).append(table, count, columns)),
    transaction: (task) => writer.run((client) => inTransaction(session(client), task)),
    query: (sql, params, signal) => readers.query(sql, params, signal),
    prepare: (from, to) => weeks.prepare(from, to),
    expire: (table, column, before) => weeks.expire(table, column, before),
    blames,
    size: async () => Number((await readers.query(sizeQuery(ranges)))[0]?.bytes ?? 0),
    compact: () => writer.run(async (client) => void (await session(client).run("VACUUM (ANALYZE)"))),
    copy: (folder, atMoment) => copyHistory(url, folder, atMoment),
    close,
    abandon: close,
  };

  async function close(): Promise<void> {
    await writer.close();
    await readers.close();
  }
}
