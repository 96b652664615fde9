import { after, every, monotonic } from "../clock";
import { CONNECTION_LIMIT } from "../contract/freshness";
import { NO_RIGHT } from "../contract/rights";
import { decodeFrame, type Frame, type Section } from "../contract/frames";
import type {
  ClockMessage,
  SnapshotMessage,
  StoreMessage,
  SubscribeRequest,
  TopicSnapshot,
} from "../contract/socket-messages";
import { QUALITIES } from "../contract/readings";
import { emptyState, reduce, runLow, tierOf, type Change, type ReadingItem, type State } from "../contract/reduce";
import { parseTopic } from "../contract/topics";
import type { EventSource, Live, ValuesSource } from "./read-metric";

interface Entry {
  state: State;
  /** seconds of past wanted and those the state was filled with, for each tier of its series; null = not even asked */
  wanted: Spans;
  filled: Spans | null;
  watchers: Map<() => void, number>;
}

/** Longest span by tier, s; see tierOf. */
type Spans = [number, number, number, number];

function covers(filled: Spans | null, wanted: Spans): boolean {
  return filled !== null && wanted.every((span, tier) => span <= (filled[tier] ?? 0));
}

/** What the store needs of a connection. */
export interface Uplink {
  subscribe(request: SubscribeRequest, answer: (message: SnapshotMessage | { error: string }) => void): void;
}

/** Time over which the quickest messages tell the gateway's clock, ms. */
const CLOCK_WINDOW = 60_000;
const BEAT = 500;

/**
 * Topics outside React. Takes snapshots and frames, applies both with the one reduce, and tells
 * watchers. Knows gateway time from the messages themselves: of all that came in the last minute,
 * the one that took the shortest way tells it best.
 */
export class LiveStore implements Live {
  private readonly entries = new Map<string, Entry>();
  private readonly beats = new Set<() => void>();
  private uplink: Uplink | null = null;
  private set = -1;
  private seq = 0;
  private order: string[] = [];
  private asking: (() => void) | null = null;
  private heardAt = -Infinity;
  private skew = { value: -Infinity, at: 0 };
  private wasConnected = false;
  private readonly stopBeat: () => void;
  /** frames the gateway had to skip for this page because it was slow */
  skippedFrames = 0;
  tolerance = 0;
  past = false;
  store: StoreMessage | null = null;
  clock: ClockMessage | null = null;
  values?: ValuesSource;
  eventSource?: EventSource;
  /** topics the gateway does not tell, from the last subscription: it does not know them, or there is no right to them */
  refused: SnapshotMessage["refused"] = [];
  /** those of them to which there is no right */
  private withheld: ReadonlySet<string> = new Set();

  constructor(private readonly mono: () => number = monotonic) {
    this.stopBeat = every(BEAT, () => this.beat());
  }

  close(): void {
    this.stopBeat();
    this.asking?.();
  }

  now(): number {
    return Math.round(this.mono() + (this.skew.value === -Infinity ? 0 : this.skew.value));
  }

  connected(): boolean {
    return this.uplink !== null && this.mono() - this.heardAt < CONNECTION_LIMIT;
  }

  state(topic: string): State | undefined {
    return this.entries.get(topic)?.state;
  }

  isWithheld(topic: string): boolean {
    return this.withheld.has(topic);
  }

  onBeat(listener: () => void): () => void {
    this.beats.add(listener);
    return () => this.beats.delete(listener);
  }

  private beat(): void {
    for (const listener of this.beats) listener();
  }

  watch(topic: string, span: number, listener: () => void): () => void {
    let entry = this.entries.get(topic);
    const kind = parseTopic(topic)?.kind;
    if (!kind) throw new Error(`"${topic}" is not a topic`);
    if (!entry)
      this.entries.set(
        topic,
        (entry = { state: emptyState(kind), wanted: [0, 0, 0, 0], filled: null, watchers: new Map() }),
      );
    entry.watchers.set(listener, span);
    this.settle(topic, entry);
    return () => {
      entry.watchers.delete(listener);
      this.settle(topic, entry);
    };
  }

  private settle(topic: string, entry: Entry): void {
    entry.wanted = [0, 0, 0, 0];
    for (const span of entry.watchers.values()) {
      const tier = tierOf(span);
      entry.wanted[tier] = Math.max(entry.wanted[tier], span);
    }
    if (entry.watchers.size === 0 || !covers(entry.filled, entry.wanted) || !this.order.includes(topic)) this.ask();
  }

  /** Asks again soon; several changes of what is watched become one request. */
  private ask(): void {
    if (this.asking) return;
    this.asking = after(20, () => {
      this.asking = null;
      this.subscribe();
    });
  }

  private subscribe(): void {
    for (const [topic, entry] of this.entries) if (entry.watchers.size === 0) this.entries.delete(topic);
    const topics = [...this.entries].map(([topic, entry]) => ({
      topic,
      spans: entry.wanted.filter((span) => span > 0),
      ...(covers(entry.filled, entry.wanted) && entry.state.epoch !== 0
        ? { have: { epoch: entry.state.epoch, offset: entry.state.offset } }
        : {}),
    }));
    const asked = new Map([...this.entries].map(([topic, entry]) => [topic, entry.wanted]));
    this.uplink?.subscribe({ topics }, (message) => {
      if ("error" in message) after(1_000, () => this.ask());
      else this.takeSnapshot(message, asked);
    });
  }

  /** A connection stands: ask for everything that is watched. */
  attach(uplink: Uplink): void {
    this.uplink = uplink;
    this.set = -1;
    this.subscribe();
  }

  /** The connection is gone. What is known stays, and is shown as offline. */
  detach(): void {
    this.uplink = null;
    this.changed();
  }

  /** A message from the gateway carried its time. */
  heard(gatewayNow: number): void {
    const mono = this.mono();
    const skew = gatewayNow - mono;
    // A message can only be late, never early: the largest difference came the shortest way.
    if (skew >= this.skew.value || mono - this.skew.at > CLOCK_WINDOW) this.skew = { value: skew, at: mono };
    this.heardAt = mono;
    this.changed();
  }

  /** A message from the gateway carried its time, and what was known of that before may be wrong: it is another run's. */
  heardAnew(gatewayNow: number): void {
    this.skew = { value: -Infinity, at: 0 };
    this.heard(gatewayNow);
  }

  /** The gateway's clock was set. What is shown may bear times that have not come, and is asked for anew. */
  clockSet(message: ClockMessage): void {
    this.clock = message;
    this.heardAnew(message.now);
    this.refill();
    this.beat();
  }

  private changed(): void {
    if (this.connected() === this.wasConnected) return;
    this.wasConnected = this.connected();
    this.beat();
  }

  /** A snapshot came, asked for or sent after skipped frames. */
  takeSnapshot(message: SnapshotMessage, spans: Map<string, Spans> = new Map()): void {
    this.heard(message.now);
    this.set = message.set;
    this.seq = message.seq;
    this.order = message.order;
    this.takeRefused(message.refused);
    for (const [topic, span] of spans) {
      const entry = this.entries.get(topic);
      if (entry) entry.filled = span;
    }
    for (const [topic, snapshot] of Object.entries(message.topics)) {
      const entry = this.entries.get(topic);
      if (!entry) continue;
      reduce(entry.state, changeOf(snapshot, message.epoch));
      this.tell(entry);
    }
  }

  /** What there is no right to any more is forgotten: it must neither stay on the screen nor be taken for dead. */
  private takeRefused(refused: SnapshotMessage["refused"]): void {
    this.refused = refused;
    const before = this.withheld;
    this.withheld = new Set(refused.filter(({ reason }) => reason === NO_RIGHT).map(({ topic }) => topic));
    for (const topic of new Set([...before, ...this.withheld])) {
      const entry = this.entries.get(topic);
      if (!entry || before.has(topic) === this.withheld.has(topic)) continue;
      if (this.withheld.has(topic)) entry.state = emptyState(entry.state.kind);
      this.tell(entry);
    }
  }

  /** A frame came. One of an earlier subscription is old news; one out of sequence means something was lost. */
  takeFrame(bytes: Uint8Array): void {
    this.take(decodeFrame(bytes));
  }

  /** The same, decoded. */
  take(frame: Frame): void {
    this.heard(frame.now);
    if (frame.set !== this.set) return;
    if (frame.seq !== this.seq + 1) {
      this.refill();
      return;
    }
    this.seq = frame.seq;
    for (const section of frame.sections) this.takeSection(section);
  }

  /** Asks for everything anew, as after a jump in time. */
  refresh(): void {
    this.refill();
  }

  /** Forgets what it has, so that the next subscription brings whole snapshots. */
  private refill(): void {
    this.set = -1;
    for (const entry of this.entries.values()) entry.filled = null;
    this.ask();
  }

  private takeSection(section: Section): void {
    const entry = this.entries.get(this.order[section.index] ?? "");
    if (!entry) return;
    if (section.kind === "reading" && section.items.length === 0) {
      entry.filled = null;
      this.ask();
      return;
    }
    const { epoch, offset } = entry.state;
    const place = { epoch, offset: offset + section.advance, snapshot: false };
    const change: Change =
      section.kind === "positions"
        ? { kind: "positions", ...place, names: section.names, ...section.columns }
        : { ...section, ...place };
    reduce(entry.state, change);
    if (entry.state.kind === "events" && runLow(entry.state)) {
      entry.filled = null;
      this.ask();
    }
    this.tell(entry);
  }

  private tell(entry: Entry): void {
    for (const listener of entry.watchers.keys()) listener();
  }
}

/** A snapshot's topic as a change that `reduce` takes. */
function changeOf(snapshot: TopicSnapshot, epoch: number): Change {
  const place = { epoch, offset: snapshot.offset, snapshot: true };
  if (snapshot.kind === "events") return { kind: "events", ...place, items: snapshot.items, counts: snapshot.counts };
  if (snapshot.kind === "reading") {
    const { series, marks = [] } = snapshot;
    const items: ReadingItem[] = [];
    for (let i = 0; i + 1 < series.length; i += 2)
      items.push({ at: series[i] as number, value: series[i + 1] as number, quality: "good" });
    for (let i = 0; i + 1 < marks.length; i += 2) {
      const marked = items[marks[i] as number];
      if (marked) marked.quality = QUALITIES[marks[i + 1] as number] ?? "bad";
    }
    if (snapshot.last) items.push(snapshot.last);
    return { kind: "reading", ...place, items };
  }
  const count = snapshot.rows.length / 6;
  const column = (k: number): number[] => Array.from({ length: count }, (_, i) => snapshot.rows[i * 6 + k] as number);
  return {
    kind: "positions",
    ...place,
    names: snapshot.names,
    slots: column(0),
    lon: column(1),
    lat: column(2),
    heading: column(3),
    speed: column(4),
    at: column(5),
  };
}
