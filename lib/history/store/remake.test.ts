import { expect, it } from "vitest";
import { LIVE, ColumnsBuilder } from "../writer/journal";
import { parseHistoryConfig } from "../config";
import { ENGINES } from "./fresh-engine";
import { Historian } from "./historian";

const T0 = Date.parse("2026-11-20T16:00:00Z");
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const TOPICS = ["all", "320706"].map((district) => `reading/lianyungang/${district}/cases-today`);

it.each(ENGINES)(
  "a day that is told late, every other minute of it, is rolled up in few steps on %s",
  async (_, fresh) => {
    const { engine, drop } = await fresh();
    const historian = new Historian(engine, parseHistoryConfig({}));
    await historian.open(T0 + 2 * DAY);
    while (await historian.maintain(T0 + 2 * DAY + MINUTE));
    const columns = new ColumnsBuilder();
    for (let at = T0; at < T0 + DAY; at += 2 * MINUTE)
      for (const topic of TOPICS) columns.add(topic, at, T0 + 2 * DAY, at / MINUTE, "good");
    await historian.apply([{ readings: columns.take(), events: [], positions: [], screens: [] }], LIVE, {
      segment: 1,
      offset: 1,
    });
    let steps = 1;
    while (await historian.maintain(T0 + 2 * DAY + 3_600_000)) steps++;
    expect(steps).toBeLessThan(100);
    // Each minute once, those between two of them not at all.
    const [made] = await engine.rows(
      `SELECT count(*) AS n, count(DISTINCT bucket) AS minutes, min(bucket) AS first, max(bucket) AS last FROM minutes
      WHERE bucket < ${T0 + DAY}`,
    );
    const ends = { first: T0, last: T0 + DAY - 2 * MINUTE };
    expect(Object.fromEntries(Object.entries(made ?? {}).map(([name, n]) => [name, Number(n)]))).toEqual({
      n: 720 * TOPICS.length,
      minutes: 720,
      ...ends,
    });
    expect(await engine.rows("SELECT * FROM dirty")).toEqual([]);
    await engine.close();
    await drop();
  },
);
