import type { CityEvent, EventReporter } from "../../contract/events";
import type { Position } from "../../contract/positions";
import type { Reading } from "../../contract/readings";
import { eventsTopic, positionsTopic, readingTopic } from "../../contract/topics";
import type { JournalWriter } from "./journal";

/** A thing not seen for this long (ms) is forgotten here. */
const FORGET_AFTER = 3_600_000;

/** A clock set back by no more than this (ms) does not set back the order of what is recorded. */
const STEP_BACK = 60_000;
/** The store keeps the number in a SMALLINT. */
const SEQUENCES = 32_768;

/**
 * The order in which readings came: `recorded` never goes back while the clock makes small steps, and within one
 * millisecond the readings of the same topic and observed time are numbered.
 */
class Order {
  private recorded: number;
  /** by topic the observed time that came in this millisecond or, once there are several, how often each did */
  private readonly seen = new Map<string, number | Map<number, number>>();

  /** @param before moment (ms) that an earlier run came to: what it recorded last came before what is recorded now */
  constructor(
    private readonly now: () => number,
    before: number,
  ) {
    const start = before + 1;
    this.recorded = start - now() > STEP_BACK ? 0 : start;
  }

  /** The moment (ms) of what is recorded now. */
  moment(): number {
    const now = this.now();
    if (now === this.recorded || (now < this.recorded && this.recorded - now <= STEP_BACK)) return this.recorded;
    return this.begin(now);
  }

  private begin(moment: number): number {
    this.recorded = moment;
    this.seen.clear();
    return moment;
  }

  /** A moment (ms) at which nothing of this key was recorded before. */
  apart(key: string): number {
    if (this.next(key, 0).sequence > 0) {
      this.begin(this.recorded + 1);
      this.next(key, 0);
    }
    return this.recorded;
  }

  /** The place of a reading that is recorded now. */
  next(topic: string, observed: number): { recorded: number; sequence: number } {
    let recorded = this.moment();
    let sequence = this.count(topic, observed);
    if (sequence >= SEQUENCES) {
      recorded = this.begin(recorded + 1);
      sequence = this.count(topic, observed);
    }
    return { recorded, sequence };
  }

  /** How often a reading of this topic and observed time came before in this millisecond. */
  private count(topic: string, observed: number): number {
    const seen = this.seen.get(topic);
    if (seen === undefined) {
      this.seen.set(topic, observed);
      return 0;
    }
    const counts = typeof seen === "number" ? new Map([[seen, 1]]) : seen;
    if (counts !== seen) this.seen.set(topic, counts);
    const before = counts.get(observed) ?? 0;
    counts.set(observed, before + 1);
    return before;
  }
}

/** What the live path hands to history: it writes to the journal, and never waits for the store. */
export class Recorder {
  private readonly keptAt = new Map<string, number>();
  private readonly order: Order;

  /** batches that were refused since the gateway began, because nothing more could be kept */
  refused = 0;

  /**
   * @param positionsEvery ms between two kept positions of a thing @param now the gateway's clock, ms
   * @param before when an earlier run recorded last, ms @param noRoom why the disk takes nothing more, or null
   */
  constructor(
    private readonly journal: JournalWriter,
    private readonly positionsEvery: number,
    now: () => number,
    before = 0,
    private readonly noRoom: () => string | null = () => null,
  ) {
    this.order = new Order(now, before);
  }

  /** Why nothing more can be kept at present, or null. Give no more then. */
  get refusal(): string | null {
    if (this.journal.full) return "what waits for the store has filled its room on disk";
    const noRoom = this.noRoom();
    if (noRoom) return noRoom;
    // What the system says of it is for the log: it names files.
    return this.journal.error && "the journal cannot be written at present";
  }

  /** Where what was recorded ends (ms, as `recorded` counts). */
  get recordedTo(): number {
    return this.order.moment();
  }

  reading(reading: Reading): void {
    const topic = readingTopic(reading.city, reading.district, reading.metric);
    const { recorded, sequence } = this.order.next(topic, reading.at);
    this.journal.reading(topic, reading.at, recorded, reading.value, reading.quality, sequence);
  }

  /** @param by who reported it */
  event(event: CityEvent, by?: EventReporter): void {
    // Two versions of one event in a millisecond are told apart by the moment alone.
    this.journal.event(event, this.order.apart(`${eventsTopic(event.city)} ${event.id}`), by);
  }

  /** Keeps a position unless one of the same thing was kept a moment ago. */
  position({ city, layer, id, label, at, lon, lat, heading, speed }: Position): void {
    const topic = positionsTopic(city, layer);
    const key = `${topic} ${id}`;
    const last = this.keptAt.get(key);
    if (last !== undefined && at - last < this.positionsEvery) return;
    this.keptAt.set(key, at);
    this.journal.position({ topic, id, label, at, lon, lat, heading, speed });
  }

  screen(city: string, screen: string, layout: unknown): void {
    this.journal.screen(city, screen, JSON.stringify(layout), this.order.moment());
  }

  /** Resolves once all of it would survive the end of this process. @throws NotKept */
  flushed(): Promise<void> {
    return this.journal.flushed();
  }

  /** Call about once an hour. */
  forget(now: number): void {
    for (const [key, at] of this.keptAt) if (now - at > FORGET_AFTER) this.keptAt.delete(key);
  }
}
