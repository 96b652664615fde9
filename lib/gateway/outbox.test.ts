import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../contract/api/limits";
import type { CityEvent } from "../contract/events";
import type { SnapshotMessage, SubscribeRequest } from "../contract/socket-messages";
import { QUALITIES, type Quality } from "../contract/readings";
import type { ReadingState } from "../contract/reduce";
import { LiveStore } from "../live/live-store";
import { decodeFrame } from "../contract/frames";
import { Hub } from "./hub";
import { Outbox, type Sink } from "./outbox";

const T0 = Date.parse("2026-11-22T08:00:00Z");
const TOPICS = ["a", "b", "c"].map((metric) => `reading/city/all/${metric}`);

class FakeSink implements Sink {
  sent: Uint8Array[] = [];
  slow = false;
  static room = true;
  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }
  congested(): boolean {
    return this.slow;
  }
  hasRoom(): boolean {
    return FakeSink.room;
  }
}

const EVENT: CityEvent = {
  id: "e",
  city: "city",
  district: "all",
  kind: "noise",
  title: "e",
  severity: 1,
  stage: "上报",
  stages: ["上报", "办结"],
  at: T0,
  updated: T0,
  source: "s",
};

function setup() {
  const hub = new Hub(T0);
  const outbox = new Outbox(hub, (topic) => topic.split("/")[1] === "city");
  const take = (metric: string, at: number, value: number, quality: Quality = "good"): string =>
    hub.takeReading({ city: "city", district: "all", metric, at, value, quality });
  const ask = (sink: Sink, request: SubscribeRequest, now = T0): SnapshotMessage => {
    let answer: SnapshotMessage | null = null;
    outbox.subscribe(sink, request, (message) => {
      answer = message;
    });
    outbox.tick(now);
    if (!answer) throw new Error("no answer");
    return answer;
  };
  return { hub, outbox, take, ask };
}

const request = (topics: string[], spans = [900]): SubscribeRequest => ({
  topics: topics.map((topic) => ({ topic, spans })),
});

describe("Outbox", () => {
  it("sends one encoding to all who want the same topics, and nothing to the others", () => {
    const { outbox, take, ask } = setup();
    const sinks = [new FakeSink(), new FakeSink(), new FakeSink()];
    for (const sink of sinks) outbox.join(sink, () => {});
    ask(sinks[0] as Sink, request([TOPICS[0] as string]));
    ask(sinks[1] as Sink, request([TOPICS[0] as string]));
    ask(sinks[2] as Sink, request([TOPICS[1] as string]));
    take("a", T0, 1);
    outbox.tick(T0 + 50);
    expect(sinks.map((sink) => sink.sent.length)).toEqual([1, 1, 0]);
    expect(sinks[0]?.sent[0]).toBe(sinks[1]?.sent[0]);
    expect(outbox.stats).toEqual({ frames: 2, bytes: 2 * (sinks[0]?.sent[0]?.length ?? 0), skipped: 0, encoded: 1 });
  });

  it("takes the same topics in another order for the same, and numbers sets so that a frame can say which it is of", () => {
    const { outbox, take, ask } = setup();
    const [one, other, third] = [new FakeSink(), new FakeSink(), new FakeSink()];
    for (const sink of [one, other, third]) outbox.join(sink, () => {});
    const sets = [
      ask(one, request(TOPICS.slice(0, 2))).set,
      ask(other, request(TOPICS.slice(0, 2).reverse())).set,
      ask(third, request(TOPICS)).set,
    ];
    expect(sets).toEqual([1, 1, 2]);
    take("a", T0, 1);
    outbox.tick(T0 + 50);
    expect([one, other, third].map(({ sent }) => sent.map((bytes) => decodeFrame(bytes).set))).toEqual([[1], [1], [2]]);
    expect(outbox.stats.encoded).toBe(2);
  });

  it("goes on telling those who stay when others who want the same leave", () => {
    const { outbox, take, ask } = setup();
    const [leaves, stays, alone] = [new FakeSink(), new FakeSink(), new FakeSink()];
    for (const sink of [leaves, stays, alone]) outbox.join(sink, () => {});
    ask(leaves, request([TOPICS[0] as string]));
    ask(stays, request([TOPICS[0] as string]));
    // Another set, which shares a topic with the first and ends before it.
    ask(alone, request(TOPICS));
    outbox.leave(alone);
    outbox.leave(leaves);
    outbox.leave(leaves);
    take("a", T0, 1);
    outbox.tick(T0 + 50);
    expect([leaves, stays, alone].map(({ sent }) => sent.length)).toEqual([0, 1, 0]);
    expect([outbox.clients, outbox.skipped(alone)]).toEqual([1, 0]);
  });

  it("does not answer who has left before the answer", () => {
    const { outbox } = setup();
    const sink = new FakeSink();
    const answers: SnapshotMessage[] = [];
    outbox.subscribe(sink, request(TOPICS), (message) => answers.push(message));
    outbox.tick(T0);
    outbox.join(sink, () => {});
    outbox.subscribe(sink, request(TOPICS), (message) => answers.push(message));
    outbox.leave(sink);
    outbox.tick(T0 + 50);
    outbox.tick(T0 + 2_000);
    expect([answers, outbox.stats.encoded]).toEqual([[], 0]);
  });

  it("takes as many topics as it says, and names those that are too many", () => {
    const { outbox, ask } = setup();
    const sink = new FakeSink();
    outbox.join(sink, () => {});
    const names = Array.from({ length: LIMITS.live.topics + 1 }, (_, i) => `reading/city/all/m${i}`);
    const { order, refused } = ask(sink, request(names));
    expect([...order].sort()).toEqual(names.slice(0, -1).sort());
    expect(refused).toEqual([{ topic: names.at(-1), reason: `more than ${LIMITS.live.topics} topics` }]);
  });

  it("beats once a second where nothing happens", () => {
    const { outbox, ask } = setup();
    const sink = new FakeSink();
    outbox.join(sink, () => {});
    ask(sink, request([]));
    for (let ms = 50; ms <= 3_000; ms += 50) outbox.tick(T0 + ms);
    expect(sink.sent.length).toBe(3);
  });

  it("beats, and sends what a crowd waits for, also while the clock goes back an hour", () => {
    const { outbox, ask, take } = setup();
    const sinks = Array.from({ length: 60 }, () => new FakeSink());
    for (const sink of sinks) outbox.join(sink, () => {});
    for (const sink of sinks) ask(sink, request([TOPICS[0] as string]));
    const before = sinks[0]?.sent.length ?? 0;
    for (let ms = 50; ms <= 3_000; ms += 50) {
      if (ms === 1_500) take("a", T0, 1);
      outbox.tick(T0 + ms - 3_600_000, T0 + ms);
    }
    const frames = sinks[0]?.sent.slice(before).map((bytes) => decodeFrame(bytes)) ?? [];
    expect(frames.map(({ sections }) => sections.length)).toEqual([0, 1, 0]);
    expect(frames.every(({ now }) => now < T0)).toBe(true);
  });

  it("refuses topics by name", () => {
    const { ask, outbox } = setup();
    const sink = new FakeSink();
    outbox.join(sink, () => {});
    expect(ask(sink, request(["reading/atlantis/all/a", "weather", TOPICS[0] as string])).refused).toEqual([
      { topic: "reading/atlantis/all/a", reason: "unknown topic" },
      { topic: "weather", reason: "not a topic name" },
    ]);
  });

  it("leaves out of a snapshot what the client already has", () => {
    const { take, ask, outbox, hub } = setup();
    const sink = new FakeSink();
    outbox.join(sink, () => {});
    take("a", T0, 1);
    expect(
      Object.keys(
        ask(sink, { topics: [{ topic: TOPICS[0] as string, spans: [], have: { epoch: hub.epoch, offset: 1 } }] })
          .topics,
      ),
    ).toEqual([]);
    expect(
      Object.keys(
        ask(sink, { topics: [{ topic: TOPICS[0] as string, spans: [], have: { epoch: hub.epoch - 1, offset: 1 } }] })
          .topics,
      ),
    ).toEqual([TOPICS[0]]);
  });

  it("skips a slow client, counts it, and sends one snapshot when it can take it", () => {
    const { outbox, take, ask } = setup();
    const sink = new FakeSink();
    const snapshots: SnapshotMessage[] = [];
    outbox.join(sink, (message) => snapshots.push(message));
    ask(sink, request([TOPICS[0] as string]));
    sink.slow = true;
    for (let i = 1; i <= 5; i++) {
      take("a", T0 + i * 1000, i);
      outbox.tick(T0 + i * 1000);
    }
    expect([sink.sent.length, outbox.skipped(sink)]).toEqual([0, 5]);
    sink.slow = false;
    take("a", T0 + 6000, 6);
    outbox.tick(T0 + 6000);
    expect(snapshots.length).toBe(1);
    expect(snapshots[0]?.topics[TOPICS[0] as string]).toMatchObject({ last: { value: 6 } });
    expect([sink.sent.length, snapshots[0]?.refused, outbox.stats.skipped]).toEqual([0, [], 5]);
    // From then on it is told what changes, as everybody is.
    take("a", T0 + 7000, 7);
    outbox.tick(T0 + 7000);
    expect([sink.sent.length, snapshots.length]).toEqual([1, 1]);
  });

  describe("with a crowd", () => {
    const crowd = () => {
      const made = setup();
      const sinks = Array.from({ length: 50 }, () => new FakeSink());
      for (const sink of sinks) {
        made.outbox.join(sink, () => {});
        made.ask(sink, request(TOPICS));
      }
      return { ...made, sinks, first: sinks[0] as FakeSink };
    };

    it("waits for a frame that is worth its writes", () => {
      const { take, outbox, first } = crowd();
      for (let i = 1; i <= 7; i++) {
        take("a", T0 + i * 1000, i);
        outbox.tick(T0 + i * 40);
        expect(first.sent.length).toBe(0);
      }
      take("b", T0, 1);
      outbox.tick(T0 + 330);
      expect(first.sent.length).toBe(1);
      const frame = decodeFrame(first.sent[0] as Uint8Array);
      expect(
        frame.sections.map((section) => [
          section.index,
          section.advance,
          section.kind === "reading" ? section.items.length : 0,
        ]),
      ).toEqual([
        [0, 7, 7],
        [1, 1, 1],
      ]);
    });

    it("waits no longer than 350 ms", () => {
      const { take, outbox, first } = crowd();
      take("a", T0, 1);
      outbox.tick(T0 + 50);
      outbox.tick(T0 + 350);
      expect(first.sent.length).toBe(0);
      outbox.tick(T0 + 400);
      expect(first.sent.length).toBe(1);
    });

    it("waits with no event, and with positions as with readings", () => {
      const { hub, outbox, ask, sinks, first } = crowd();
      const topics = ["events/city", "positions/city/buses"];
      for (const sink of sinks) ask(sink, request([...TOPICS, ...topics]));
      const frames = (): string[][] =>
        first.sent.map((bytes) => decodeFrame(bytes).sections.map((section) => section.kind));
      const bus = { city: "city", layer: "buses", label: "", lon: 1, lat: 2, heading: 3, speed: 4 };
      hub.takePosition({ ...bus, id: "bus-1", at: T0 });
      outbox.tick(T0 + 50);
      expect(frames()).toEqual([]);
      hub.takeEvent(EVENT);
      outbox.tick(T0 + 100);
      expect(frames()).toEqual([["positions", "events"]]);
    });

    it("tells two crowds that share a topic each change once", () => {
      const { outbox, take, ask, first } = crowd();
      const others = Array.from({ length: 50 }, () => new FakeSink());
      for (const sink of others) {
        outbox.join(sink, () => {});
        ask(sink, request([TOPICS[0] as string]));
      }
      for (const i of [1, 2]) {
        take("a", T0 + i * 1000, i);
        outbox.tick(T0 + i * 50);
      }
      outbox.tick(T0 + 400);
      for (const sink of [first, others[0] as FakeSink])
        expect(sink.sent.flatMap((bytes) => decodeFrame(bytes).sections)).toMatchObject([
          { advance: 2, items: [{ value: 1 }, { value: 2 }] },
        ]);
    });

    it("tells who comes in between nothing twice", () => {
      const { take, outbox, ask, sinks } = crowd();
      take("a", T0, 1);
      outbox.tick(T0 + 50);
      const late = new FakeSink();
      outbox.join(late, () => {});
      const snapshot = ask(late, request(TOPICS), T0 + 100);
      expect(snapshot.topics[TOPICS[0] as string]).toMatchObject({ offset: 1 });
      outbox.tick(T0 + 600);
      expect([late.sent.length, ...new Set(sinks.map((sink) => sink.sent.length))]).toEqual([0, 1]);
    });
  });

  it("makes no snapshot while there is no room for one, neither for who asks nor for who was behind", () => {
    const { outbox, take, ask } = setup();
    const [behind, asking] = [new FakeSink(), new FakeSink()];
    const told: string[] = [];
    outbox.join(behind, ({ topics }) => told.push(`again ${topics[TOPICS[0] as string]?.offset ?? ""}`));
    outbox.join(asking, () => {});
    ask(behind, request(TOPICS));
    behind.slow = true;
    take("a", T0, 1);
    outbox.tick(T0 + 50);
    behind.slow = false;
    FakeSink.room = false;
    outbox.subscribe(asking, request(TOPICS), () => told.push("first"));
    take("a", T0 + 1_000, 2);
    outbox.tick(T0 + 1_000);
    outbox.tick(T0 + 2_000);
    expect([told, behind.sent.length, outbox.skipped(behind)]).toEqual([[], 0, 2]);
    FakeSink.room = true;
    take("a", T0 + 2_100, 3);
    outbox.tick(T0 + 2_100);
    outbox.tick(T0 + 2_150);
    expect([told, behind.sent.length]).toEqual([["first", "again 3"], 0]);
    take("a", T0 + 3_000, 4);
    outbox.tick(T0 + 3_000);
    expect([told.length, behind.sent.length, asking.sent.length]).toEqual([2, 1, 1]);
  });

  it("tells a member that was behind nothing twice, though its set waited for a fuller frame", () => {
    const { outbox, take, ask, hub } = setup();
    let now = T0;
    const sink = new FakeSink();
    const store = new LiveStore(() => now);
    const slowly: Sink & { slow: boolean } = {
      slow: false,
      send: (bytes) => store.takeFrame(bytes),
      congested: () => slowly.slow,
      hasRoom: () => true,
    };
    outbox.join(slowly, (message) => store.takeSnapshot(message));
    for (let i = 0; i < 60; i++) {
      const other = i === 0 ? sink : new FakeSink();
      outbox.join(other, () => {});
      ask(other, request(TOPICS));
    }
    const stops = TOPICS.map((topic) => store.watch(topic, 900, () => {}));
    store.attach({ subscribe: (asked, answer) => outbox.subscribe(slowly, asked, answer) });
    outbox.tick(now);
    slowly.slow = true;
    outbox.tick((now += 1_000));
    slowly.slow = false;
    take("a", now, 1);
    outbox.tick((now += 1_000));
    outbox.tick((now += 400));
    expect(TOPICS.map((topic) => store.state(topic)?.offset)).toEqual(
      TOPICS.map((topic) => hub.state(topic)?.offset ?? 0),
    );
    for (const stop of stops) stop();
    store.close();
  });

  it("answers who does not read once, and holds four more of his questions at the most", () => {
    const { outbox } = setup();
    const sink = new FakeSink();
    outbox.join(sink, () => {});
    const answers: SnapshotMessage[] = [];
    const ask = (): boolean =>
      outbox.subscribe(sink, request([TOPICS[0] as string]), (message) => {
        answers.push(message);
        // What he is sent stays where it is.
        sink.slow = true;
      });
    const taken = Array.from({ length: 6 }, () => ask());
    expect(taken).toEqual([true, true, true, true, false, false]);
    for (let i = 0; i < 10; i++) outbox.tick(T0 + i);
    expect(answers.length).toBe(1);
    expect([ask(), ask()]).toEqual([true, false]);
    for (let i = 0; i < 5; i++) {
      sink.slow = false;
      outbox.tick(T0 + 100 + i);
    }
    expect(answers.length).toBe(5);
  });

  it("answers those who ask all at once over several ticks, in turn", () => {
    const { outbox } = setup();
    const order: number[] = [];
    let time = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => time);
    for (let i = 0; i < 10; i++) {
      const sink = new FakeSink();
      outbox.join(sink, () => {});
      outbox.subscribe(sink, request([]), () => {
        order.push(i);
        time += 10;
      });
    }
    const after: number[] = [];
    for (let tick = 1; tick <= 4; tick++) {
      outbox.tick(T0 + tick);
      after.push(order.length);
    }
    clock.mockRestore();
    expect([after, order]).toEqual([
      [3, 6, 9, 10],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    ]);
  });

  it("forgets a set once nobody is in it", () => {
    const { outbox, take, ask } = setup();
    const sink = new FakeSink();
    outbox.join(sink, () => {});
    ask(sink, request([TOPICS[0] as string]));
    outbox.leave(sink);
    take("a", T0, 1);
    outbox.tick(T0 + 50);
    expect([sink.sent.length, outbox.stats.encoded, outbox.clients]).toEqual([0, 0, 0]);
  });
});

describe("gateway and live store together", () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("reading" as const),
      metric: fc.constantFrom("a", "b", "c"),
      back: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.constantFrom(0, 250, 500)),
      value: fc.integer({ min: 0, max: 3 }),
      quality: fc.constantFrom(...QUALITIES),
    }),
    fc.record({ kind: fc.constant("tick" as const), ms: fc.integer({ min: 10, max: 2_000 }) }),
    fc.record({ kind: fc.constant("slow" as const), on: fc.boolean() }),
    fc.record({ kind: fc.constant("lose" as const) }),
  );

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("leaves the wall with exactly what the hub has, whatever was late, doubled, corrected, doubted, skipped or lost on the way", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 120 }), fc.constantFrom(1, 60), (steps, members) => {
        const { hub, outbox, take } = setup();
        let now = T0;
        const store = new LiveStore(() => now);
        let lose = false;
        const sink: Sink & { slow: boolean } = {
          slow: false,
          send: (bytes) => {
            if (lose) lose = false;
            else store.takeFrame(bytes);
          },
          congested: () => sink.slow,
          hasRoom: () => true,
        };
        outbox.join(sink, (message) => store.takeSnapshot(message));
        for (let i = 1; i < members; i++) {
          const other = new FakeSink();
          outbox.join(other, () => {});
          outbox.subscribe(other, request(TOPICS), () => {});
        }
        const stops = TOPICS.map((topic) => store.watch(topic, 900, () => {}));
        store.attach({ subscribe: (asked, answer) => outbox.subscribe(sink, asked, answer) });
        // The store's own timers run with the time between two ticks: it asks again by itself.
        const pass = (ms: number): void => {
          vi.advanceTimersByTime(ms);
          outbox.tick((now += ms));
        };
        pass(0);
        for (const s of steps) {
          if (s.kind === "reading") take(s.metric, now - s.back, s.value, s.quality);
          else if (s.kind === "slow") sink.slow = s.on;
          else if (s.kind === "lose") lose = true;
          else pass(s.ms);
        }
        sink.slow = false;
        lose = false;
        for (const metric of ["a", "b", "c"]) take(metric, now + 1, 100);
        // A tick takes it in, one sends it (a crowd's set waits), which shows by its number what was lost, and one
        // answers.
        for (let tick = 0; tick < 3; tick++) pass(400);
        for (const topic of TOPICS) {
          const [theirs, ours] = [hub.state(topic) as ReadingState, store.state(topic) as ReadingState];
          expect(ours.last).toEqual(theirs.last);
          expect(ours.offset).toBe(theirs.offset);
          expect(ours.fine.toArray(now - 900_000)).toEqual(theirs.fine.toArray(now - 900_000));
          expect(ours.fine.marks(now - 900_000)).toEqual(theirs.fine.marks(now - 900_000));
        }
        for (const stop of stops) stop();
        store.close();
      }),
      { numRuns: 150 },
    );
  });
});
