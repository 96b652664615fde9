import { LIMITS } from "../../contract/api/limits";
import { parseTopic } from "../../contract/topics";
import { giveNotice } from "../../files/notices";
import { keepFor, type HistoryConfig } from "../config";
import { setAside, keepBytes, type Refused } from "../writer/aside";
import { filtered, merged } from "./batches";
import type { Engine, Session } from "./engine";
import { addEvents, expireSpans } from "./events";
import { endOf, isBefore, markOf, Places } from "./places";
import {
  journalFolder,
  LIVE,
  segmentFile,
  segmentsIn,
  type JournalBatch,
  type JournalPosition,
  type ReadingColumns,
} from "../writer/journal";
import { readSegment, type SegmentPiece } from "../writer/reader";
import { Rollups } from "./rollup";
import { migrate } from "./schema";
import { Settling } from "./settle";
import { sift, Unkeepable } from "./sifting";
import { Things, type NewThings } from "./things";
import { unstored } from "./unstored";

const DAY = 86_400_000;
const RETENTION_EVERY = 3_600_000;
/** Bytes of a journal that are taken in at once. */
const PIECE = 8 << 20;
/** What is left of a refused piece may be refused again, for what items do together; this often it is sifted anew. */
const SIFTINGS = 3;

/** Ends a transaction that was begun only to see whether it could be. */
class Undone extends Error {}

/** What a piece of a journal adds to what is remembered of the store, once it is committed. */
interface Learnt {
  names: Map<string, number>;
  things: NewThings;
  newest: Map<number, number>;
  flawed: Set<number>;
}

function nothingLearnt(): Learnt {
  return { names: new Map(), things: new Map(), newest: new Map(), flawed: new Set() };
}

/**
 * Takes the journal into the store: batches in one transaction each, with the place they end at, so that a killed
 * process goes on exactly where the store stands. Makes rollups, and drops what is older than it is kept.
 */
export class Historian {
  readonly rollups: Rollups;
  private readonly seriesIds = new Map<string, number>();
  private readonly newest = new Map<number, number>();
  private readonly things = new Things();
  private readonly places = new Places();
  /** series that ever had a reading that is not good: others are asked without a look at quality */
  private readonly flawed = new Set<number>();
  private readonly settling: Settling;
  private keptAt = 0;
  /** A server that dies as it commits may have committed: what is remembered here is not to be trusted then. */
  private unsure = false;
  /** readings taken in by this process */
  taken = 0;
  /** the present as far as it has been told, ms */
  private asOf = 0;

  /** @param data the folder in which what is refused is kept; null: a store that refuses something stands still */
  constructor(
    readonly engine: Engine,
    private readonly config: HistoryConfig,
    private readonly data: string | null = null,
  ) {
    this.rollups = new Rollups(engine);
    this.settling = new Settling(engine);
  }

  /** Makes or brings up to date the tables and learns where an earlier run stopped. */
  async open(now: number): Promise<void> {
    await migrate(this.engine);
    await this.learn(now);
  }

  /** Reads from the store what this process remembers of it. */
  private async learn(now: number): Promise<void> {
    await this.rollups.open(now);
    await this.settling.open();
    await this.places.open(this.engine);
    this.flawed.clear();
    for (const row of await this.engine.rows("SELECT id, topic, flawed FROM series")) {
      this.seriesIds.set(String(row.topic), Number(row.id));
      if (Number(row.flawed) === 1) this.flawed.add(Number(row.id));
    }
    await this.things.open(this.engine);
    // The newest observation of a series is in its last rolled-up bucket or after it.
    const newest = await this.engine.rows(`
      SELECT series, max(t) AS t FROM (
        SELECT series, max(greatest(last_at, bad_at)) AS t FROM days GROUP BY series
        UNION ALL
        SELECT series, max(observed) AS t FROM readings
        WHERE observed >= ${this.rollups.watermark.days - DAY}
        GROUP BY series
      ) AS u GROUP BY series`);
    for (const row of newest) this.newest.set(Number(row.series), Number(row.t));
    // A day that is to be made again may hold later ones of any series. To take one for late costs a look at versions
    // and no more.
    const [changed] = await this.engine.rows("SELECT max(bucket) AS bucket FROM dirty WHERE tier = 'days'");
    if (changed?.bucket === null || changed?.bucket === undefined) return;
    const end = Number(changed.bucket) + DAY - 1;
    for (const id of this.seriesIds.values()) this.newest.set(id, Math.max(end, this.newest.get(id) ?? -Infinity));
  }

  /** Runs a step of work; after one that failed, the next learns first how the store stands. */
  private async step<T>(now: number, task: () => Promise<T>): Promise<T> {
    if (this.unsure) {
      await this.learn(now);
      this.unsure = false;
    }
    try {
      return await task();
    } catch (error) {
      this.unsure = true;
      throw error;
    }
  }

  /** Up to where a journal has been taken in. */
  checkpoint(journal: string): JournalPosition {
    return this.places.at(journal);
  }

  /** When the last reading taken in from the live journal was recorded, ms. */
  get recordedUntil(): number {
    return this.places.recordedUntil;
  }

  /** The series of a topic, or undefined when nothing of it was ever kept. */
  series(topic: string): number | undefined {
    return this.seriesIds.get(topic);
  }

  /** Whether any of these series ever had a reading that is uncertain or bad. */
  isFlawed(series: number[]): boolean {
    return series.some((id) => this.flawed.has(id));
  }

  /** Forgets a journal that is gone. */
  async forget(journal: string): Promise<void> {
    await this.places.forget(this.engine, journal);
  }

  /**
   * Looks whether a journal is the one of which the store remembers a place. One that is not, as in a data folder that was restored
   * from an older copy, is read from its beginning, and what the store does not have of it is taken in.
   */
  async verify(journal: string, folder: string, now: number): Promise<void> {
    const why = await this.places.strayed(journal, folder);
    if (why === null) return;
    const { segment, offset } = this.checkpoint(journal);
    if (this.data !== null)
      giveNotice(this.data, {
        what: "restored",
        id: `${journal}-${segment}-${offset}`,
        at: now,
        file: folder,
        fault:
          `the journal is older than the store, or another: ${why}. Was the data folder restored from an older copy? All that the ` +
          "journal holds is compared with the store, and what is missing there is taken in, nothing twice",
        kept: null,
        lost: 0,
        exact: false,
      });
    await this.readAgain(journal, folder, await endOf(folder));
  }

  /**
   * Has a journal read from its oldest record on. What lies before `to` is compared with the store, and only what is missing there
   * taken in.
   */
  private async readAgain(journal: string, folder: string, to: JournalPosition): Promise<void> {
    const [oldest] = segmentsIn(folder);
    const begin = { segment: oldest ?? Infinity, offset: 0 };
    // Of what lies before its place nothing is left: that segments are missing is told as it is read on.
    if (!isBefore(begin, this.checkpoint(journal))) return;
    const before = this.places.known(journal);
    const known = before && isBefore(to, before) ? before : to;
    const noted = await this.engine.transaction((tx) => this.places.note(tx, journal, begin, { mark: null, known }));
    noted();
  }

  /** Takes in again what the store has lost of the journals, as far as they still have it. @param data the data folder */
  async restore(data: string, now: number): Promise<void> {
    for (const journal of this.places.journals) {
      const folder = journalFolder(data, journal);
      const to = this.checkpoint(journal);
      await this.readAgain(journal, folder, to);
      while (isBefore(this.checkpoint(journal), to) && (await this.follow(journal, folder, now)));
    }
  }

  /** Takes in what a journal holds beyond its place. Returns true while there is more. */
  follow(journal: string, folder: string, now: number): Promise<boolean> {
    return this.step(now, () => this.takeIn(journal, folder, now));
  }

  private async takeIn(journal: string, folder: string, now: number): Promise<boolean> {
    this.asOf = now;
    const checkpoint = this.checkpoint(journal);
    const segments = segmentsIn(folder).filter((segment) => segment >= checkpoint.segment);
    const [segment] = segments;
    if (segment === undefined) {
      await this.verify(journal, folder, now);
      return isBefore(this.checkpoint(journal), checkpoint);
    }
    // The one that was being read stays until it has been read to its end, so that numbers follow each other.
    if (checkpoint.segment > 0 && segment > checkpoint.segment + 1)
      this.noteMissing(journal, folder, checkpoint, segment, now);
    const offset = segment === checkpoint.segment ? checkpoint.offset : 0;
    const [, next] = segments;
    const following = next === undefined ? null : segmentFile(folder, next);
    const known = this.places.known(journal);
    // Up to where it may be in the store a journal is read by itself: what follows is just added.
    const limit = known?.segment === segment ? Math.min(PIECE, Math.max(1, known.offset - offset)) : PIECE;
    const read = await readSegment(segmentFile(folder, segment), offset, limit, following);
    const mark = (await markOf(folder, segment)) ?? undefined;
    if (read.damage && this.data !== null) {
      this.noteDamage(this.data, journal, segmentFile(folder, segment), { segment, offset }, read.damage, now);
      await this.apply([], journal, { segment, offset: read.offset }, mark);
      return true;
    }
    if (read.batches.length === 0) {
      // Nothing whole is left in this one; a later segment means that nothing will be added to it.
      if (next === undefined) {
        // All of it is taken in, which a question may be waiting for; the next record that comes notes the place for
        // good.
        if (segment > checkpoint.segment) this.places.pass(journal, { segment, offset: 0 });
        return false;
      }
      await this.apply([], journal, { segment: next, offset: 0 }, mark);
      return true;
    }
    const to = { segment, offset: read.offset };
    await this.applySound(read.batches, journal, { segment, offset }, to, now, mark);
    return true;
  }

  /** Keeps bytes of a journal that are no record, and says how much was in them: before the place is passed. */
  private noteDamage(
    data: string,
    journal: string,
    file: string,
    place: JournalPosition,
    damage: NonNullable<SegmentPiece["damage"]>,
    now: number,
  ): void {
    const { from, to, lost, exact, bytes } = damage;
    giveNotice(data, {
      what: "journal",
      id: `${journal}-${place.segment}-${place.offset}`,
      at: now,
      file,
      fault: `bytes ${from} to ${to} are no record any more`,
      kept: keepBytes(data, journal, place, bytes),
      lost,
      exact,
    });
  }

  /** Says that files are not there which hold what the store has not taken in. */
  private noteMissing(journal: string, folder: string, from: JournalPosition, to: number, now: number): void {
    if (this.data === null) return;
    giveNotice(this.data, {
      what: "journal",
      id: `${journal}-${from.segment}-${from.offset}-missing`,
      at: now,
      file: folder,
      fault: `segments ${from.segment + 1} to ${to - 1} are not there; what was in them is not in the store`,
      kept: null,
      lost: 0,
      exact: false,
    });
  }

  /** Takes a piece of a journal in; what the store refuses of it is set aside, and the rest is taken in. */
  private async applySound(
    batches: JournalBatch[],
    journal: string,
    from: JournalPosition,
    to: JournalPosition,
    now: number,
    mark: string | undefined,
  ): Promise<void> {
    const refused: Refused[] = [];
    let rest = batches;
    for (let sifted = 0; ; sifted++) {
      try {
        return await this.apply(rest, journal, to, mark);
      } catch (error) {
        if (this.data === null || !this.engine.blames(error) || sifted >= SIFTINGS) throw error;
        console.error(`citywall: the store refuses something of the journal ${journal}: ${(error as Error).message}`);
      }
      // What was tried in vain is not to be remembered.
      await this.learn(now);
      const found = await sift(rest, (some) => this.refusalOf(some, journal));
      await this.learn(now);
      rest = found.sound;
      refused.push(...found.refused);
      if (refused.length > 0) setAside(this.data, journal, from, refused);
    }
  }

  /** Why the store cannot keep these, or null; keeps nothing of them. @throws what is no fault of theirs */
  private async refusalOf(batches: JournalBatch[], journal: string): Promise<string | null> {
    try {
      await this.prepare(batches);
      await this.engine.transaction(async (tx) => {
        await this.add(tx, batches, journal, nothingLearnt());
        throw new Undone();
      });
      return null;
    } catch (error) {
      if (error instanceof Undone) return null;
      if (!this.engine.blames(error)) throw error;
      // A store that is away may say anything.
      await this.engine.rows("SELECT 1 AS one");
      return (error as Error).message;
    }
  }

  /** Makes room for what was observed when. */
  private async prepare(batches: JournalBatch[]): Promise<void> {
    let [from, to] = [Infinity, -Infinity];
    for (const { readings, positions } of batches) {
      for (const at of readings.observed) [from, to] = [Math.min(from, at), Math.max(to, at)];
      for (const { at } of positions) [from, to] = [Math.min(from, at), Math.max(to, at)];
    }
    if (from <= to) await this.engine.prepare(from, to + 1);
  }

  /** What of a batch the store is to be given: all of it, but for what it may have already. */
  private async wanted(tx: Session, batch: JournalBatch, journal: string): Promise<JournalBatch> {
    if (journal !== LIVE) return { ...batch, readings: await this.unknown(tx, batch.readings) };
    if (!this.places.known(journal)) return batch;
    const from = (kind: Parameters<typeof keepFor>[1]): number => this.asOf - keepFor(this.config, kind);
    return unstored(tx, batch, {
      series: (topic) => this.seriesIds.get(topic),
      thing: (topic, name) => this.things.id(topic, name),
      since: { readings: from("readings"), positions: from("positions"), events: from("events") },
    });
  }

  /** Adds batches within a transaction. Returns how many readings they hold. */
  private async add(
    tx: Session,
    batches: JournalBatch[],
    journal: string,
    { names, things, newest, flawed }: Learnt,
  ): Promise<number> {
    let count = 0;
    for (const batch of merged(batches)) {
      const { readings, events, positions, screens } = await this.wanted(tx, batch, journal);
      await this.addReadings(tx, readings, journal !== LIVE, names, newest);
      await this.noteFlaws(tx, batch.readings, names, flawed);
      await this.things.add(tx, positions, things);
      await addEvents(tx, events);
      const again = this.places.known(journal) !== null;
      for (const { city, screen, recorded, layout } of screens)
        await addScreen(tx, { city, screen, recorded, layout }, again ? recorded : Number.MAX_SAFE_INTEGER);
      count += batch.readings.topic.length;
    }
    return count;
  }

  /**
   * Adds batches to the store and notes the journal's place, in one transaction.
   * @param mark what the segment is told by that they were read from
   */
  async apply(batches: JournalBatch[], journal: string, checkpoint: JournalPosition, mark?: string): Promise<void> {
    const learnt = nothingLearnt();
    const { names, things, newest, flawed } = learnt;
    let recorded = 0;
    for (const { readings } of batches) for (const at of readings.recorded) recorded = Math.max(recorded, at);
    await this.prepare(batches);
    let count = 0;
    const noted = await this.engine.transaction(async (tx) => {
      count = await this.add(tx, batches, journal, learnt);
      return this.places.note(tx, journal, checkpoint, { recorded, ...(mark === undefined ? {} : { mark }) });
    });
    // Only what was committed is remembered: after a rollback the next try starts from the same knowledge.
    for (const [topic, id] of names) this.seriesIds.set(topic, id);
    this.things.committed(things);
    for (const id of flawed) this.flawed.add(id);
    for (const [id, at] of newest) this.newest.set(id, Math.max(at, this.newest.get(id) ?? -Infinity));
    noted();
    this.taken += count;
  }

  private async idsOf(tx: Session, topics: string[], names: Map<string, number>): Promise<number[]> {
    const ids: number[] = [];
    for (const topic of topics) {
      let id = this.seriesIds.get(topic) ?? names.get(topic);
      if (id === undefined) {
        id = this.seriesIds.size + names.size + 1;
        const name = parseTopic(topic);
        if (name?.kind !== "reading") throw new Unkeepable(`${topic} is not a topic of readings`);
        await tx.run("INSERT INTO series (id, topic, city, district, metric) VALUES ($1, $2, $3, $4, $5)", [
          id,
          topic,
          name.city,
          name.district,
          name.metric,
        ]);
        names.set(topic, id);
      }
      ids.push(id);
    }
    return ids;
  }

  /** What a seed or an import brings that is not known yet: it fills gaps, and changes nothing that was measured. */
  private async unknown(tx: Session, columns: ReadingColumns): Promise<ReadingColumns> {
    let [from, to] = [Infinity, -Infinity];
    for (const at of columns.observed) [from, to] = [Math.min(from, at), Math.max(to, at)];
    const ids = columns.topics.map((topic) => this.seriesIds.get(topic) ?? -1);
    const asOf = await tx.rows(`SELECT series, observed FROM readings WHERE observed >= $1 AND observed <= $2`, [
      from,
      to,
    ]);
    if (asOf.length === 0) return columns;
    const taken = new Set(asOf.map((row) => `${row.series} ${row.observed}`));
    return filtered(columns, (i) => !taken.has(`${ids[columns.topic[i] as number]} ${columns.observed[i]}`));
  }

  private async addReadings(
    tx: Session,
    columns: ReadingColumns,
    fresh: boolean,
    names: Map<string, number>,
    newest: Map<number, number>,
  ): Promise<void> {
    const count = columns.topic.length;
    if (count === 0) return;
    const strange = columns.value.find((value) => !(Math.abs(value) <= LIMITS.value));
    if (strange !== undefined) throw new Unkeepable(`a value of ${strange} would make every sum over it infinite`);
    const ids = await this.idsOf(tx, columns.topics, names);
    const series = Int32Array.from(columns.topic, (topic) => ids[topic] as number);
    const late = new Uint8Array(count);
    /** newest moment of each series in a batch that fills gaps: only the batch itself can tell of its moments twice */
    const filled = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const id = series[i] as number;
      const at = columns.observed[i] as number;
      const asOf = newest.get(id) ?? this.newest.get(id) ?? -Infinity;
      if (at > asOf) newest.set(id, at);
      else if (!fresh || at <= (filled.get(id) ?? -Infinity)) late[i] = 1;
      if (fresh) filled.set(id, Math.max(at, filled.get(id) ?? -Infinity));
    }
    await tx.append("readings", count, [
      { name: "series", type: "INTEGER", values: series },
      { name: "observed", type: "BIGINT", values: columns.observed },
      { name: "recorded", type: "BIGINT", values: columns.recorded },
      { name: "value", type: "DOUBLE", values: columns.value },
      { name: "quality", type: "SMALLINT", values: columns.quality },
      { name: "late", type: "SMALLINT", values: late },
      { name: "sequence", type: "SMALLINT", values: columns.sequence },
    ]);
    await this.settling.note(tx, columns.observed, columns.recorded[count - 1] as number);
    const dirty = this.rollups.touched(columns.observed);
    await tx.append("dirty", dirty.length, [
      { name: "tier", type: "TEXT", values: dirty.map((d) => d.tier) },
      { name: "bucket", type: "BIGINT", values: dirty.map((d) => d.bucket) },
    ]);
  }

  /** Notes series whose readings are not all good, which questions then tell apart. */
  private async noteFlaws(
    tx: Session,
    columns: ReadingColumns,
    names: Map<string, number>,
    flawed: Set<number>,
  ): Promise<void> {
    const topics = new Set<number>();
    for (let i = 0; i < columns.topic.length; i++) if (columns.quality[i] !== 0) topics.add(columns.topic[i] as number);
    for (const topic of topics) {
      const name = columns.topics[topic] as string;
      const id = this.seriesIds.get(name) ?? names.get(name);
      if (id === undefined || this.flawed.has(id) || flawed.has(id)) continue;
      await tx.run("UPDATE series SET flawed = 1 WHERE id = $1", [id]);
      flawed.add(id);
    }
  }

  /**
   * Rollups, and once an hour what has grown too old. Returns true while rollups have more to do.
   * @param remake false while a seed is being taken in: it would touch the same buckets again and again
   */
  maintain(now: number, remake = true): Promise<boolean> {
    return this.step(now, () => this.tidy(now, remake));
  }

  private async tidy(now: number, remake: boolean): Promise<boolean> {
    const more = await this.rollups.step(now, remake);
    if (!more && now - this.keptAt > RETENTION_EVERY) {
      this.keptAt = now;
      await this.expire(now);
    }
    return more || (remake && (await this.settling.step(now)));
  }

  private async expire(now: number): Promise<void> {
    await this.engine.expire("readings", "observed", now - keepFor(this.config, "readings"));
    for (const tier of ["minutes", "hours", "days"] as const)
      await this.engine.expire(tier, "bucket", now - keepFor(this.config, tier));
    await this.engine.expire("event_versions", "updated", now - keepFor(this.config, "events"));
    await expireSpans(this.engine, now - keepFor(this.config, "events"));
    await this.engine.expire("positions", "observed", now - keepFor(this.config, "positions"));
  }
}

/** A layout is kept when it differs from the one before. @param until those recorded later (ms) are not looked at */
async function addScreen(tx: Session, added: JournalBatch["screens"][number], until: number): Promise<void> {
  const { city, screen, recorded, layout } = added;
  const [last] = await tx.rows(
    `SELECT layout FROM screen_versions WHERE city = $1 AND screen = $2 AND recorded <= $3
      ORDER BY recorded DESC LIMIT 1`,
    [city, screen, until],
  );
  if (last?.layout !== layout)
    await tx.run("INSERT INTO screen_versions (city, screen, recorded, layout) VALUES ($1, $2, $3, $4)", [
      city,
      screen,
      recorded,
      layout,
    ]);
}
