import type { Engine, Session } from "./engine";

const DAY = 86_400_000;
/** A day is settled this long (ms) after it ended: by then stragglers and its rollups are in. */
const REST = 2 * 3_600_000;
/** A day that gets fewer late rows than this (in one batch) after it was settled is left as it is. */
const WORTH = 10_000;
/** What is put in order: table and its column of time. */
const TABLES = [["readings", "observed"], ["minutes", "bucket"]] as const;

const dayOf = (at: number): number => Math.floor(at / DAY) * DAY;

/**
 * Puts the rows of days that are over in order of series. As they come, rows of all series alternate: values of different
 * kinds side by side pack badly, and one series is spread over everything. In order, a day takes about half the room, and
 * a question about a few series opens few blocks. The embedded engine only; PostgreSQL has an index.
 */
export class Settling {
  private readonly noted = new Set<number>();

  constructor(private readonly engine: Engine) {}

  async open(): Promise<void> {
    for (const row of await this.engine.rows("SELECT day FROM unsettled")) this.noted.add(Number(row.day));
  }

  /** Notes the days that a batch adds to, within its transaction. */
  async note(tx: Session, observed: ArrayLike<number>, now: number): Promise<void> {
    if (this.engine.name !== "duckdb") return;
    const counts = new Map<number, number>();
    for (let i = 0; i < observed.length; i++) {
      const day = dayOf(observed[i] as number);
      counts.set(day, (counts.get(day) ?? 0) + 1);
    }
    for (const [day, count] of counts) {
      if (this.noted.has(day) || (count < WORTH && now > day + DAY + REST)) continue;
      await tx.run("INSERT INTO unsettled (day) VALUES ($1)", [day]);
      // Noted although the transaction may yet fail: a day too many is looked at, none is forgotten.
      this.noted.add(day);
    }
  }

  /** Settles one day that is over. Returns true when there was one. */
  async step(now: number): Promise<boolean> {
    const day = [...this.noted].sort((a, b) => a - b).find((noted) => noted + DAY + REST <= now);
    if (day === undefined) return false;
    await this.engine.transaction(async (tx) => {
      for (const [table, column] of TABLES) {
        const where = `WHERE ${column} >= ${day} AND ${column} < ${day + DAY}`;
        await tx.run(`CREATE OR REPLACE TEMP TABLE settling AS SELECT * FROM ${table} ${where} ORDER BY series, ${column}`);
        await tx.run(`DELETE FROM ${table} ${where}`);
        await tx.run(`INSERT INTO ${table} SELECT * FROM settling`);
        await tx.run("DROP TABLE settling");
      }
      await tx.run("DELETE FROM unsettled WHERE day = $1", [day]);
    });
    this.noted.delete(day);
    return true;
  }
}
