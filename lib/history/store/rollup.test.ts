import { expect, it } from "vitest";
import type { Quality } from "../../contract/readings";
import { parseHistoryConfig } from "../config";
import { ColumnsBuilder, LIVE } from "../writer/journal";
import { ENGINES } from "./fresh-engine";
import { Historian } from "./historian";
import { Rollups } from "./rollup";

const T0 = Date.parse("2026-11-20T02:00:00Z");
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TOPIC = "reading/lianyungang/all/cases-today";

interface Given {
  /** ms after T0 */
  observed: number;
  recorded: number;
  value: number;
  quality?: Quality;
}

/** Rows of minutes made from readings, as numbers. */
async function minutesOf(fresh: (typeof ENGINES)[number][1], given: Given[]): Promise<Record<string, number | null>[]> {
  const { engine, drop } = await fresh();
  const historian = new Historian(engine, parseHistoryConfig({}));
  await historian.open(T0);
  const columns = new ColumnsBuilder();
  for (const { observed, recorded, value, quality = "good" } of given)
    columns.add(TOPIC, T0 + observed, T0 + recorded, value, quality);
  const batch = { readings: columns.take(), events: [], positions: [], screens: [] };
  await historian.apply([batch], LIVE, { segment: 1, offset: 1 });
  while (await historian.maintain(T0 + 60 * MINUTE));
  const rows = await engine.rows(
    "SELECT bucket, n, sum, first, last, rise, bad, bad_last, late_recorded FROM minutes ORDER BY bucket",
  );
  await engine.close();
  await drop();
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, of]) => [name, of === null ? null : Number(of)])),
  );
}

it.each(ENGINES)("a counter's rise steps over what its source calls bad, on %s", async (_, fresh) => {
  const rows = await minutesOf(fresh, [
    { observed: 0, recorded: 10, value: 10 },
    { observed: SECOND, recorded: SECOND + 10, value: 999, quality: "bad" },
    { observed: 2 * SECOND, recorded: 2 * SECOND + 10, value: 14 },
    { observed: 3 * SECOND, recorded: 3 * SECOND + 10, value: 15 },
  ]);
  expect(rows).toEqual([
    { bucket: T0, n: 3, sum: 39, first: 10, last: 15, rise: 5, bad: 1, bad_last: 999, late_recorded: null },
  ]);
});

it.each(ENGINES)(
  "a bucket says when the last of it was recorded only where that was more than five seconds after its end, on %s",
  async (_, fresh) => {
    // One reading, or several, take different ways into a bucket.
    for (const beside of [0, 1]) {
      const late = await Promise.all(
        [MINUTE - 1, MINUTE + 4_999, MINUTE + 5_000, MINUTE + 5_001, 9 * MINUTE].map(async (recorded) => {
          const others = Array.from({ length: beside }, () => ({ observed: 1, recorded: 2, value: 1 }));
          const [row] = await minutesOf(fresh, [...others, { observed: 0, recorded, value: 1 }]);
          return row?.late_recorded;
        }),
      );
      expect(late).toEqual([null, null, null, T0 + MINUTE + 5_001, T0 + 9 * MINUTE]);
    }
  },
);

/** An open store of which rollups are looked at step by step. */
async function stepped(fresh: (typeof ENGINES)[number][1], now: number) {
  const { engine, drop } = await fresh();
  const historian = new Historian(engine, parseHistoryConfig({}));
  await historian.open(now);
  const rollups = new Rollups(engine);
  await rollups.open(now);
  return {
    engine,
    rollups,
    done: async () => {
      await engine.close();
      await drop();
    },
  };
}

it.each(ENGINES)("a minute is made five seconds after its end and no sooner, on %s", async (_, fresh) => {
  const { rollups, done } = await stepped(fresh, T0);
  const made: number[] = [];
  for (const at of [MINUTE, MINUTE + 4_999, MINUTE + 5_000, 2 * MINUTE + 4_999, 2 * MINUTE + 5_000]) {
    await rollups.step(T0 + at, false);
    made.push((rollups.watermark.minutes - T0) / MINUTE);
  }
  expect(made).toEqual([0, 0, 1, 1, 2]);
  await done();
});

it.each(ENGINES)("a long time is caught up in stretches that memory holds, on %s", async (_, fresh) => {
  const { rollups, done } = await stepped(fresh, T0);
  const now = T0 + 5 * HOUR + MINUTE;
  const made: number[] = [];
  for (let more = true; more;) {
    more = await rollups.step(now, false);
    made.push((rollups.watermark.minutes - T0) / HOUR);
  }
  expect(made).toEqual([2, 4, 5]);
  expect(await rollups.step(now, false)).toBe(false);
  await done();
});

it.each(ENGINES)("two that keep one store do not both make a bucket, on %s", async (_, fresh) => {
  const { engine, rollups, done } = await stepped(fresh, T0);
  const other = new Rollups(engine);
  await other.open(T0);
  await other.step(T0 + 2 * MINUTE, false);
  await expect(rollups.step(T0 + 2 * MINUTE, false)).rejects.toThrow(
    "minutes are not rolled up to 2026-11-20T02:00:00",
  );
  await done();
});

it.each(ENGINES)(
  "what changed is known to be stale until it is made again, and nothing beside it, on %s",
  async (_, fresh) => {
    const { engine, rollups, done } = await stepped(fresh, T0);
    while (await rollups.step(T0 + HOUR, false));
    const minute = (n: number): number => T0 + n * MINUTE;
    const note = async (n: number): Promise<void> => {
      const [dirty] = rollups.touched([minute(n) + 1]).filter(({ tier }) => tier === "minutes");
      await engine.run("INSERT INTO dirty (tier, bucket) VALUES ($1, $2)", ["minutes", dirty?.bucket ?? 0]);
    };
    // Two that are near are one run, the third is another.
    for (const n of [3, 5, 40]) await note(n);
    const stale = (): number[] => rollups.staleIn("minutes", T0, T0 + HOUR).map((at) => (at - T0) / MINUTE);
    expect(stale()).toEqual([3, 5, 40]);
    expect(rollups.staleIn("minutes", minute(3), minute(5)).length).toBe(1);
    expect(await rollups.step(T0 + HOUR, false)).toBe(false);
    expect(stale()).toEqual([3, 5, 40]);
    expect(await rollups.step(T0 + HOUR, true)).toBe(true);
    expect(stale()).toEqual([40]);
    await rollups.step(T0 + HOUR, true);
    expect(stale()).toEqual([]);
    // It has just looked: what changed since waits five seconds for others that change with it.
    await note(7);
    await rollups.step(T0 + HOUR + 4_999, true);
    expect(stale()).toEqual([7]);
    await rollups.step(T0 + HOUR + 5_000, true);
    expect(stale()).toEqual([]);
    await done();
  },
);
