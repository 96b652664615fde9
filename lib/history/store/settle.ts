import type { Engine, Session } from "./engine";
import { WEEK } from "./schema";

const DAY = 86_400_000;
/** A day or a week is settled this long (ms) after it ended: by then stragglers and its rollups are in. */
const REST = 2 * 3_600_000;
/** A day that gets fewer late rows than this (in one batch) after it was settled is left as it is. */
const WORTH = 10_000;
/** What is put in order: table and its column of time. */
const TABLES = [
  ["readings", "observed"],
  ["minutes", "bucket"],
] as const;

const startOf = (at: number, width: number): number => Math.floor(at / width) * width;

/**
 * Puts the rows of days that are over, and again of weeks that are over, in order of series. As they come, rows of all
 * series alternate: values of different kinds side by side pack badly, and one series is spread over everything. In
 * order, a question about a few series opens few blocks, and times that follow each other evenly take next to no room;
 * a series has too few rows in a day for that (DuckDB packs 2,048 at once), in a week it has enough. The embedded
 * engine only; PostgreSQL has an index.
 */
export class Settling {
  private readonly days = new Set<number>();
  private readonly weeks = new Set<number>();

  constructor(private readonly engine: Engine) {}

  async open(): Promise<void> {
    if (this.engine.name !== "duckdb") return;
    this.days.clear();
    this.weeks.clear();
    for (const row of await this.engine.rows("SELECT day FROM unsettled")) this.days.add(Number(row.day));
    for (const row of await this.engine.rows("SELECT week FROM unsettled_weeks")) this.weeks.add(Number(row.week));
  }

  /** Notes the days that a batch adds to, within its transaction. */
  async note(tx: Session, observed: ArrayLike<number>, now: number): Promise<void> {
    if (this.engine.name !== "duckdb") return;
    const counts = new Map<number, number>();
    for (let i = 0; i < observed.length; i++) {
      const day = startOf(observed[i] as number, DAY);
      counts.set(day, (counts.get(day) ?? 0) + 1);
    }
    for (const [day, count] of counts) {
      if (this.days.has(day) || (count < WORTH && now > day + DAY + REST)) continue;
      await tx.run("INSERT INTO unsettled (day) VALUES ($1)", [day]);
      // Noted although the transaction may yet fail: a day too many is looked at, none is forgotten.
      this.days.add(day);
    }
  }

  /** Settles one day or week that is over. Returns true when there was one. */
  async step(now: number): Promise<boolean> {
    const day = earliestOver(this.days, DAY, now);
    if (day !== undefined) {
      const week = startOf(day, WEEK);
      await this.engine.transaction(async (tx) => {
        await settle(tx, day, day + DAY);
        await tx.run("DELETE FROM unsettled WHERE day = $1", [day]);
        if (!this.weeks.has(week)) await tx.run("INSERT INTO unsettled_weeks (week) VALUES ($1)", [week]);
      });
      this.days.delete(day);
      this.weeks.add(week);
      return true;
    }
    const week = earliestOver(this.weeks, WEEK, now);
    if (week === undefined) return false;
    await this.engine.transaction(async (tx) => {
      await settle(tx, week, week + WEEK);
      await tx.run("DELETE FROM unsettled_weeks WHERE week = $1", [week]);
    });
    this.weeks.delete(week);
    return true;
  }
}

function earliestOver(noted: Set<number>, width: number, now: number): number | undefined {
  return [...noted].sort((a, b) => a - b).find((start) => start + width + REST <= now);
}

/** Columns of a table but for those that are empty all over a range, and stay so when nothing is put into them. */
async function usedColumns(tx: Session, table: string, where: string): Promise<string> {
  const columns = await tx.rows(
    "SELECT column_name AS name, column_default AS preset FROM duckdb_columns() WHERE table_name = $1",
    [table],
  );
  const held = columns.map(({ name }) => `count(${String(name)}) AS ${String(name)}`).join(", ");
  const [counts] = await tx.rows(`SELECT ${held} FROM ${table} ${where}`);
  return columns
    .filter(({ name, preset }) => preset !== null || Number(counts?.[String(name)]) > 0)
    .map(({ name }) => String(name))
    .join(", ");
}

async function settle(tx: Session, from: number, to: number): Promise<void> {
  for (const [table, column] of TABLES) {
    const where = `WHERE ${column} >= ${from} AND ${column} < ${to}`;
    // Minutes with one reading leave most columns empty, and rows are put in order with all that they carry.
    const columns = await usedColumns(tx, table, where);
    if (columns === "") continue;
    await tx.run(
      `CREATE OR REPLACE TEMP TABLE settling AS SELECT ${columns} FROM ${table} ${where} ORDER BY series, ${column}`,
    );
    await tx.run(`DELETE FROM ${table} ${where}`);
    await tx.run(`INSERT INTO ${table} (${columns}) SELECT * FROM settling`);
    await tx.run("DROP TABLE settling");
  }
}
