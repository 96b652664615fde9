import pg from "pg";
import { Cancelled, stoppable } from "./cancel";
import type { AppendColumn, Engine, Row, Session } from "./engine";
import { WEEK } from "./schema";

// BIGINT comes as text by default; ms since 1970 and counts fit a double.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

const CAST = { INTEGER: "int4", BIGINT: "int8", DOUBLE: "float8", SMALLINT: "int2", TEXT: "text" } as const;
/** Rows of one INSERT. */
const CHUNK = 20_000;
const READERS = 4;
/** Tables whose rows are kept by the week. */
const PARTITIONED = ["readings", "positions"];

function session(client: pg.ClientBase | pg.Pool): Session {
  return {
    rows: async (sql, params = []) => (await client.query<Row>(sql, params)).rows,
    async run(sql, params = []) {
      await client.query(sql, params);
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

/** Name of the partition that holds a week, counted from 1970-01-01. */
function partition(table: string, week: number): string {
  return `${table}_w${week}`;
}

/** A PostgreSQL server (14 or later), with TimescaleDB's hypertables where the extension is there. @param url `postgres://…` */
export async function openPostgres(url: string): Promise<Engine> {
  const readers = new pg.Pool({ connectionString: url, max: READERS, application_name: "citywall" });
  // A server that goes away while nobody asks must not end this process; the next statement tells.
  readers.on("error", () => {});
  // Where all readers are busy none is left to stop one of them.
  const cancels = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 5_000,
    application_name: "citywall cancel",
  });
  cancels.on("error", () => {});
  let client: pg.Client | null = null;
  const made = new Set<string>();
  let writing: Promise<unknown> = Promise.resolve();

  async function writer(): Promise<pg.Client> {
    if (client) return client;
    const fresh = new pg.Client({ connectionString: url, application_name: "citywall writer" });
    fresh.on("error", () => {
      client = null;
    });
    await fresh.connect();
    client = fresh;
    return fresh;
  }

  function alone<T>(task: (client: pg.Client) => Promise<T>): Promise<T> {
    const result = writing.then(
      () => writer().then(task),
      () => writer().then(task),
    );
    writing = result.catch(() => {});
    return result;
  }

  // A store that was begun with partitions keeps them, should the extension come later.
  const {
    rows: [found],
  } = await (
    await writer()
  ).query<{ kind: string | null; timescale: boolean }>(
    "SELECT (SELECT relkind FROM pg_class WHERE oid = to_regclass('readings')) AS kind, EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'create_hypertable' AND pg_function_is_visible(oid)) AS timescale",
  );
  const ranges = found?.timescale && found.kind !== "p" ? "timescale" : "own";

  const engine: Engine = {
    name: "postgres",
    ranges,
    dialect: {
      last: (value, by) => `(array_agg(${value} ORDER BY ${by} DESC NULLS LAST))[1]`,
      first: (value, by) => `(array_agg(${value} ORDER BY ${by} ASC NULLS LAST))[1]`,
      quantiles: (value, at) => `percentile_disc(ARRAY[${at.join(", ")}]) WITHIN GROUP (ORDER BY ${value})`,
    },
    rows: (sql, params) => alone((c) => session(c).rows(sql, params)),
    run: (sql, params) => alone((c) => session(c).run(sql, params)),
    append: (table, count, columns) => alone((c) => session(c).append(table, count, columns)),
    transaction: (task) =>
      alone(async (c) => {
        await c.query("BEGIN");
        try {
          const result = await task(session(c));
          await c.query("COMMIT");
          return result;
        } catch (error) {
          await c.query("ROLLBACK").catch(() => {});
          throw error;
        }
      }),
    async query(sql, params = [], signal) {
      if (signal?.aborted) throw new Cancelled();
      const reader = await readers.connect();
      const { processID } = reader as unknown as { processID: number };
      try {
        return await stoppable(
          signal,
          async () => void (await cancels.query("SELECT pg_cancel_backend($1)", [processID])),
          async () => (await reader.query<Row>(sql, params)).rows,
        );
      } finally {
        reader.release();
      }
    },
    async prepare(from, to) {
      if (ranges === "timescale") return;
      for (let week = Math.floor(from / WEEK); week * WEEK < to; week++) {
        for (const table of PARTITIONED) {
          const name = partition(table, week);
          if (made.has(name)) continue;
          await alone((c) =>
            c.query(
              `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${table} FOR VALUES FROM (${week * WEEK}) TO (${(week + 1) * WEEK})`,
            ),
          );
          made.add(name);
        }
      }
    },
    expire: (table, column, before) =>
      alone(async (c) => {
        if (!PARTITIONED.includes(table)) {
          await c.query(`DELETE FROM ${table} WHERE ${column} < $1`, [before]);
          return;
        }
        if (ranges === "timescale") {
          await c.query("SELECT drop_chunks($1::regclass, older_than => $2::bigint)", [table, Math.floor(before)]);
          return;
        }
        const { rows } = await c.query<{ name: string }>(
          "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass",
          [table],
        );
        for (const { name } of rows) {
          const week = Number(/_w(\d+)$/.exec(name)?.[1] ?? Infinity);
          if ((week + 1) * WEEK > before) continue;
          await c.query(`DROP TABLE ${name}`);
          made.delete(name);
        }
      }),
    async size() {
      // TimescaleDB keeps its chunks in a schema of its own.
      const chunks =
        ranges === "timescale" ? PARTITIONED.map((table) => ` + hypertable_size('${table}')`).join("") : "";
      return Number(
        (
          await engine.query(
            `SELECT sum(pg_total_relation_size(oid))${chunks} AS bytes FROM pg_class WHERE relkind IN ('r', 'm') AND relnamespace = current_schema()::regnamespace`,
          )
        )[0]?.bytes ?? 0,
      );
    },
    compact: () =>
      alone(async (c) => {
        await c.query("VACUUM (ANALYZE)");
      }),
    async close() {
      await writing;
      await client?.end();
      await readers.end();
      await cancels.end();
    },
  };
  return engine;
}
