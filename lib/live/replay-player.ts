import { every, monotonic } from "../clock";
import type { EventCellRow } from "../contract/event-counts";
import type { CityEvent } from "../contract/events";
import type { Section } from "../contract/frames";
import type { SnapshotMessage, SubscribeRequest } from "../contract/socket-messages";
import type { Changes, Knowledge } from "../contract/history";
import { QUALITIES } from "../contract/readings";
import type { ReadingItem } from "../contract/reduce";
import { eventsTopic } from "../contract/topics";
import { LiveStore } from "./live-store";
import { asKnownNow, type PastSource } from "./past-source";

/** Seconds of the past that go by in one. */
export const SPEEDS = [1, 10, 60, 600, 3600] as const;
export type Speed = (typeof SPEEDS)[number];

const TICK = 50;
/** Real seconds that one request for changes covers, and bounds (ms) of the past it may span. */
const CHUNK_SECONDS = 12;
const CHUNK = { least: 30_000, most: 6 * 3_600_000 } as const;
/** Real ms between two values of a topic while it runs fast: more could not be told apart. */
const DOWNSAMPLE = 200;
/** Readings kept further apart than this (ms) are of the store's making: limits are widened by as much. */
const COARSE_SPACING = 30_000;

/** Real ms until a question is asked again that failed, or whose answer was not complete yet. */
const AGAIN = 2_000;
/** Ms that an answer may lag behind the present without being called incomplete: clocks differ, and a question takes its time. */
const USUAL_LAG = 2_000;

interface Item {
  when: number;
  topic: string;
  reading?: ReadingItem;
  event?: CityEvent;
  counts?: EventCellRow[];
  position?: { id: string; label: string; lon: number; lat: number; heading: number; speed: number; at: number };
}

export interface PlayerState {
  at: number;
  playing: boolean;
  speed: Speed;
  knowledge: Knowledge;
  /** what is shown is not yet what it was at `at` */
  loading: boolean;
  error: string | null;
  /** the past is kept by the minute here */
  coarse: boolean;
  /** the store has not taken in more than was acknowledged until then, ms, and what is shown may lack the rest; null: it lacks nothing */
  completeUntil: number | null;
}

/**
 * Plays the past into a live store: a wall shows it with the same code that shows the present. Its clock is the store's
 * clock, so ages, freshness and moving vehicles are as they were; it waits when the next stretch has not come yet.
 */
export class PastPlayer {
  readonly store: LiveStore;
  private at: number;
  private speed: Speed = 1;
  private playing = false;
  private knowledge: Knowledge = "then";
  private error: string | null = null;
  private loading = true;
  private order: string[] = [];
  private queue: Item[] = [];
  private next = 0;
  /** changes up to here are queued */
  private filledTo: number;
  private fetching = false;
  /** everything that was acknowledged before it was in the last answer, ms */
  private completeUntil = Infinity;
  /** by the real clock: when the snapshot is asked for again, and before when no changes are */
  private refreshAt = Infinity;
  private fillFrom = 0;
  private run = 0;
  /** times the knowledge was changed */
  private views = 0;
  /** times another moment was jumped to */
  private jumps = 0;
  private seq = 0;
  private lastTick: number;
  private slots = new Map<string, Map<string, number>>();
  private readonly listeners = new Set<() => void>();
  private readonly stop: () => void;
  private shown: PlayerState;

  /**
   * @param at ms @param end the moment it cannot play beyond: now
   */
  constructor(
    at: number,
    private readonly source: PastSource,
    readonly end: () => number,
    private readonly mono: () => number = monotonic,
  ) {
    this.at = at;
    this.filledTo = at;
    this.lastTick = mono();
    this.store = new LiveStore(() => this.at);
    this.store.past = true;
    this.store.values = {
      // As it is known now, or as it was known at the moment from which it is looked back on, which each item names.
      ask: (items) => this.source.values(this.knowledge === "then" ? items : items.map(asKnownNow)),
      round: () => this.views,
      speed: () => (this.playing ? this.speed : 0),
    };
    this.store.eventSource = {
      find: (city, id) =>
        this.source.event({ city, id, [this.knowledge === "then" ? "known" : "at"]: Math.round(this.at) }),
      reports: (city, id) => this.source.reports(city, id),
      round: () => this.jumps,
    };
    this.shown = this.state();
    this.store.heard(at);
    this.store.attach({ subscribe: (request, answer) => this.subscribe(request, answer) });
    this.stop = every(TICK, () => this.tick());
  }

  close(): void {
    this.stop();
    this.run++;
    this.store.close();
  }

  /** The same object until something but the time itself changes. */
  get snapshot(): PlayerState {
    return this.shown;
  }

  state(): PlayerState {
    return {
      at: this.at,
      playing: this.playing,
      speed: this.speed,
      knowledge: this.knowledge,
      loading: this.loading,
      error: this.error,
      coarse: this.store.tolerance > 0,
      completeUntil: this.behind(),
    };
  }

  private behind(): number | null {
    const { completeUntil } = this;
    return completeUntil <= this.at && this.end() - completeUntil > USUAL_LAG ? completeUntil : null;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    this.shown = this.state();
    for (const listener of this.listeners) listener();
  }

  play(playing: boolean): void {
    this.playing = playing;
    this.tell();
  }

  setSpeed(speed: Speed): void {
    this.speed = speed;
    // What is queued was thinned for another speed.
    this.drop();
    this.tell();
  }

  setKnowledge(knowledge: Knowledge): void {
    this.knowledge = knowledge;
    this.views++;
    this.seek(this.at);
  }

  /** Jumps to a moment (ms). */
  seek(at: number): void {
    this.at = Math.min(at, this.end());
    this.jumps++;
    this.loading = true;
    this.error = null;
    this.completeUntil = Infinity;
    this.drop();
    this.store.heard(this.at);
    this.store.refresh();
    this.tell();
  }

  private drop(): void {
    this.run++;
    this.queue = [];
    this.next = 0;
    this.filledTo = this.at;
    this.fetching = false;
    this.refreshAt = Infinity;
    this.fillFrom = 0;
  }

  private subscribe(request: SubscribeRequest, answer: (message: SnapshotMessage | { error: string }) => void): void {
    this.drop();
    const run = this.run;
    if (request.topics.length === 0)
      return answer({ epoch: run, now: this.at, set: 1, seq: 0, order: [], topics: {}, refused: [] });
    this.loading = true;
    const at = this.at;
    this.source
      .snapshot({ at, knowledge: this.knowledge, topics: request.topics.map(({ topic, spans }) => ({ topic, spans })) })
      .then(
        (message) => {
          if (run !== this.run) return answer({ error: "superseded" });
          this.order = message.order;
          this.seq = 0;
          this.store.tolerance = (message.spacing ?? 0) > COARSE_SPACING ? (message.spacing ?? 0) + 5_000 : 0;
          this.slots = new Map(
            Object.entries(message.topics).flatMap(([topic, snapshot]) =>
              snapshot.kind === "positions"
                ? [[topic, new Map(snapshot.names.map(([slot, id]) => [id, slot]))] as const]
                : [],
            ),
          );
          // Each snapshot is a run of its own: what it replaces must not be taken for the same.
          answer({ ...message, epoch: run, now: this.at, seq: 0 });
          this.loading = false;
          this.error = null;
          this.filledTo = at;
          this.completeUntil = message.completeUntil;
          if (message.completeUntil < at) this.refreshAt = this.mono() + AGAIN;
          this.tell();
        },
        (error: unknown) => {
          this.error = (error as Error).message;
          this.tell();
          answer({ error: this.error });
        },
      );
  }

  private tick(): void {
    const real = this.mono();
    const passed = real - this.lastTick;
    this.lastTick = real;
    if (this.playing && !this.loading) this.advance(passed);
    this.store.heard(this.at);
    if (!this.loading) void this.fill();
    if (real >= this.refreshAt) {
      this.refreshAt = Infinity;
      this.store.refresh();
    }
    if (this.behind() !== this.shown.completeUntil) this.tell();
  }

  private advance(passed: number): void {
    const wanted = this.at + passed * this.speed;
    const last = this.end();
    // It waits for what has not come yet, rather than show a moment without it.
    this.at = Math.max(this.at, Math.min(wanted, this.filledTo, last));
    this.apply();
    if (this.at < last) return;
    this.playing = false;
    this.tell();
  }

  private get downsample(): number {
    return this.speed > 10 ? this.speed * DOWNSAMPLE : 0;
  }

  private async fill(): Promise<void> {
    const span = Math.min(CHUNK.most, Math.max(CHUNK.least, this.speed * CHUNK_SECONDS * 1000));
    const last = this.end();
    if (
      this.fetching ||
      this.mono() < this.fillFrom ||
      !this.playing ||
      this.filledTo >= last ||
      this.filledTo - this.at > span / 2
    )
      return;
    this.fetching = true;
    const run = this.run;
    const from = this.filledTo;
    const to = Math.min(from + span, last);
    try {
      const changes = await this.source.changes({
        from,
        to,
        knowledge: this.knowledge,
        downsample: this.downsample,
        topics: this.order,
      });
      if (run !== this.run) return;
      const whole = changes.cut ? wholeUntil(changes, from, to) : to;
      const until = Math.max(from, Math.min(whole, changes.completeUntil));
      this.completeUntil = changes.completeUntil;
      if (until < whole) this.fillFrom = this.mono() + AGAIN;
      this.take(changes, until);
      this.filledTo = until;
      if (this.error) {
        this.error = null;
        this.tell();
      }
    } catch (error) {
      if (run !== this.run) return;
      this.fillFrom = this.mono() + AGAIN;
      this.error = (error as Error).message;
      this.tell();
    } finally {
      if (run === this.run) this.fetching = false;
    }
  }

  /** Queues what changed up to `until` (ms). Of one moment, things keep the order they have in the answer. */
  private take(changes: Changes, until: number): void {
    const items: Item[] = [];
    const { readings, positions, things } = changes;
    readings.when.forEach((when, i) =>
      items.push({
        when,
        topic: changes.topics[readings.topic[i] ?? 0] ?? "",
        reading: {
          at: readings.at[i] ?? 0,
          value: readings.value[i] ?? 0,
          quality: QUALITIES[readings.quality?.[i] ?? 0] ?? "bad",
        },
      }),
    );
    positions.when.forEach((when, i) => {
      const [id = "", label = ""] = things[positions.thing[i] ?? 0] ?? [];
      items.push({
        when,
        topic: changes.topics[positions.topic[i] ?? 0] ?? "",
        position: {
          id,
          label,
          at: when,
          lon: positions.lon[i] ?? 0,
          lat: positions.lat[i] ?? 0,
          heading: positions.heading[i] ?? 0,
          speed: positions.speed[i] ?? 0,
        },
      });
    });
    for (const { when, event, counts } of changes.events)
      items.push({ when, topic: eventsTopic(event.city), event, counts });
    items.sort((a, b) => a.when - b.when);
    this.queue = [...this.queue.slice(this.next), ...items.filter(({ when }) => when <= until)];
    this.next = 0;
  }

  /**
   * Hands what is due to the store as one frame. While it runs fast a value is shown up to a step early, never late:
   * late would look dead.
   */
  private apply(): void {
    const due = this.at + this.downsample;
    const byTopic = new Map<string, Item[]>();
    while (this.next < this.queue.length && (this.queue[this.next] as Item).when <= due) {
      const item = this.queue[this.next++] as Item;
      const list = byTopic.get(item.topic);
      if (list) list.push(item);
      else byTopic.set(item.topic, [item]);
    }
    const sections = [...byTopic].flatMap(([topic, items]) => this.section(topic, items) ?? []);
    if (sections.length > 0) this.store.take({ set: 1, seq: ++this.seq, now: this.at, sections });
  }

  private section(topic: string, items: Item[]): Section | null {
    const index = this.order.indexOf(topic);
    const place = { index, advance: items.length };
    if (index < 0) return null;
    if (items[0]?.reading) return { kind: "reading", ...place, items: items.flatMap((item) => item.reading ?? []) };
    if (items[0]?.event)
      return {
        kind: "events",
        ...place,
        items: items.flatMap((item) => item.event ?? []),
        counts: items.flatMap((item) => item.counts ?? []),
      };
    const slots = this.slots.get(topic) ?? new Map<string, number>();
    this.slots.set(topic, slots);
    const names: [number, string, string][] = [];
    const found = items.flatMap((item) => item.position ?? []);
    for (const { id, label } of found) {
      if (slots.has(id)) continue;
      names.push([slots.size, id, label]);
      slots.set(id, slots.size);
    }
    return {
      kind: "positions",
      ...place,
      names,
      columns: {
        slots: Uint32Array.from(found, ({ id }) => slots.get(id) ?? 0),
        lon: Float64Array.from(found, (p) => p.lon),
        lat: Float64Array.from(found, (p) => p.lat),
        heading: Float32Array.from(found, (p) => p.heading),
        speed: Float32Array.from(found, (p) => p.speed),
        at: Float64Array.from(found, (p) => p.at),
      },
    };
  }
}

/**
 * Up to which moment (ms) of (from, to] an answer that was cut short is whole. Only the longest of its lists was cut;
 * its last moment may have had more, unless all of the list is of one.
 */
function wholeUntil({ readings, positions }: Changes, from: number, to: number): number {
  const most = Math.max(readings.when.length, positions.when.length);
  let until = to;
  for (const { when } of [readings, positions]) {
    const last = when[when.length - 1];
    if (last === undefined || when.length < most) continue;
    until = Math.min(until, (when[0] as number) < last ? last - 1 : last);
  }
  return Math.max(until, from);
}
