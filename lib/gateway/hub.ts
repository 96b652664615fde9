import { localDate } from "../clock";
import { EventBook, type EventTaken, type GoneEvent } from "../contract/event-book";
import type { CityEvent } from "../contract/events";
import type { PositionColumns, Section } from "../contract/frames";
import type { TopicSnapshot } from "../contract/socket-messages";
import type { Position } from "../contract/positions";
import { FUTURE_TOLERANCE, OLDEST, QUALITIES, ValidationError, type Reading } from "../contract/readings";
import {
  applyPosition,
  applyReading,
  cutReadingsAfter,
  emptyState,
  FINE,
  grow,
  longestSpans,
  seriesOf,
  type PositionsState,
  type ReadingItem,
  type ReadingState,
  type State,
} from "../contract/reduce";
import { eventsTopic, parseTopic, positionsTopic, readingTopic } from "../contract/topics";
import type { JournalBatch, KeptPosition } from "../history/writer/journal";
import { EventViews, topicOf, type PendingEvents } from "./event-views";
import { laterRowsOf, rowsOf } from "./position-rows";

/** Items of one topic held for one tick; past this a client is told to ask for a snapshot instead. */
const PENDING_LIMIT = 256;
/** Things a layer may hold at once; more are refused until old ones are freed. */
export const LAYER_LIMIT = 200_000;
/** Slots of a layer from which on its snapshot is made as it is written. */
const LONG_LAYER = 5_000;
/** A thing not seen for this long (ms) gives its slot back. */
const FORGET_AFTER = 30 * 60_000;

/** What changed in a topic since the last tick, before it is given an index in a set. */
export type Pending =
  | { kind: "reading"; advance: number; items: ReadingItem[]; overflow: boolean }
  | PendingEvents
  | { kind: "positions"; advance: number; slots: Set<number>; names: Map<number, [number, string, string]> };

/**
 * Keeps the last reading of each second, and of several for one moment the one that came last: exactly what the series
 * keeps, so merging loses nothing a client would. True when it was merged.
 */
function hold(pending: Extract<Pending, { kind: "reading" }>, item: ReadingItem): boolean {
  const bucket = Math.floor(item.at / FINE.bucketMs);
  for (let i = pending.items.length - 1; i >= 0 && i >= pending.items.length - 4; i--) {
    const held = pending.items[i] as ReadingItem;
    if (Math.floor(held.at / FINE.bucketMs) !== bucket) continue;
    if (item.at >= held.at) pending.items[i] = item;
    return true;
  }
  if (pending.items.length < PENDING_LIMIT) pending.items.push(item);
  else pending.overflow = true;
  return false;
}

/** A pending change of its own, which `join` may add to. */
export function copyOf(pending: Pending): Pending {
  if (pending.kind === "reading") return { ...pending, items: [...pending.items] };
  if (pending.kind === "events") return { ...pending, items: new Map(pending.items), counts: new Map(pending.counts) };
  return { ...pending, slots: new Set(pending.slots), names: new Map(pending.names) };
}

/** Adds what changed later in the same topic to an earlier change that has not been sent. */
export function join(held: Pending, later: Pending): void {
  held.advance += later.advance;
  if (held.kind === "reading" && later.kind === "reading") {
    held.overflow ||= later.overflow;
    for (const item of later.items) hold(held, item);
  } else if (held.kind === "events" && later.kind === "events") {
    for (const [id, event] of later.items) held.items.set(id, event);
    for (const [key, row] of later.counts) held.counts.set(key, row);
    held.gone ||= later.gone;
  } else if (held.kind === "positions" && later.kind === "positions") {
    for (const [slot, name] of later.names) {
      held.names.set(slot, name);
      // A slot that was given back has no place any more.
      if (name[1] === "") held.slots.delete(slot);
    }
    for (const slot of later.slots) held.slots.add(slot);
  }
}

interface Layer {
  state: PositionsState;
  slotOf: Map<string, number>;
  free: number[];
}

/** Outcome of taking one item in. `duplicate`: nothing changed, which is no fault of the sender. */
export type Taken = "taken" | "duplicate" | "full";

/**
 * The last state of every topic, numbered by {epoch, offset}. Everything comes in through `take…`;
 * `drain` hands out what changed since it was last called.
 */
export class Hub {
  private readonly readings = new Map<string, ReadingState>();
  private readonly events = new Map<string, EventBook>();
  private readonly layers = new Map<string, Layer>();
  /** events of some places, for those who may not look at all of them */
  readonly views = new EventViews();
  private pending = new Map<string, Pending>();
  /** readings that `dropFuture` took out */
  private ahead: { topic: string; item: ReadingItem }[] = [];
  /** readings merged into a later one of the same second before they were sent */
  coalesced = 0;

  /**
   * @param epoch identifies this run; offsets are comparable only within one epoch
   * @param dayOf date of a moment (ms) in a city's zone, by which closed events are counted
   */
  constructor(
    readonly epoch: number,
    private readonly dayOf: (city: string, at: number) => string = (_city, at) => localDate(at, "UTC"),
  ) {}

  /**
   * True when exactly this reading, with its quality, is already there and nothing later was said of the same moment.
   */
  holds({ city, district, metric, at, value, quality }: Reading): boolean {
    const state = this.readings.get(readingTopic(city, district, metric));
    if (!state?.last || at > state.last.at) return false;
    if (state.last.at === at) return state.last.value === value && state.last.quality === quality;
    return (
      state.fine.holds(at, value, quality) ||
      state.coarse.holds(at, value, quality) ||
      state.hourly.holds(at, value, quality)
    );
  }

  /** Takes one reading in. */
  takeReading({ city, district, metric, at, value, quality }: Reading): Taken {
    return this.takeItem(readingTopic(city, district, metric), { at, value, quality });
  }

  private takeItem(topic: string, item: ReadingItem): Taken {
    let state = this.readings.get(topic);
    if (!state) this.readings.set(topic, (state = { ...emptyState("reading"), epoch: this.epoch }));
    if (!applyReading(state, item)) return "duplicate";
    state.offset++;
    let pending = this.pending.get(topic);
    if (pending?.kind !== "reading")
      this.pending.set(topic, (pending = { kind: "reading", advance: 0, items: [], overflow: false }));
    pending.advance++;
    if (hold(pending, item)) this.coalesced++;
    return "taken";
  }

  private bookOf(city: string): EventBook {
    const topic = eventsTopic(city);
    let book = this.events.get(topic);
    if (!book) {
      this.events.set(topic, (book = new EventBook((at) => this.dayOf(city, at))));
      book.state.epoch = this.epoch;
    }
    return book;
  }

  /**
   * Takes a version of an event in, new or changed; null when it says nothing new.
   * @throws ValidationError when it has too many steps
   */
  takeEvent(version: CityEvent): EventTaken | null {
    const book = this.bookOf(version.city);
    const before = book.event(version.id)?.district;
    const taken = book.take(version);
    if (taken?.shown !== "live") return taken;
    const pending = this.eventsChanged(eventsTopic(version.city), book);
    pending.items.set(version.id, taken.event);
    if (before !== undefined && before !== taken.event.district) {
      pending.moved ??= new Map();
      pending.moved.set(version.id, new Set(pending.moved.get(version.id)).add(before));
    }
    return taken;
  }

  /** Notes a change of a topic of events that is to be sent. */
  private eventsChanged(topic: string, book: EventBook): PendingEvents {
    let pending = this.pending.get(topic);
    if (pending?.kind !== "events")
      this.pending.set(topic, (pending = { kind: "events", advance: 0, items: new Map(), counts: new Map() }));
    pending.advance++;
    book.state.offset++;
    return pending;
  }

  /** The event with this id, or undefined. */
  event(city: string, id: string): CityEvent | undefined {
    return this.events.get(eventsTopic(city))?.event(id);
  }

  /** True for an event that was closed so long ago that only history has it whole. */
  isLongClosed(city: string, id: string): boolean {
    return this.events.get(eventsTopic(city))?.isGone(id) ?? false;
  }

  /** Takes a position in. */
  takePosition(position: Position): Taken {
    const topic = positionsTopic(position.city, position.layer);
    let layer = this.layers.get(topic);
    if (!layer)
      this.layers.set(
        topic,
        (layer = { state: { ...emptyState("positions"), epoch: this.epoch }, slotOf: new Map(), free: [] }),
      );
    const held = this.pending.get(topic);
    const pending =
      held?.kind === "positions"
        ? held
        : {
            kind: "positions" as const,
            advance: 0,
            slots: new Set<number>(),
            names: new Map<number, [number, string, string]>(),
          };
    const slot = this.slotFor(layer, position, pending.names);
    if (slot < 0) return "full";
    if (!applyPosition(layer.state, slot, position.at, position.lon, position.lat, position.heading, position.speed))
      return "duplicate";
    layer.state.offset++;
    pending.advance++;
    pending.slots.add(slot);
    this.pending.set(topic, pending);
    return "taken";
  }

  private slotFor(layer: Layer, position: Position, names: Map<number, [number, string, string]>): number {
    const { state, slotOf, free } = layer;
    const known = slotOf.get(position.id);
    if (known !== undefined) {
      if (state.labels[known] !== position.label) {
        // A renamed thing keeps its slot; the name alone travels.
        state.labels[known] = position.label;
        names.set(known, [known, position.id, position.label]);
      }
      return known;
    }
    const slot = free.pop() ?? state.size;
    if (slot >= LAYER_LIMIT) return -1;
    grow(state, slot + 1);
    state.ids[slot] = position.id;
    state.labels[slot] = position.label;
    state.at[slot] = 0;
    slotOf.set(position.id, slot);
    names.set(slot, [slot, position.id, position.label]);
    return slot;
  }

  /**
   * Frees the slots of things not seen for half an hour, and lets go of events closed days ago. Call about once a
   * minute.
   */
  forget(now: number): void {
    for (const [topic, book] of this.events) if (book.expire(now)) this.eventsChanged(topic, book);
    for (const [topic, { state, slotOf, free }] of this.layers) {
      for (let slot = 0; slot < state.size; slot++) {
        const id = state.ids[slot];
        if (!id || (state.at[slot] as number) >= now - FORGET_AFTER) continue;
        slotOf.delete(id);
        state.ids[slot] = "";
        state.at[slot] = 0;
        free.push(slot);
        const { slots, names } = this.positionsChanged(topic, state);
        slots.delete(slot);
        names.set(slot, [slot, "", ""]);
      }
    }
  }

  /**
   * Lets go of what was observed further ahead of `now` (ms) than a source's clock may be: the gateway's own was wrong when it
   * came, and readings with right times would not be shown until the time they bear. Call when the clock was set back.
   * Returns the number of topics that had such; history keeps what was acknowledged, and readings come back with
   * `takeAhead`.
   */
  dropFuture(now: number): number {
    const limit = now + FUTURE_TOLERANCE;
    let found = 0;
    for (const [topic, state] of this.readings) {
      if (!state.last || state.last.at <= limit) continue;
      found++;
      this.ahead.push(...cutReadingsAfter(state, limit).map((item) => ({ topic, item })));
      state.offset++;
      // Clients hold it as well: told that too much happened, they ask for the topic anew.
      this.pending.set(topic, { kind: "reading", advance: 1, items: [], overflow: true });
    }
    for (const [topic, book] of this.events) {
      if (!book.bringBack(limit, now)) continue;
      found++;
      this.eventsChanged(topic, book);
    }
    for (const [topic, { state }] of this.layers) {
      const ahead = Array.from({ length: state.size }, (_, slot) => slot).filter(
        (slot) => (state.at[slot] ?? 0) > limit,
      );
      if (ahead.length === 0) continue;
      found++;
      const { slots, names } = this.positionsChanged(topic, state);
      for (const slot of ahead) {
        state.at[slot] = 0;
        slots.delete(slot);
        // Told its name again, a slot waits for its next place.
        names.set(slot, [slot, state.ids[slot] ?? "", state.labels[slot] ?? ""]);
      }
    }
    return found;
  }

  /** Takes back the readings that were ahead of a clock which was wrong, as it turns out. Call when it was set ahead. */
  takeAhead(now: number): void {
    const limit = now + FUTURE_TOLERANCE;
    const due = this.ahead.filter(({ item }) => item.at <= limit);
    this.ahead = this.ahead.filter(({ item }) => item.at > limit);
    for (const { topic, item } of due) this.takeItem(topic, item);
  }

  /** Gives up what was ahead of the clock: that was right, and it has been for long enough. */
  forgetAhead(): void {
    this.ahead = [];
  }

  /** Notes a change of a layer that is to be sent. */
  private positionsChanged(topic: string, state: PositionsState): Extract<Pending, { kind: "positions" }> {
    let pending = this.pending.get(topic);
    if (pending?.kind !== "positions")
      this.pending.set(topic, (pending = { kind: "positions", advance: 0, slots: new Set(), names: new Map() }));
    pending.advance++;
    state.offset++;
    return pending;
  }

  /** What changed since the last call, in topics and in the views of them. */
  drain(): Map<string, Pending> {
    const drained = this.pending;
    if (drained.size > 0) this.pending = new Map();
    for (const [topic, pending] of [...drained]) {
      if (pending.kind !== "events") continue;
      for (const row of this.events.get(topic)?.drainCells() ?? []) pending.counts.set(row.slice(0, -1).join(" "), row);
      for (const [channel, own] of this.views.derive(topic, pending)) drained.set(channel, own);
    }
    return drained;
  }

  get dirty(): boolean {
    return this.pending.size > 0;
  }

  state(topic: string): State | undefined {
    return this.readings.get(topic) ?? this.events.get(topic)?.state ?? this.layers.get(topic)?.state;
  }

  /** How many changes of a topic, or of a view, were accepted. */
  offset(channel: string): number {
    return this.views.find(channel)?.offset ?? this.state(channel)?.offset ?? 0;
  }

  topics(): string[] {
    return [...this.readings.keys(), ...this.events.keys(), ...this.layers.keys()];
  }

  /** Bytes-free form of one pending change for a set in which the topic has `index`. */
  section(topic: string, index: number, pending: Pending): Section {
    if (pending.kind === "reading")
      return { kind: "reading", index, advance: pending.advance, items: pending.overflow ? [] : pending.items };
    if (pending.kind === "events")
      return {
        kind: "events",
        index,
        advance: pending.advance,
        items: [...pending.items.values()],
        counts: [...pending.counts.values()],
      };
    const state = this.layers.get(topic)?.state ?? emptyState("positions");
    return {
      kind: "positions",
      index,
      advance: pending.advance,
      names: [...pending.names.values()],
      columns: pick(state, pending.slots),
    };
  }

  /** The whole of a topic, or of a view, with the past its `spans` (s) ask for; an unheard-of topic is an empty one. */
  snapshot(topic: string, kind: State["kind"], spans: number[], now: number): TopicSnapshot {
    const view = this.views.find(topic);
    if (view) return { kind: "events", offset: view.offset, ...this.windowOf(topicOf(topic), [...view.places]) };
    const state = this.state(topic);
    if (!state) {
      if (kind === "reading") return { kind, offset: 0, last: null, series: [] };
      return kind === "events" ? { kind, offset: 0, items: [], counts: [] } : { kind, offset: 0, names: [], rows: [] };
    }
    if (state.kind === "reading")
      return { kind: "reading", offset: state.offset, last: state.last, ...pastOf(state, spans, now) };
    if (state.kind === "events") return { kind: "events", offset: state.offset, ...this.windowOf(topic) };
    const rows = this.isLong(topic) ? laterRowsOf(state) : rowsOf(state);
    return { kind: "positions", offset: state.offset, ...rows };
  }

  private windowOf(topic: string, places?: readonly string[]) {
    return this.events.get(topic)?.window(places) ?? { items: [], counts: [] };
  }

  /** Whether a topic's snapshot is so long that it is made as it is written, see `jsonPieces`. */
  isLong(topic: string): boolean {
    return (this.layers.get(topic)?.state.size ?? 0) > LONG_LAYER;
  }

  /** Everything, in a form that v8.serialize takes. */
  dump(): HubDump {
    return {
      readings: [...this.readings].map(([topic, state]) => ({
        topic,
        last: state.last,
        fine: state.fine.toArray(),
        coarse: state.coarse.toArray(),
        hourly: state.hourly.toArray(),
        marks: { fine: state.fine.marks(), coarse: state.coarse.marks(), hourly: state.hourly.marks() },
      })),
      events: [...this.events].map(([topic, book]) => ({ topic, ...book.dump() })),
      positions: [...this.layers].map(([topic, { state }]) => ({ topic, ...rowsOf(state) })),
    };
  }

  /** Takes back what an earlier run dumped. Topics whose names no longer parse are left behind by the caller. */
  restore(dump: HubDump): void {
    for (const { topic, last, fine, coarse, hourly, marks } of dump.readings) {
      const state: ReadingState = { ...emptyState("reading"), epoch: this.epoch, last };
      fill(state.fine, fine, marks?.fine);
      fill(state.coarse, coarse, marks?.coarse);
      fill(state.hourly, hourly, marks?.hourly);
      this.readings.set(topic, state);
    }
    for (const { topic, items, gone } of dump.events) {
      const city = parseTopic(topic)?.city;
      if (city !== undefined) this.bookOf(city).restore({ items, ...(gone ? { gone } : {}) });
    }
    for (const { topic, names, rows } of dump.positions ?? []) {
      for (const [i, [, id, label]] of names.entries()) {
        const [, lon = 0, lat = 0, heading = 0, speed = 0, at = 0] = rows.slice(i * 6, i * 6 + 6);
        this.takeThing({ topic, id, label, at, lon, lat, heading, speed });
      }
    }
    this.drain();
  }

  /**
   * Takes again what an earlier run recorded, in the order of the journal. Returns when the last of it was recorded,
   * ms; 0 for none.
   */
  replay({ readings, events, positions }: JournalBatch): number {
    let newest = 0;
    for (let i = 0; i < readings.topic.length; i++) {
      const topic = readings.topics[readings.topic[i] as number] as string;
      const quality = QUALITIES[readings.quality[i] as number] ?? "bad";
      // What was brought from long ago was never live.
      if ((readings.observed[i] as number) >= (readings.recorded[i] as number) - OLDEST)
        this.takeItem(topic, { at: readings.observed[i] as number, value: readings.value[i] as number, quality });
      newest = Math.max(newest, readings.recorded[i] as number);
    }
    for (const { event, recorded } of events) {
      this.takeAgain(event);
      newest = Math.max(newest, recorded);
    }
    for (const position of positions) this.takeThing(position);
    this.drain();
    return newest;
  }

  private takeAgain(event: CityEvent): void {
    try {
      this.takeEvent(event);
    } catch (error) {
      // What an event has too many steps for was refused by an earlier run as well: it must not keep the server from
      // listening.
      if (!(error instanceof ValidationError)) throw error;
    }
  }

  /** Takes a position as it was kept, by the name of its topic. */
  private takeThing({ topic, ...position }: KeptPosition): void {
    const name = parseTopic(topic);
    if (name?.kind === "positions") this.takePosition({ city: name.city, layer: name.layer, ...position });
  }

  /** Counts for /metrics. */
  sizes(): { readings: number; events: number; positions: number } {
    let events = 0;
    let positions = 0;
    for (const book of this.events.values()) events += book.state.open.size;
    for (const layer of this.layers.values()) positions += layer.slotOf.size;
    return { readings: this.readings.size, events, positions };
  }
}

export interface HubDump {
  /** series as `Series.toArray` and `Series.marks` give them; what an earlier version dumped has no marks */
  readings: {
    topic: string;
    last: ReadingItem | null;
    fine: number[];
    coarse: number[];
    hourly: number[];
    marks?: Record<"fine" | "coarse" | "hourly", number[]>;
  }[];
  /** `gone`: what is remembered of those closed long ago; files of an earlier version have none */
  events: { topic: string; items: CityEvent[]; gone?: GoneEvent[] }[];
  /** as in a snapshot; what an earlier version dumped has none */
  positions?: { topic: string; names: [number, string, string][]; rows: number[] }[];
}

/** The past readings that `spans` (s) ask for, and which of them are not good. */
function pastOf(state: ReadingState, spans: number[], now: number): { series: number[]; marks?: number[] } {
  const series: number[] = [];
  const marks: number[] = [];
  for (const span of longestSpans(spans)) {
    if (span === 0) continue;
    const [tier, from, before] = [seriesOf(state, span), now - span * 1000, series.length / 2];
    tier.marks(from).forEach((part, i) => marks.push(i % 2 === 0 ? before + part : part));
    for (const part of tier.toArray(from)) series.push(part);
  }
  return marks.length > 0 ? { series, marks } : { series };
}

function pick(state: PositionsState, slots: Set<number>): PositionColumns {
  const out: PositionColumns = {
    slots: Uint32Array.from(slots),
    lon: new Float64Array(slots.size),
    lat: new Float64Array(slots.size),
    heading: new Float32Array(slots.size),
    speed: new Float32Array(slots.size),
    at: new Float64Array(slots.size),
  };
  out.slots.forEach((slot, i) => {
    out.lon[i] = state.lon[slot] as number;
    out.lat[i] = state.lat[slot] as number;
    out.heading[i] = state.heading[slot] as number;
    out.speed[i] = state.speed[slot] as number;
    out.at[i] = state.at[slot] as number;
  });
  return out;
}

function fill(series: ReadingState["fine"], pairs: number[], marks: number[] = []): void {
  let mark = 0;
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const marked = marks[mark] === i / 2;
    series.add(pairs[i] as number, pairs[i + 1] as number, marked ? QUALITIES[marks[mark + 1] as number] : "good");
    if (marked) mark += 2;
  }
}
