import type { CityEvent } from "../../contract/events";
import type { Position } from "../../contract/positions";
import type { Reading } from "../../contract/readings";
import { positionsTopic, readingTopic } from "../../contract/topics";
import type { JournalWriter } from "./journal";

/** A thing not seen for this long (ms) is forgotten here. */
const FORGET_AFTER = 3_600_000;

/** What the live path hands to history: it writes to the journal, and never waits for the store. */
export class Recorder {
  private readonly keptAt = new Map<string, number>();

  /** @param positionsEvery ms between two kept positions of a thing */
  constructor(private readonly journal: JournalWriter, private readonly positionsEvery: number, private readonly now: () => number) {}

  reading(reading: Reading): void {
    this.journal.reading(readingTopic(reading.city, reading.district, reading.metric), reading.at, this.now(), reading.value, reading.quality);
  }

  event(event: CityEvent): void {
    this.journal.event(event, this.now());
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
    this.journal.screen(city, screen, JSON.stringify(layout), this.now());
  }

  /** Resolves once all of it would survive the end of this process. */
  flushed(): Promise<void> {
    return this.journal.flushed();
  }

  /** Call about once an hour. */
  forget(now: number): void {
    for (const [key, at] of this.keptAt) if (now - at > FORGET_AFTER) this.keptAt.delete(key);
  }
}
