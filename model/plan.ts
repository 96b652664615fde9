import fc from "fast-check";
import type { Quality, Step } from "./oracle";
import { TOPICS } from "./place";
import type { Victims } from "./subject";

/**
 * A hostile history, made by chance: what is published when, what happens to the processes, and what is asked on the
 * way. Times are relative, so that a plan that fails can be made smaller and still make sense.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * When a reading was observed: so long before now, at or beside an earlier reading of its topic, around the clock's
 * change, around a midnight.
 */
export type When =
  { ago: number } | { again: number; beside: number } | { change: number } | { midnight: number; beside: number };

export interface Item {
  topic: number;
  when: When;
  value: number;
  quality: Quality;
}

/** What to ask. Moments are thousandths of the way through the moments at which something happened. */
export interface Question {
  what: "buckets" | "raw" | "csv" | "snapshot" | "replay" | "live";
  step: Step;
  from: number;
  to: number;
  known: number | null;
  zone: number;
  then: boolean;
  span: number;
  fill: "none" | "null";
}

export type Deed =
  | { deed: "publish"; after: number; items: Item[] }
  | {
      deed: "bulk";
      after: number;
      topic: number;
      ends: number;
      every: number;
      values: number[];
      order: "forward" | "backward" | "halves";
    }
  | { deed: "wait"; by: number }
  | { deed: "kill"; victims: Victims }
  | { deed: "restart" }
  | { deed: "ask"; questions: Question[] };

/** A zone, and a moment within 31 days after its clocks changed (or a week, month, quarter or year began). */
export interface Scene {
  zone: string;
  now: string;
}

export interface Plan {
  scene: Scene;
  deeds: Deed[];
  /** which of what is asked at the end is asked how */
  turn: number;
}

export const SCENES: Scene[] = [
  { zone: "America/Los_Angeles", now: "2026-11-10T20:00:00Z" },
  { zone: "America/St_Johns", now: "2026-11-12T03:31:07Z" },
  { zone: "America/Havana", now: "2026-11-05T12:00:00Z" },
  { zone: "Australia/Lord_Howe", now: "2026-10-20T01:10:00Z" },
  { zone: "Australia/Lord_Howe", now: "2026-04-20T01:10:00Z" },
  { zone: "Europe/Berlin", now: "2026-04-10T07:45:00Z" },
  { zone: "Africa/Cairo", now: "2026-05-10T21:30:00Z" },
  { zone: "America/Santiago", now: "2026-09-20T23:59:30Z" },
  { zone: "Asia/Shanghai", now: "2026-11-24T02:00:00Z" },
  { zone: "Asia/Kathmandu", now: "2027-01-02T18:14:00Z" },
  { zone: "Antarctica/Troll", now: "2026-11-10T08:00:00Z" },
  { zone: "Pacific/Apia", now: "2012-01-09T10:30:00Z" },
  { zone: "America/Caracas", now: "2016-05-10T04:29:00Z" },
  { zone: "Asia/Pyongyang", now: "2018-05-20T15:00:00Z" },
];

/** Zones that days may be asked in; the first stands for the city's own. */
export const ASKED_ZONES = [null, "UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"];

export const STEPS: Step[] = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
  "week",
  "month",
  "quarter",
  "year",
];

const quality = fc.constantFrom<Quality>("good", "good", "good", "good", "uncertain", "bad");
const value = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 12 }) },
  fc.integer({ min: -400, max: 400_000 }).map((n) => n / 4),
  fc.constantFrom(0, 0.1, 1e12, -7.3),
);
const nudge = fc.oneof(fc.constant(0), fc.integer({ min: -1_500, max: 1_500 }));

const when: fc.Arbitrary<When> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ ago: fc.integer({ min: 0, max: 5_000 }) }) },
  { weight: 2, arbitrary: fc.record({ ago: fc.integer({ min: 0, max: 2 * DAY }) }) },
  { weight: 1, arbitrary: fc.record({ ago: fc.integer({ min: 0, max: 30 * DAY }) }) },
  { weight: 4, arbitrary: fc.record({ again: fc.nat(50), beside: nudge }) },
  { weight: 2, arbitrary: fc.record({ change: fc.oneof(nudge, fc.integer({ min: -3 * HOUR, max: 3 * HOUR })) }) },
  { weight: 1, arbitrary: fc.record({ midnight: fc.nat(29), beside: nudge }) },
);

const item: fc.Arbitrary<Item> = fc.record({ topic: fc.nat(TOPICS.length - 1), when, value, quality });

const pause = fc.constantFrom(0, 0, 1, 7, 450, 1_000, 61_000);

const publish: fc.Arbitrary<Deed> = fc.record({
  deed: fc.constant("publish" as const),
  after: pause,
  items: fc.array(item, { minLength: 1, maxLength: 14 }),
});

const bulk: fc.Arbitrary<Deed> = fc.record({
  deed: fc.constant("bulk" as const),
  after: pause,
  topic: fc.nat(TOPICS.length - 1),
  ends: fc.oneof(fc.integer({ min: 0, max: 3 * HOUR }), fc.integer({ min: 0, max: 10 * DAY })),
  every: fc.constantFrom(130, SECOND, 10 * SECOND, MINUTE, 7 * MINUTE, HOUR, 5 * HOUR),
  values: fc.array(value, { minLength: 10, maxLength: 90 }),
  order: fc.constantFrom("forward", "backward", "halves"),
});

const question: fc.Arbitrary<Question> = fc.record({
  what: fc.constantFrom("buckets", "buckets", "buckets", "raw", "csv", "snapshot", "snapshot", "replay", "live"),
  step: fc.constantFrom(...STEPS),
  from: fc.nat(1_000),
  to: fc.nat(1_000),
  known: fc.option(fc.nat(1_000)),
  zone: fc.nat(ASKED_ZONES.length - 1),
  then: fc.boolean(),
  span: fc.constantFrom(60, 900, 3_600, 93_600, 100_000, 691_200),
  fill: fc.constantFrom("none", "none", "null"),
});

const ask: fc.Arbitrary<Deed> = fc.record({
  deed: fc.constant("ask" as const),
  questions: fc.array(question, { minLength: 1, maxLength: 4 }),
});

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 8, arbitrary: publish },
  { weight: 3, arbitrary: bulk },
  {
    weight: 3,
    arbitrary: fc.record({
      deed: fc.constant("wait" as const),
      by: fc.constantFrom(6_000, 70_000, HOUR + 21_000, 7 * HOUR, DAY + 61_000, 2 * DAY),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      deed: fc.constant("kill" as const),
      victims: fc.constantFrom<Victims>("store", "gateway", "both"),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ deed: "restart" as const }) },
  { weight: 5, arbitrary: ask },
);

/** Plans of at most so many deeds. */
export function plans(longest: number): fc.Arbitrary<Plan> {
  return fc.record({
    scene: fc.constantFrom(...SCENES),
    deeds: fc.array(deed, { minLength: Math.min(4, longest), maxLength: longest, size: "max" }),
    turn: fc.nat(11),
  });
}
