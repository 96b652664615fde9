import { beforeEach, describe, expect, it } from "vitest";
import type { PastValue, ValuesItem } from "../contract/values";
import { Baselines } from "./baselines";
import type { Live } from "./read-metric";

const MINUTE = 60_000;
const DAY = 86_400_000;
const T0 = Date.parse("2026-11-24T10:20:10+08:00");
const M0 = T0 - 10_000;
const TOPIC = "reading/x/all/m";

let now = T0;
let mono = 0;
let speed = 1;
let round = 0;
let past = false;
let fail = false;
let hold: (() => void)[] | null = null;
let asked: ValuesItem[][] = [];
let beat: (() => void) | null = null;
let baselines: Baselines;

/** The value is the moment in minutes, so that a wrong one shows. */
const answer = (at: number): PastValue => ({ at: at - 2_000, value: at / MINUTE, quality: "good" });
const live = {
  now: () => now,
  connected: () => true,
  get past() {
    return past;
  },
  onBeat(listener: () => void) {
    beat = listener;
    return () => {
      beat = null;
    };
  },
  values: {
    ask(items: ValuesItem[]) {
      asked.push(items);
      if (fail) return Promise.reject(new Error("the store is down"));
      const values = items.map(({ at }) => at.map(answer));
      const { length } = asked;
      return hold && length === 1
        ? new Promise<PastValue[][]>((resolve) => hold?.push(() => resolve(values)))
        : Promise.resolve(values);
    },
    round: () => round,
    speed: () => speed,
  },
} as unknown as Live;

/** Lets real time pass in beats of half a second, the time shown with it. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 500) {
    mono += 500;
    now += 500 * speed;
    beat?.();
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    await Promise.resolve();
  }
}
const weekAgo = (minute: number): number[] => [minute - 7 * DAY];
const shown = (): number | undefined => baselines.find(TOPIC, baselines.minute() - 7 * DAY)?.value;

beforeEach(() => {
  [now, mono, speed, round, past, fail, hold, asked] = [T0, 0, 1, 0, false, false, null, []];
  baselines = new Baselines(live, () => mono);
});

describe("what values are compared with", () => {
  it("comes in one request for all who ask, of the full minute and the next", async () => {
    baselines.want(TOPIC, weekAgo);
    baselines.want(TOPIC, (minute) => [minute - 7 * DAY, minute - DAY]);
    baselines.want("reading/x/all/other", weekAgo);
    await pass(500);
    expect(asked).toEqual([
      [M0, M0 + MINUTE].flatMap((minute) => [
        { topic: TOPIC, at: [minute - 7 * DAY, minute - DAY], asOf: minute },
        { topic: "reading/x/all/other", at: [minute - 7 * DAY], asOf: minute },
      ]),
    ]);
    expect(shown()).toBe((M0 - 7 * DAY) / MINUTE);
  });

  it("is asked for once a minute and never missing in between", async () => {
    baselines.want(TOPIC, weekAgo);
    await pass(500);
    for (let i = 0; i < 20 * 60; i++) {
      await pass(500);
      expect(shown(), new Date(now).toISOString()).toBe(Math.floor(now / MINUTE) - (7 * DAY) / MINUTE);
    }
    expect(asked.length).toBeGreaterThanOrEqual(10);
    expect(asked.length).toBeLessThanOrEqual(11);
  });

  it("is asked for at the next beat where a moment has just passed, and again when its last readings have come", async () => {
    baselines.want(TOPIC, (minute) => [minute - 1]);
    await pass(500);
    expect(asked[0]).toEqual([{ topic: TOPIC, at: [M0 - 1], asOf: M0 }]);
    await pass(50_000);
    expect(baselines.find(TOPIC, M0 + MINUTE - 1)?.value).toBe((M0 + MINUTE - 1) / MINUTE);
    const before = asked.length;
    await pass(10_500);
    expect(asked.length).toBe(before + 1);
  });

  it("moves with a jump of the time that is shown, at the next beat", async () => {
    [past, speed] = [true, 0];
    baselines.want(TOPIC, weekAgo);
    await pass(500);
    now -= 3 * DAY;
    expect(shown()).toBeUndefined();
    await pass(500);
    expect(shown()).toBe(Math.floor(now / MINUTE) - (7 * DAY) / MINUTE);
  });

  it("keeps up with a past that plays fast, in steps of half a second", async () => {
    [past, speed] = [true, 3_600];
    baselines.want(TOPIC, weekAgo);
    await pass(500);
    for (let i = 0; i < 40; i++) {
      await pass(500);
      expect(shown()).toBe((baselines.minute() - 7 * DAY) / MINUTE);
      expect(now - baselines.minute()).toBeLessThan(30 * MINUTE);
    }
    expect(asked.length).toBeLessThanOrEqual(12);
  });

  it("is forgotten when the past is seen with other knowledge, and an answer of before is not taken", async () => {
    hold = [];
    baselines.want(TOPIC, weekAgo);
    await pass(500);
    round = 1;
    hold[0]?.();
    await pass(1);
    expect(shown()).toBeUndefined();
    await pass(1_000);
    expect(shown()).toBeDefined();
    round = 2;
    expect(shown()).toBeUndefined();
  });

  it("is not shown once the store is away, and asked for less and less often", async () => {
    baselines.want(TOPIC, (minute) => [Math.floor(minute / DAY) * DAY]);
    await pass(500);
    const eve = Math.floor(M0 / DAY) * DAY;
    expect(baselines.find(TOPIC, eve)).not.toBeNull();
    fail = true;
    const before = asked.length;
    await pass(300_000);
    expect(baselines.find(TOPIC, eve)).toBeNull();
    expect(asked.length - before).toBeLessThan(10);
    fail = false;
    await pass(60_500);
    expect(baselines.find(TOPIC, eve)).not.toBeNull();
  });

  it("is not waited for without end", async () => {
    hold = [];
    baselines.want(TOPIC, weekAgo);
    await pass(21_000);
    expect(shown()).toBeDefined();
  });

  it("is asked for no more when nobody shows it", async () => {
    const stop = baselines.want(TOPIC, weekAgo);
    await pass(500);
    stop();
    await pass(120_000);
    expect(asked.length).toBe(1);
  });

  it("does not ask for what there is no right to, as all the others would be refused with it", async () => {
    const other = "reading/x/1/m";
    const moments = (minute: number) => [minute - DAY];
    const some = new Baselines({ ...live, isWithheld: (topic: string) => topic === other }, () => mono);
    const stops = [TOPIC, other].map((topic) => some.want(topic, moments));
    some.look();
    await Promise.resolve();
    expect([...new Set(asked.flat().map(({ topic }) => topic))]).toEqual([TOPIC]);
    for (const stop of stops) stop();
  });
});
