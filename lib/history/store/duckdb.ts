import { constants, existsSync } from "node:fs";
import { copyFile, mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import {
  BIGINT,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  INTEGER,
  SMALLINT,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBMaterializedResult,
  type DuckDBValue,
} from "@duckdb/node-api";
import { syncFile, syncFolder } from "../../files/atomic";
import { Pace } from "../../clock/pace";
import { stoppable } from "./cancel";
import { blamesItem } from "./sifting";
import {
  stateOf,
  type AppendColumn,
  type Engine,
  type EngineCopy,
  type Row,
  type Session,
  type SqlValue,
} from "./engine";
import { inTransaction, Serial } from "./writing";

const TYPES = { INTEGER, BIGINT, DOUBLE, SMALLINT, TEXT: VARCHAR } as const;
/** Rows of a data chunk: DuckDB's vector size. */
const CHUNK = 2_048;
const READERS = 2;
/** What is written ahead goes into the file when there is so much of it; while the file is copied, never. */
const CHECKPOINTS = "SET checkpoint_threshold = '64MB'";
const NO_CHECKPOINTS = "SET checkpoint_threshold = '1024TB'";

/** A column of a chunk, its whole numbers of 64 bits as numbers: no time or count of ours is beyond 2^53. */
function columnOf(chunk: DuckDBDataChunk, c: number, count: number): SqlValue[] {
  const vector = chunk.getColumnVector(c);
  const values = new Array<SqlValue>(count);
  for (let i = 0; i < count; i++) {
    const value: unknown = vector.getItem(i);
    values[i] = typeof value === "bigint" ? Number(value) : (value as SqlValue);
  }
  return values;
}

/** Whole numbers go as BIGINT, so that arithmetic on times stays whole. */
function param(value: SqlValue): DuckDBValue {
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : value;
}

/**
 * Plans and runs a statement in one transaction. Given a list of parameters, even an empty one, the client prepares the
 * statement first, in a transaction of its own. A plan without parameters is then run as it is, although it goes by the
 * values that columns held when it was made: a condition that all of them met is left out
 * (https://github.com/duckdb/duckdb/issues/23704), and what the writer commits in between comes through. With
 * parameters it is planned again as it is run.
 */
function runAtOnce(connection: DuckDBConnection, sql: string, params: SqlValue[]): Promise<DuckDBMaterializedResult> {
  return params.length === 0 ? connection.run(sql) : connection.run(sql, params.map(param));
}

/**
 * Rows of a result. Whole columns are taken out of their chunks at once: a chart's day of minutes is ten thousand rows.
 */
async function rowsOf(connection: DuckDBConnection, sql: string, params: SqlValue[] = []): Promise<Row[]> {
  const result = await runAtOnce(connection, sql, params);
  const names = result.deduplicatedColumnNames();
  const rows: Row[] = [];
  const pace = new Pace();
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    if (pace.isOver) await pace.rest();
    // Asked once: each time is a call into the engine.
    const count = chunk.rowCount;
    const columns = names.map((_, c) => columnOf(chunk, c, count));
    for (let i = 0; i < count; i++) {
      const row: Row = {};
      for (let c = 0; c < names.length; c++) row[names[c] as string] = (columns[c] as SqlValue[])[i] as SqlValue;
      rows.push(row);
    }
  }
  return rows;
}

function fillChunk(columns: AppendColumn[], from: number, count: number): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(
    columns.map((column) => TYPES[column.type]),
    count,
  );
  columns.forEach((column, c) => {
    const vector = chunk.getColumnVector(c) as unknown as { setItem(i: number, value: unknown): void; flush(): void };
    for (let i = 0; i < count; i++) {
      const value = column.values[from + i];
      vector.setItem(i, column.type === "BIGINT" ? BigInt(Math.round(value as number)) : value);
    }
    vector.flush();
  });
  return chunk;
}

/** How DuckDB's errors begin that are the fault of what was given. Others (room, memory, the file) say nothing of it. */
const FAULTS = /^(Conversion|Out of Range|Constraint|Invalid Input) Error/;

function blames(error: unknown): boolean {
  return blamesItem(error) || (error instanceof Error && FAULTS.test(error.message));
}

function session(connection: DuckDBConnection): Session {
  return {
    rows: (sql, params) => rowsOf(connection, sql, params),
    async run(sql, params = []) {
      return (await runAtOnce(connection, sql, params)).rowsChanged;
    },
    async append(table, count, columns) {
      if (count === 0) return;
      const appender = await connection.createAppender(table);
      try {
        for (let from = 0; from < count; from += CHUNK)
          appender.appendDataChunk(fillChunk(columns, from, Math.min(CHUNK, count - from)));
        appender.flushSync();
      } catch (error) {
        // What it holds would be written once it is collected, into whatever is under way then.
        appender.clear();
        throw error;
      }
      appender.closeSync();
    },
  };
}

/** Connections that read beside the writer. Who finds none idle waits for one. */
class Readers {
  private readonly waiting: ((connection: DuckDBConnection) => void)[] = [];
  private readonly idle: DuckDBConnection[];
  /** called when one is idle that none waits for, as they are to be closed */
  private closing: (() => void) | null = null;

  private constructor(private readonly all: readonly DuckDBConnection[]) {
    this.idle = [...all];
  }

  static async open(instance: DuckDBInstance): Promise<Readers> {
    const all: DuckDBConnection[] = [];
    for (let i = 0; i < READERS; i++) all.push(await instance.connect());
    return new Readers(all);
  }

  /** Rows of a question; rejects with `cancelled` once `signal` fires. */
  async query(sql: string, params?: SqlValue[], signal?: AbortSignal): Promise<Row[]> {
    const connection =
      this.idle.pop() ?? (await new Promise<DuckDBConnection>((resolve) => this.waiting.push(resolve)));
    try {
      return await stoppable(
        signal,
        () => connection.interrupt(),
        () => rowsOf(connection, sql, params),
      );
    } finally {
      const next = this.waiting.shift();
      if (next) next(connection);
      else this.idle.push(connection);
      this.closing?.();
    }
  }

  /** Stops what is being asked, and closes all: a file is let go of when nobody has it open any more. */
  async close(): Promise<void> {
    while (this.idle.length < this.all.length) {
      for (const connection of this.all) if (!this.idle.includes(connection)) connection.interrupt();
      await new Promise<void>((resolve) => (this.closing = resolve));
    }
    for (const connection of this.idle) connection.closeSync();
  }
}

/** Bytes of the file and of what is written ahead of it. */
async function sizeOnDisk(file: string): Promise<number> {
  const sizes = await Promise.all(
    [file, `${file}.wal`].map((name) =>
      stat(name).then(
        (info) => info.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * Between two checkpoints all that is committed is written ahead, beside the file, and what the file held at the first of them stays
 * readable in it: a process that is killed begins from there. So the file can be copied while the writer goes on.
 */
async function copyOf(
  file: string,
  folder: string,
  writing: Serial,
  direct: Session,
  atMoment: () => void,
): Promise<EngineCopy> {
  const state = await writing.run(async () => {
    await direct.run("CHECKPOINT");
    await direct.run(NO_CHECKPOINTS);
    atMoment();
    return stateOf(direct);
  });
  try {
    const copy = path.join(folder, path.basename(file));
    // Where the file system can, nothing is copied before one of the two is changed.
    await copyFile(file, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await syncFile(copy);
    return state;
  } finally {
    await writing.run(() => direct.run(CHECKPOINTS));
  }
}

/** Extensions would be fetched from the network. */
const SETTINGS = {
  threads: "2",
  memory_limit: "1GB",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
};

/**
 * Makes an empty file of the engine, whole before it has its name: DuckDB writes its headers one after the other, and takes a file
 * that lacks one, as where the disk was full or the process was killed, for a broken one.
 */
async function makeFile(file: string): Promise<void> {
  const draft = `${file}.new`;
  const all = [draft, `${draft}.wal`];
  const clear = (): Promise<unknown> => Promise.all(all.map((name) => rm(name, { force: true })));
  await mkdir(path.dirname(file), { recursive: true });
  await clear();
  try {
    const instance = await DuckDBInstance.create(draft, SETTINGS);
    instance.closeSync();
    await syncFile(draft);
    // What was written ahead of a file that is gone says nothing of this one.
    await rm(`${file}.wal`, { force: true });
    await rename(draft, file);
    await syncFolder(path.dirname(file));
  } finally {
    await clear();
  }
}

/** The embedded engine: one file. @param file where, made when it is not there */
export async function openDuckdb(file: string): Promise<Engine> {
  if (!existsSync(file)) await makeFile(file);
  const instance = await DuckDBInstance.create(file, SETTINGS);
  const writer = await instance.connect();
  await writer.run(CHECKPOINTS);
  const readers = await Readers.open(instance);
  const writing = new Serial();
  const direct = session(writer);
  return {
    name: "duckdb",
    ranges: "own",
    dialect: {
      last: (value, by) => `arg_max(${value}, ${by})`,
      first: (value, by) => `arg_min(${value}, ${by})`,
      quantiles: (value, at) => `quantile_disc(${value}, [${at.join(", ")}])`,
    },
    rows: (sql, params) => writing.run(() => direct.rows(sql, params)),
    run: (sql, params) => writing.run(() => direct.run(sql, params)),
    append: (table, count, columns) => writing.run(() => direct.append(table, count, columns)),
    transaction: (task) => writing.run(() => inTransaction(direct, task)),
    query: (sql, params, signal) => readers.query(sql, params, signal),
    prepare: () => Promise.resolve(),
    expire: (table, column, before) =>
      writing.run(async () => void (await direct.run(`DELETE FROM ${table} WHERE ${column} < $1`, [before]))),
    blames,
    size: () => sizeOnDisk(file),
    compact: () => writing.run(async () => void (await direct.run("CHECKPOINT"))),
    copy: (folder, atMoment) => copyOf(file, folder, writing, direct, atMoment),
    close: () => end("CHECKPOINT"),
    abandon: () => end("PRAGMA disable_checkpoint_on_shutdown"),
  };

  async function end(last: string): Promise<void> {
    await writing.run(() => direct.run(last)).catch(() => {});
    await readers.close();
    writer.closeSync();
    instance.closeSync();
  }
}
