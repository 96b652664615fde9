import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseHistoryConfig } from "../config";
import type { Engine } from "./engine";
import { ENGINES } from "./fresh-engine";
import { Historian } from "./historian";
import { LIVE } from "../writer/journal";
import { ColumnsBuilder } from "../writer/journal";
import { pastValues, type ValuesQuery } from "./values";

const T0 = Date.parse("2026-11-20T16:00:00Z"); // midnight in Shanghai
const MINUTE = 60_000;
const HOUR = 3_600_000;
const A = "reading/lianyungang/all/cases-today";
const B = "reading/lianyungang/320706/cases-today";

interface Given {
  topic: string;
  observed: number;
  recorded: number;
  value: number;
}

/** By looking at every reading: the newest of those observed by then and known by then, in the order they came. */
function oracle(
  given: Given[],
  { topic, tolerance, asOf }: ValuesQuery,
  at: number,
): { at: number; value: number } | null {
  let best: Given | null = null;
  for (const one of given) {
    if (one.topic !== topic || one.observed > at) continue;
    if (asOf === "then" ? one.recorded > at : asOf !== null && one.recorded > asOf) continue;
    if (!best || one.observed > best.observed || (one.observed === best.observed && one.recorded >= best.recorded))
      best = one;
  }
  return best && at - best.observed <= tolerance ? { at: best.observed, value: best.value } : null;
}

describe.each(ENGINES)("values at moments on %s", (_kind, fresh) => {
  let engine: Engine;
  let drop: () => Promise<void>;
  let historian: Historian;
  const given: Given[] = [];
  let segment = 0;

  async function give(readings: Given[]): Promise<void> {
    const columns = new ColumnsBuilder();
    for (const { topic, observed, recorded, value } of readings) columns.add(topic, observed, recorded, value, "good");
    await historian.apply([{ readings: columns.take(), events: [], positions: [], screens: [] }], LIVE, {
      segment: 1,
      offset: ++segment,
    });
    given.push(...readings);
  }
  const ask = async (query: Partial<ValuesQuery>): Promise<unknown> =>
    (await pastValues(historian, [{ topic: A, at: [], tolerance: 40_000, asOf: null, ...query }]))[0];

  beforeAll(async () => {
    ({ engine, drop } = await fresh());
    historian = new Historian(engine, parseHistoryConfig({}));
    await historian.open(T0);
    // Every twenty seconds for three hours, not on the full minute; B every seven minutes.
    await give(
      Array.from({ length: 540 }, (_, i) => ({
        topic: A,
        observed: T0 + 7_000 + i * 20_000,
        recorded: T0 + 7_300 + i * 20_000,
        value: i,
      })),
    );
    await give(
      Array.from({ length: 26 }, (_, i) => ({
        topic: B,
        observed: T0 + i * 7 * MINUTE,
        recorded: T0 + i * 7 * MINUTE + 500,
        value: 1_000 + i,
      })),
    );
    // One corrected an hour later, one that came two minutes late.
    await give([
      { topic: A, observed: T0 + 7_000 + 90 * 20_000, recorded: T0 + 90 * MINUTE, value: 5_000 },
      { topic: A, observed: T0 + HOUR - 1_000, recorded: T0 + HOUR + 2 * MINUTE, value: 6_000 },
    ]);
    while (await historian.maintain(T0 + 4 * HOUR));
  });
  afterAll(async () => {
    await engine.close();
    await drop();
  });

  it("are the readings themselves, to the millisecond", async () => {
    const at = T0 + 7_000 + 100 * 20_000;
    expect(await ask({ at: [at - 1, at, at + 19_999] })).toEqual([
      { at: at - 20_000, value: 99, quality: "good" },
      { at, value: 100, quality: "good" },
      { at, value: 100, quality: "good" },
    ]);
  });

  it("are none before the first, none of a topic that never came, and none older than is tolerated", async () => {
    const last = T0 + 7_000 + 539 * 20_000;
    expect(await ask({ at: [T0, last + 40_000, last + 40_001] })).toEqual([
      null,
      { at: last, value: 539, quality: "good" },
      null,
    ]);
    expect(await ask({ topic: "reading/lianyungang/all/never", at: [last] })).toEqual([null]);
    expect(await ask({ topic: B, at: [T0 + 13 * MINUTE], tolerance: 6 * MINUTE })).toEqual([
      { at: T0 + 7 * MINUTE, value: 1_001, quality: "good" },
    ]);
  });

  it("hold what was corrected or came late, or not yet", async () => {
    const corrected = T0 + 7_000 + 90 * 20_000;
    const value = async (at: number, asOf: ValuesQuery["asOf"]) =>
      ((await ask({ at: [at], asOf })) as { value: number }[])[0]?.value;
    expect([
      await value(corrected, null),
      await value(corrected, "then"),
      await value(corrected, T0 + 90 * MINUTE - 1),
      await value(corrected, T0 + 90 * MINUTE),
    ]).toEqual([5_000, 89, 90, 5_000]);
    expect([
      await value(T0 + HOUR, null),
      await value(T0 + HOUR, "then"),
      await value(T0 + HOUR, T0 + HOUR + 2 * MINUTE),
    ]).toEqual([6_000, 179, 6_000]);
  });

  it("say what their source thought of them", async () => {
    const columns = new ColumnsBuilder();
    columns.add("reading/lianyungang/all/online-rate", T0 + HOUR, T0 + HOUR + 200, 96.1, "bad");
    await historian.apply([{ readings: columns.take(), events: [], positions: [], screens: [] }], LIVE, {
      segment: 1,
      offset: ++segment,
    });
    expect(await ask({ topic: "reading/lianyungang/all/online-rate", at: [T0 + HOUR] })).toEqual([
      { at: T0 + HOUR, value: 96.1, quality: "bad" },
    ]);
  });

  it("agree with looking at every reading", async () => {
    const at = fc.integer({ min: T0 - MINUTE, max: T0 + 3.2 * HOUR });
    const asOf = fc.oneof(fc.constant(null), fc.constant("then" as const), fc.integer({ min: T0, max: T0 + 4 * HOUR }));
    const tolerance = fc.constantFrom(0, 10_000, 40_000, 8 * MINUTE);
    const query = fc.record({
      topic: fc.constantFrom(A, B),
      at: fc.array(at, { minLength: 1, maxLength: 3 }),
      tolerance,
      asOf,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(query, { minLength: 1, maxLength: 4 }), async (queries) => {
        const answers = await pastValues(historian, queries);
        const expected = queries.map((one) => one.at.map((moment) => oracle(given, one, moment)));
        expect(answers.map((list) => list.map((one) => one && { at: one.at, value: one.value }))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
