import { monotonic } from "../clock";
import { LIMITS } from "../contract/api/limits";
import { encodeFrame } from "../contract/frames";
import type { SnapshotMessage, SubscribeRequest, TopicSnapshot } from "../contract/socket-messages";
import { pointsIn } from "../contract/reduce";
import { parseTopic } from "../contract/topics";
import { topicOf } from "./event-views";
import { copyOf, join, type Hub, type Pending } from "./hub";

/** Seconds of past a snapshot holds at the most (8 days). */
const LONGEST_SPAN = 691_200;
/** A set that had nothing to say for this long (ms) says so: its clients must hear the gateway. */
export const HEARTBEAT = 1_000;
/**
 * What a frame costs a server is the write to each socket, whatever is in it. A set with this many members waits until
 * a frame is worth it: so many changes, or the first of them so old (ms). An event never waits, and neither do few
 * members.
 */
const CROWD = 50;
const WORTH = 8;
const WAIT = 350;
/** Ms of a tick after which no further question is answered in it: frames and requests go on between two ticks. */
const ANSWERING = 25;

const NEW = { behind: false, resyncing: false, skipped: 0, unanswered: 0, held: null };
/** Bytes of frames that are held for one connection while its snapshot is written. */
const HELD = 8 << 20;

/** A connection as the outbox sees it: bytes go in, and how much still waits can be asked. */
export interface Sink {
  /** Sends one encoded frame. The same bytes object goes to many sinks. */
  send(bytes: Uint8Array): void;
  /** True while so much waits that more would only add to it. */
  congested(): boolean;
  /** True where there is room for a snapshot, a small one or one that may be large, beside what waits in all connections. */
  hasRoom(small: boolean): boolean;
}

/** What of a topic somebody is told: all of it, of events those of some places; or nothing, and why. */
export type Sight = { places: readonly string[] | null } | { refused: string };

interface SubscriptionGroup {
  id: number;
  key: string;
  /** topics, and views of them */
  order: string[];
  seq: number;
  sentAt: number;
  members: Set<Member>;
  held: Held | null;
}

/** Changes a set has not been told yet, by topic. */
interface Held {
  since: number;
  changes: Map<string, { index: number; pending: Pending }>;
}

interface Member {
  sink: Sink;
  sight: (topic: string) => Sight;
  set: SubscriptionGroup | null;
  spans: Map<string, number[]>;
  /** frames were skipped, and no snapshot has been sent instead yet */
  behind: boolean;
  /** a snapshot instead of those has been asked for */
  resyncing: boolean;
  skipped: number;
  /** questions that wait for their answer */
  unanswered: number;
  resync: Tell;
  /** frames that wait for a long snapshot to be written and read, and their bytes; null where there is none */
  held: { frames: Uint8Array[]; bytes: number } | null;
}

/** Sends a snapshot; one that is long is written in stretches, and has been sent when the promise resolves. */
export type Tell = (message: SnapshotMessage) => unknown;

/** Whether charts of all these spans together hold few points of the past. */
function isFew(spans: number[][]): boolean {
  return spans.reduce((points, of) => points + pointsIn(of), 0) <= LIMITS.live.smallPoints;
}

/** A snapshot that is to be made. */
interface Asked {
  member: Member;
  isLong: () => boolean;
  isSmall: () => boolean;
  /** a promise where it is written in stretches, see `Tell` */
  answer: (now: number) => unknown;
}

export interface OutboxStats {
  frames: number;
  bytes: number;
  skipped: number;
  encoded: number;
}

/**
 * Sends what changed, once a tick. Clients that ask for the same topics share a set; a frame is encoded once a set; a
 * set with many members waits a little for a fuller frame. A client that cannot keep up is skipped, not queued for: it
 * gets one snapshot when it can take it, and what was skipped is counted.
 */
export class Outbox {
  private readonly sets = new Map<string, SubscriptionGroup>();
  private readonly setsOf = new Map<string, Map<SubscriptionGroup, number>>();
  private readonly members = new Map<Sink, Member>();
  private readonly holding = new Set<SubscriptionGroup>();
  private asked: Asked[] = [];
  /** a long snapshot is being written */
  private writing = false;
  /** those whose long snapshot is written, and may not be read yet */
  private readonly told = new Set<Member>();
  private nextSet = 1;
  /** of the tick, ms of a clock that is never set: a wall clock that goes back an hour must not silence the sets for one */
  private elapsed = 0;
  readonly stats: OutboxStats = { frames: 0, bytes: 0, skipped: 0, encoded: 0 };

  /** @param allowed whether a topic exists; others are refused by name */
  constructor(
    private readonly hub: Hub,
    private readonly allowed: (topic: string) => boolean,
  ) {}

  get clients(): number {
    return this.members.size;
  }

  /**
   * A connection begins. `resync` carries the snapshot that follows skipped frames.
   * @param sight what of a topic it is told, looked at whenever it asks; everything that there is when left out
   */
  join(sink: Sink, resync: Tell, sight = (topic: string): Sight => this.sightOfAll(topic)): void {
    this.members.set(sink, { sink, sight, set: null, spans: new Map(), ...NEW, resync });
  }

  private sightOfAll(topic: string): Sight {
    return this.allowed(topic) ? { places: null } : { refused: "unknown topic" };
  }

  /** Whether a connection would be told all that it is told if it asked for it now. */
  isStillTold(sink: Sink): boolean {
    const { set, sight } = this.members.get(sink) ?? {};
    if (!set || !sight) return true;
    return set.order.every((channel) => {
      const seen = sight(topicOf(channel));
      return !("refused" in seen) && this.channelOf(topicOf(channel), seen) === channel;
    });
  }

  private channelOf(topic: string, { places }: Extract<Sight, { places: unknown }>): string {
    return places ? this.hub.views.open(topic, places) : topic;
  }

  leave(sink: Sink): void {
    const member = this.members.get(sink);
    if (!member) return;
    this.members.delete(sink);
    this.moveTo(member, null);
  }

  /** Frames this connection was too slow for. */
  skipped(sink: Sink): number {
    return this.members.get(sink)?.skipped ?? 0;
  }

  /**
   * Asks for topics, replacing what was asked before. Answered right after a tick, so that no change is told twice: the
   * next one, unless others are still to be answered, or what the connection was sent already waits to be read.
   * @returns false where too many questions of this connection wait already
   */
  subscribe(sink: Sink, request: SubscribeRequest, answer: Tell): boolean {
    const member = this.members.get(sink);
    if (!member) return true;
    if (member.unanswered >= LIMITS.live.unanswered) return false;
    member.unanswered++;
    this.asked.push({
      member,
      isLong: () => request.topics.some(({ topic }) => this.hub.isLong(topic)),
      isSmall: () => isFew(request.topics.map(({ spans }) => spans)),
      answer: (now) => {
        member.unanswered--;
        return answer(this.admit(member, request, now));
      },
    });
    return true;
  }

  /**
   * One tick: send what changed, then answer who asked.
   * @param now what frames carry, ms @param elapsed ms of a clock that never jumps, by which is judged what is due
   */
  tick(now: number, elapsed = now): void {
    this.elapsed = elapsed;
    this.letGo();
    if (this.hub.dirty) this.sort(this.hub.drain());
    for (const set of this.holding) if (due(set, elapsed)) this.flush(set, now);
    this.beat(now);
    if (this.asked.length > 0) this.answer(now);
  }

  /**
   * Makes the snapshots that are asked for, in turn, until the tick's time is up or there is no room for more; who does not read
   * what he was sent is passed over.
   */
  private answer(now: number): void {
    const until = monotonic() + ANSWERING;
    const asked = this.asked;
    this.asked = [];
    // Where there was no room for one, there is none for the next in this tick.
    const full = { small: false, large: false };
    const isFull = (one: Asked, { sink }: Member): boolean => {
      const small = one.isSmall() && !one.isLong();
      const size = small ? "small" : "large";
      full[size] ||= !sink.hasRoom(small);
      return full[size];
    };
    for (const one of asked) {
      const { member } = one;
      const { sink } = member;
      if (!this.members.has(sink)) continue;
      const waits = monotonic() >= until || sink.congested() || member.held || isFull(one, member);
      // Long ones are written one after the other: each is held whole until it is sent.
      if (waits || (this.writing && one.isLong())) this.asked.push(one);
      else this.follow(member, one.answer(now));
    }
  }

  /** Holds a member's frames until its snapshot is written, where that takes longer than this step. */
  private follow(member: Member, told: unknown): void {
    if (!(told instanceof Promise)) return;
    const held = { frames: [], bytes: 0 };
    member.held = held;
    this.writing = true;
    void told.finally(() => {
      this.writing = false;
      this.told.add(member);
    });
  }

  /**
   * Sends what was held for those who have read their long snapshot. Skipped instead, as for others who have not read what they were
   * sent, they would have to be sent the next one, for as long as anything moves.
   */
  private letGo(): void {
    for (const member of this.told) {
      if (this.members.has(member.sink) && member.sink.congested()) continue;
      this.told.delete(member);
      const { frames } = member.held ?? { frames: [] };
      member.held = null;
      if (this.members.has(member.sink)) for (const bytes of frames) this.sendTo(member, bytes);
    }
  }

  /** Gives each set the changes of its topics. */
  private sort(changes: Map<string, Pending>): void {
    for (const [topic, pending] of changes) {
      for (const [set, index] of this.setsOf.get(topic) ?? []) {
        if (!set.held) {
          set.held = { since: this.elapsed, changes: new Map() };
          this.holding.add(set);
        }
        const held = set.held.changes.get(topic);
        // The hub's own object is shared by all sets: one that waits gets a copy.
        if (held) join(held.pending, pending);
        else set.held.changes.set(topic, { index, pending: set.members.size < CROWD ? pending : copyOf(pending) });
      }
    }
  }

  private flush(set: SubscriptionGroup, now: number): void {
    this.holding.delete(set);
    if (!set.held) return;
    const sections = [...set.held.changes].map(([topic, { index, pending }]) =>
      this.hub.section(topic, index, pending),
    );
    const isGone = [...set.held.changes.values()].some(({ pending }) => pending.kind === "events" && pending.gone);
    set.held = null;
    if (isGone) for (const member of set.members) this.tellAnew(member);
    else this.send(set, now, sections);
  }

  /** Tells a member everything anew: frames have no word for what went out of its sight. */
  private tellAnew(member: Member): void {
    member.behind = true;
    if (!member.resyncing) this.resync(member);
  }

  private send(set: SubscriptionGroup, now: number, sections: Parameters<typeof encodeFrame>[0]["sections"]): void {
    set.seq++;
    set.sentAt = this.elapsed;
    const bytes = encodeFrame({ set: set.id, seq: set.seq, now, sections });
    this.stats.encoded++;
    for (const member of set.members) this.deliver(member, bytes);
  }

  private deliver(member: Member, bytes: Uint8Array): void {
    const { held } = member;
    if (held && !member.behind && held.bytes + bytes.length <= HELD) {
      held.frames.push(bytes);
      held.bytes += bytes.length;
      return;
    }
    if (held || member.sink.congested()) {
      this.skip(member);
      return;
    }
    if (member.behind) {
      if (member.resyncing) this.skip(member);
      else this.resync(member);
      return;
    }
    this.sendTo(member, bytes);
  }

  private sendTo(member: Member, bytes: Uint8Array): void {
    member.sink.send(bytes);
    this.stats.frames++;
    this.stats.bytes += bytes.length;
  }

  private skip(member: Member): void {
    member.behind = true;
    member.skipped++;
    this.stats.skipped++;
  }

  /** Has a snapshot made instead of the frames that a member was too slow for. */
  private resync(member: Member): void {
    member.resyncing = true;
    this.asked.push({
      member,
      isLong: () => member.set?.order.some((topic) => this.hub.isLong(topic)) ?? false,
      isSmall: () => isFew([...member.spans.values()]),
      answer: (now) => {
        member.resyncing = false;
        // It may have asked for other topics meanwhile, and was answered.
        if (!member.behind || !member.set) return;
        this.flush(member.set, now);
        member.behind = false;
        return member.resync(this.message(member.set, member.spans, new Map(), [], now));
      },
    });
  }

  private beat(now: number): void {
    for (const set of this.sets.values()) {
      if (this.elapsed - set.sentAt < HEARTBEAT) continue;
      // A member that was behind gets a snapshot instead, and that holds what waits here: it must not be told again
      // later.
      if (set.held) this.flush(set, now);
      else this.send(set, now, []);
    }
  }

  private admit(member: Member, request: SubscribeRequest, now: number): SnapshotMessage {
    const spans = new Map<string, number[]>();
    const have = new Map<string, number>();
    const refused: SnapshotMessage["refused"] = [];
    for (const { topic, spans: asked, have: place } of request.topics.slice(0, LIMITS.live.topics)) {
      const seen = parseTopic(topic) ? member.sight(topic) : { refused: "not a topic name" };
      if ("refused" in seen) {
        refused.push({ topic, reason: seen.refused });
        continue;
      }
      const channel = this.channelOf(topic, seen);
      spans.set(
        channel,
        asked.map((span) => Math.max(0, Math.min(span, LONGEST_SPAN))),
      );
      if (place && place.epoch === this.hub.epoch) have.set(channel, place.offset);
    }
    for (const { topic } of request.topics.slice(LIMITS.live.topics))
      refused.push({ topic, reason: `more than ${LIMITS.live.topics} topics` });
    member.spans = spans;
    member.behind = false;
    const set = this.setFor([...spans.keys()].sort());
    // The snapshot holds what still waits here; a later frame must not tell it a second time.
    this.flush(set, now);
    this.moveTo(member, set);
    return this.message(set, spans, have, refused, now);
  }

  private message(
    set: SubscriptionGroup,
    spans: Map<string, number[]>,
    have: Map<string, number>,
    refused: SnapshotMessage["refused"],
    now: number,
  ): SnapshotMessage {
    const topics: Record<string, TopicSnapshot> = {};
    for (const channel of set.order) {
      const topic = topicOf(channel);
      const kind = parseTopic(topic)?.kind;
      if (!kind || have.get(channel) === this.hub.offset(channel)) continue;
      topics[topic] = this.hub.snapshot(channel, kind, spans.get(channel) ?? [], now);
    }
    const order = set.order.map(topicOf);
    return { epoch: this.hub.epoch, now, set: set.id, seq: set.seq, order, topics, refused };
  }

  private setFor(order: string[]): SubscriptionGroup {
    const key = order.join("\n");
    const known = this.sets.get(key);
    if (known) return known;
    const set: SubscriptionGroup = {
      id: this.nextSet++,
      key,
      order,
      seq: 0,
      sentAt: this.elapsed,
      members: new Set(),
      held: null,
    };
    this.sets.set(key, set);
    order.forEach((topic, index) => {
      this.hub.views.follow(topic, 1);
      const sets = this.setsOf.get(topic);
      if (sets) sets.set(set, index);
      else this.setsOf.set(topic, new Map([[set, index]]));
    });
    return set;
  }

  private moveTo(member: Member, set: SubscriptionGroup | null): void {
    const before = member.set;
    if (before === set) return;
    member.set = set;
    set?.members.add(member);
    if (!before) return;
    before.members.delete(member);
    if (before.members.size > 0) return;
    this.sets.delete(before.key);
    this.holding.delete(before);
    for (const topic of before.order) {
      this.hub.views.follow(topic, -1);
      const sets = this.setsOf.get(topic);
      sets?.delete(before);
      if (sets?.size === 0) this.setsOf.delete(topic);
    }
  }
}

function due({ members, held }: SubscriptionGroup, elapsed: number): boolean {
  if (!held || members.size < CROWD || elapsed - held.since >= WAIT) return true;
  let count = 0;
  for (const { pending } of held.changes.values()) {
    if (pending.kind === "events") return true;
    count += pending.kind === "reading" ? pending.items.length : 1;
  }
  return count >= WORTH;
}
