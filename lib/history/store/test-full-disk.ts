/**
 * For tests: a store at work whose disk runs full, in a process of its own, as DuckDB may end it. Its journals are elsewhere, where
 * there is room. Called with a folder that holds `plan.json` (the steps) and `disk`; it goes on where an earlier process of the same
 * folder was ended, and prints its verdict.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeWholeSync } from "../../files/atomic";
import { SmallDisk } from "../../files/test-disk";
import { parseHistoryConfig } from "../config";
import { BulkJournal, ColumnsBuilder, journalFolder, JournalWriter, LIVE } from "../writer/journal";
import { annotate, annotationsOf, unannotate } from "./annotations";
import { isCorrupt, isGivenUp } from "./corrupt";
import { openDuckdb } from "./duckdb";
import type { Engine } from "./engine";
import { Historian } from "./historian";
import { spansFromVersions } from "./schema";

/** What is done to a store or to its disk; `give` and `import` are journals', which are written elsewhere. */
export type Step =
  /** readings of one series, a position, a version of an event and a layout; `age`: of how many minutes ago they tell */
  | { kind: "give"; count: number; series: number; bad: boolean; age: number; thing: number; event: number }
  /** readings of the day before, in a journal beside the live one that is then forgotten */
  | { kind: "import"; count: number }
  | { kind: "follow" }
  /** time passes, and what has to be done by then is done */
  | { kind: "maintain"; minutes: number }
  | { kind: "annotate"; id: number }
  | { kind: "unannotate"; id: number }
  | { kind: "checkpoint" }
  /** a question, which goes on beside the steps that follow */
  | { kind: "ask" }
  /** the disk is filled but for so many bytes */
  | { kind: "fill"; left: number }
  | { kind: "empty" }
  /** the store is closed and opened, as where it is started again */
  | { kind: "open" }
  | { kind: "kill" };

/** How a trial ended. */
export interface Verdict {
  /** readings that were given */
  given: number;
  /** what the store should not be like; empty where all is well */
  wrong: string[];
  /** what the store failed with on the way */
  faults: string[];
}

/** What is remembered from one process to the next. */
interface Progress {
  next: number;
  /** whether each annotation that was ever written should be there, by number; null: what it was told of last failed */
  notes: Record<number, boolean | null>;
  wrong: string[];
  faults: string[];
}

const T0 = Date.parse("2026-11-20T16:00:00Z");
const MINUTE = 60_000;
const DAY = 86_400_000;
const CITY = "lianyungang";
const METRICS = ["cases-today", "inspections-today", "calls-today"];
const STAGES = ["new", "moving", "closed"];
/** Times that what failed is tried again once there is room. */
const TRIES = 5;

class Trial {
  private readonly progress: Progress = { next: 0, notes: {}, wrong: [], faults: [] };
  private readonly journal: JournalWriter;
  private readonly disk: SmallDisk;
  private readonly steps: Step[];
  private historian: Historian | null = null;

  constructor(private readonly folder: string) {
    this.steps = JSON.parse(readFileSync(path.join(folder, "plan.json"), "utf8")) as Step[];
    if (existsSync(this.memory)) Object.assign(this.progress, JSON.parse(readFileSync(this.memory, "utf8")));
    this.journal = new JournalWriter(journalFolder(folder), 1e9);
    this.disk = new SmallDisk(path.join(folder, "disk"));
  }

  private get memory(): string {
    return path.join(this.folder, "progress.json");
  }

  private remember(): void {
    writeWholeSync(this.memory, JSON.stringify(this.progress));
  }

  /** The time at a step, ms. */
  private now(next = this.progress.next): number {
    const passed = this.steps.slice(0, next + 1).map((step) => (step.kind === "maintain" ? step.minutes : 0));
    return passed.reduce((sum, minutes) => sum + minutes * MINUTE, T0);
  }

  /** How many readings are given before a step: the first value that it gives. */
  private valuesBefore(next: number): number {
    return this.steps.slice(0, next).reduce((sum, step) => sum + ("count" in step ? step.count : 0), 0);
  }

  async run(): Promise<Verdict> {
    for (let step = this.steps[this.progress.next]; step; step = this.steps[this.progress.next]) {
      await this.take(step);
      this.progress.next++;
      this.remember();
      if (step.kind === "kill") process.kill(process.pid, "SIGKILL");
    }
    this.disk.empty();
    await this.finish();
    await this.historian?.engine.close();
    await this.journal.close();
    return { given: this.valuesBefore(Infinity), wrong: this.progress.wrong, faults: this.progress.faults };
  }

  private async take(step: Step): Promise<void> {
    if (step.kind === "give") return this.give(step);
    if (step.kind === "import") return this.import(step.count);
    if (step.kind === "fill") return this.disk.fill(step.left);
    if (step.kind === "empty") return this.disk.empty();
    await this.attempt(() => this.ask(step));
  }

  /** Does something that may fail for want of room. Returns whether it went well. */
  private async attempt(task: () => Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      const { message } = error as Error;
      const told = message.split("\n")[0] ?? "";
      if (!this.progress.faults.includes(told)) this.progress.faults.push(told);
      if (isCorrupt(error)) this.progress.wrong.push(`a full disk is taken for a broken file: ${told}`);
      // As the service does it.
      if (isCorrupt(error) || isGivenUp(error)) {
        const broken = this.historian;
        this.historian = null;
        await broken?.engine.abandon().catch(() => {});
      }
      return false;
    }
  }

  private async opened(): Promise<Historian> {
    if (this.historian) return this.historian;
    const engine = await openDuckdb(path.join(this.folder, "disk", "h.duckdb"));
    const historian = new Historian(engine, parseHistoryConfig({}), null);
    try {
      await historian.open(T0);
    } catch (error) {
      await engine.close().catch(() => {});
      throw error;
    }
    this.historian = historian;
    return historian;
  }

  private async ask(step: Step): Promise<void> {
    const historian = await this.opened();
    const { engine } = historian;
    if (step.kind === "follow") await this.follow(historian);
    if (step.kind === "maintain") while (await historian.maintain(this.now()));
    if (step.kind === "checkpoint") await engine.compact();
    if (step.kind === "annotate" || step.kind === "unannotate") await this.note(engine, step);
    if (step.kind === "open") {
      this.historian = null;
      await engine.close();
    }
    // Of every table, so that what is taken out of one has to be kept for it.
    if (step.kind === "ask")
      engine
        .query("SELECT count(*) AS n FROM journal_place, rolled, series, things, event_spans, range(20000) AS r(n)")
        .catch(() => {});
  }

  private async note(engine: Engine, { kind, id }: { kind: string; id: number }): Promise<void> {
    const isThere = this.progress.notes[id];
    if (isThere === (kind === "annotate")) return;
    this.progress.notes[id] = null;
    const asked = { city: CITY, id: `note-${id}` };
    // A note of an earlier try that failed may be there.
    await unannotate(engine, asked);
    if (kind === "annotate")
      await annotate(engine, {
        ...asked,
        district: "all",
        metric: null,
        from: T0,
        to: T0,
        text: "t",
        made: T0,
        by: null,
      });
    this.progress.notes[id] = kind === "annotate";
  }

  private async follow(historian: Historian): Promise<void> {
    while (await historian.follow(LIVE, journalFolder(this.folder), this.now()));
    for (let i = 0; i < this.progress.next; i++) {
      if (this.steps[i]?.kind !== "import") continue;
      const name = `import-${i}`;
      while (await historian.follow(name, journalFolder(this.folder, name), this.now()));
    }
  }

  private async give({ count, series, bad, age, thing, event }: Step & { kind: "give" }): Promise<void> {
    const { next } = this.progress;
    const at = this.now() - age * MINUTE;
    const topic = `reading/${CITY}/all/${METRICS[series % METRICS.length]}`;
    const first = this.valuesBefore(next);
    for (let value = first; value < first + count; value++)
      this.journal.reading(topic, at + value, this.now(), value, bad ? "bad" : "good");
    this.journal.position({
      ...{ topic: `positions/${CITY}/patrols`, id: `p${thing}`, label: `label ${next}`, at: at + next },
      ...{ lon: next / 1_000, lat: 34, heading: 0, speed: 0 },
    });
    this.journal.event(
      {
        ...{ id: `e${event}`, city: CITY, district: "all", kind: "noise", title: "t", severity: 1, source: "s" },
        ...{ stage: STAGES[next % STAGES.length] ?? "", stages: STAGES, at: T0 + event, updated: T0 + DAY + next },
      },
      this.now(),
    );
    this.journal.screen(CITY, "overview", `layout ${next}`, T0 + next);
    await this.journal.flushed();
  }

  private import(count: number): Promise<void> {
    const { next } = this.progress;
    const first = this.valuesBefore(next);
    const columns = new ColumnsBuilder();
    for (let value = first; value < first + count; value++)
      columns.add(`reading/${CITY}/all/${METRICS[0]}`, T0 - DAY + value * 1_000, this.now(), value, "good");
    const journal = new BulkJournal(path.dirname(journalFolder(this.folder)), `import-${next}`);
    journal.write({ readings: columns.take(), events: [], positions: [], screens: [] });
    journal.end();
    return Promise.resolve();
  }

  /** There is room again: all goes on by itself, and nothing is lost or doubled. */
  private async finish(): Promise<void> {
    let well = false;
    for (let tries = 0; tries < TRIES && !well; tries++)
      well = await this.attempt(async () => {
        const historian = await this.opened();
        await this.follow(historian);
        // By then all that changed is looked for again.
        while (await historian.maintain(this.now() + 60 * MINUTE));
      });
    if (!well) return void this.progress.wrong.push("it does not go on although there is room");
    await this.compare((await this.opened()).engine);
  }

  private async compare(engine: Engine): Promise<void> {
    const given = this.steps.flatMap((step, i) => (step.kind === "give" ? [{ step, i }] : []));
    const values = Array.from({ length: this.valuesBefore(Infinity) }, (_, value) => value);
    const column = async (sql: string): Promise<unknown[]> => (await engine.rows(sql)).map(({ v }) => v);
    const expected: [what: string, sql: string, is: unknown[]][] = [
      ["readings", "SELECT value AS v FROM readings ORDER BY value", values],
      ["positions", "SELECT lon // 100 AS v FROM positions ORDER BY lon", given.map(({ i }) => i)],
      ["events", `SELECT updated - ${T0 + DAY} AS v FROM event_versions ORDER BY 1`, given.map(({ i }) => i)],
      ["layouts", "SELECT layout AS v FROM screen_versions ORDER BY recorded", given.map(({ i }) => `layout ${i}`)],
      [
        "labels",
        "SELECT name || ' ' || label AS v FROM things ORDER BY 1",
        [...new Map(given.map(({ step, i }) => [step.thing, `p${step.thing} label ${i}`])).values()].sort(),
      ],
      [
        "flaws",
        "SELECT id AS v FROM series WHERE flawed = 1 ORDER BY id",
        await column("SELECT DISTINCT series AS v FROM readings WHERE quality > 0 ORDER BY series"),
      ],
      [
        "minutes",
        "SELECT coalesce(sum(n), 0) || ' ' || coalesce(sum(sum), 0) AS v FROM minutes",
        await column(`SELECT count(*) || ' ' || coalesce(sum(value), 0) AS v FROM readings WHERE quality < 2
          AND observed < (SELECT until FROM rolled WHERE tier = 'minutes')`),
      ],
      ["tiers", "SELECT tier AS v FROM rolled ORDER BY tier", ["days", "hours", "minutes"]],
    ];
    for (const [what, sql, is] of expected) this.differ(what, await column(sql), is);
    const spans = "SELECT city || id || opened || ' ' || moved || ' ' || closed AS v FROM event_spans ORDER BY 1";
    const kept = await column(spans);
    await engine.run("DELETE FROM event_spans");
    await engine.run(spansFromVersions("duckdb"));
    this.differ("spans", kept, await column(spans));
    const notes = (await annotationsOf(engine, { city: CITY, from: 0, to: T0 + 1 })).map(({ id }) => id);
    for (const [id, isThere] of Object.entries(this.progress.notes))
      if (isThere !== null && notes.includes(`note-${id}`) !== isThere)
        this.progress.wrong.push(`note ${id} is ${isThere ? "lost" : "there again"}`);
  }

  private differ(what: string, found: unknown[], expected: unknown[]): void {
    const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
    if (a !== b) this.progress.wrong.push(`${what}: ${a.slice(0, 300)} instead of ${b.slice(0, 300)}`);
  }
}

process.stdout.write(JSON.stringify(await new Trial(process.argv[2] ?? "").run()));
