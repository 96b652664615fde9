import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CityEvent } from "../contract/events";
import type { EventsState } from "../contract/reduce";
import type { SnapshotMessage } from "../contract/socket-messages";
import { LiveStore } from "../live/live-store";
import { EventViews } from "./event-views";
import { Hub } from "./hub";
import { Outbox, type Sink } from "./outbox";

const T0 = Date.parse("2026-11-22T08:00:00Z");
const TOPIC = "events/city";
const DISTRICTS = ["111111", "222222", "333333", "all"];
const STAGES = ["上报", "办结"];

/** A wall that follows the events of some places, or of all. */
class Wall implements Sink {
  readonly store: LiveStore;
  bytes = 0;
  slow = false;

  constructor(
    private readonly outbox: Outbox,
    places: readonly string[] | null,
    now: () => number,
  ) {
    this.store = new LiveStore(now);
    this.store.watch(TOPIC, 0, () => {});
    const resync = (message: SnapshotMessage): void => {
      this.store.takeSnapshot(message);
    };
    outbox.join(this, resync, () => ({ places }));
    this.store.attach({
      subscribe: (request, answer) => this.outbox.subscribe(this, request, (message) => answer(message)),
    });
  }

  send(frame: Uint8Array): void {
    this.bytes += frame.length;
    this.store.takeFrame(frame);
  }
  congested(): boolean {
    return this.slow;
  }
  hasRoom(): boolean {
    return true;
  }

  /** What it shows: events as they stand, and counts. */
  shows(): { events: string[]; counts: string[] } {
    return shown(this.store.state(TOPIC) as EventsState, () => true);
  }
}

function shown(state: EventsState | undefined, isIn: (district: string) => boolean) {
  const events = [...(state?.open.values() ?? []), ...(state?.closed.values() ?? [])];
  return {
    events: events
      .filter(({ district }) => isIn(district))
      .map(({ id, district, stage, updated }) => `${id} ${district} ${stage} ${updated}`)
      .sort(),
    counts: [...(state?.counts ?? [])]
      .filter(([, { district }]) => isIn(district))
      .map(([key, { count }]) => `${key} ${count}`)
      .sort(),
  };
}

const isKept = (state: EventsState | undefined, id: string): boolean =>
  (state?.open.has(id) ?? false) || (state?.closed.has(id) ?? false);

const event = (id: string, district: string, updated: number, stage = STAGES[0] as string): CityEvent => ({
  ...{ id, city: "city", district, kind: "noise", title: id, severity: 1, source: "s" },
  ...{ stage, stages: STAGES, at: T0, updated },
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      id: fc.constantFrom("a", "b", "c", "d"),
      district: fc.constantFrom(...DISTRICTS),
      stage: fc.constantFrom(...STAGES),
      // Some come late.
      back: fc.constantFrom(0, 0, 0, 40),
    }),
  },
  { weight: 3, arbitrary: fc.constant("tick" as const) },
  { weight: 1, arbitrary: fc.constant("slow" as const) },
  { weight: 1, arbitrary: fc.constant("days later" as const) },
);

describe("events of some places", () => {
  it("are on their walls what they are on the others', whatever moved, came late or was too fast, also in a crowd", () => {
    const some = fc.uniqueArray(fc.constantFrom(...DISTRICTS), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), some, fc.boolean(), (steps, places, isCrowd) => {
        let now = T0;
        const hub = new Hub(T0);
        const outbox = new Outbox(hub, () => true);
        const walls = Array.from({ length: isCrowd ? 60 : 1 }, () => new Wall(outbox, places, () => now));
        const whole = new Wall(outbox, null, () => now);
        const tick = (): void => outbox.tick((now += 50));
        tick();
        const forgotten = new Set<string>();
        const forget = (): void => {
          const ids = ["a", "b", "c", "d"].filter((id) => isKept(hub.state(TOPIC) as EventsState | undefined, id));
          hub.forget((now += 3 * 86_400_000));
          for (const id of ids) if (!isKept(hub.state(TOPIC) as EventsState | undefined, id)) forgotten.add(id);
        };
        for (const one of steps) {
          if (one === "tick") tick();
          else if (one === "slow") for (const wall of walls) wall.slow = !wall.slow;
          else if (one === "days later") forget();
          else hub.takeEvent(event(one.id, one.district, now - one.back, one.stage));
        }
        for (const wall of walls) wall.slow = false;
        for (let i = 0; i < 50; i++) tick();
        const isIn = (district: string): boolean => places.includes(district);
        const right = shown(hub.state(TOPIC) as EventsState | undefined, isIn);
        for (const wall of walls) {
          const { events, counts } = wall.shows();
          expect(counts).toEqual(right.counts);
          // What was closed long ago stays on a wall until it asks anew, also where it was opened anew in another place.
          const standing = events.filter(
            (line) => right.events.includes(line) || !forgotten.has(line.split(" ")[0] ?? ""),
          );
          expect(standing).toEqual(right.events);
          for (const line of events) expect(isIn(line.split(" ")[1] ?? "")).toBe(true);
        }
        expect(whole.shows().counts).toEqual(shown(hub.state(TOPIC) as EventsState | undefined, () => true).counts);
      }),
    );
  });

  it("cost no byte, and move no number, where something happens elsewhere", () => {
    const hub = new Hub(T0);
    const outbox = new Outbox(hub, () => true);
    const wall = new Wall(outbox, ["111111"], () => T0);
    outbox.tick(T0);
    hub.takeEvent(event("a", "111111", T0));
    outbox.tick(T0 + 50);
    const before = [wall.bytes, wall.store.state(TOPIC)?.offset];
    expect(wall.bytes).toBeGreaterThan(0);
    for (let i = 0; i < 5; i++) {
      hub.takeEvent(event(`b${i}`, i % 2 === 0 ? "222222" : "all", T0));
      outbox.tick(T0 + 100 + i);
    }
    expect([wall.bytes, wall.store.state(TOPIC)?.offset]).toEqual(before);
    // Nor does it ask again for what it has.
    expect(wall.shows().events).toEqual([`a 111111 上报 ${T0}`]);
  });

  it("that are made anew do not take what somebody has of earlier ones for their own", () => {
    const views = new EventViews();
    const first = views.find(views.open(TOPIC, ["111111"]))?.offset;
    for (let i = 0; i < 1_000; i++) views.open(TOPIC, [String(200_000 + i)]);
    expect(views.find(`${TOPIC} 111111`)).toBeUndefined();
    expect(views.find(views.open(TOPIC, ["111111"]))?.offset).not.toBe(first);
  });

  it("that are followed stay, however many others are asked for", () => {
    const views = new EventViews();
    const channel = views.open(TOPIC, ["111111"]);
    views.follow(channel, 1);
    for (let i = 0; i < 1_000; i++) views.open(TOPIC, [String(200_000 + i)]);
    expect(views.find(channel)).toBeDefined();
    views.follow(channel, -1);
    for (let i = 0; i < 1_000; i++) views.open(TOPIC, [String(300_000 + i)]);
    expect(views.find(channel)).toBeUndefined();
  });
});
