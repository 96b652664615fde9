import { expect, it } from "vitest";
import type { Quality } from "../../contract/readings";
import { parseHistoryConfig } from "../config";
import { ColumnsBuilder, LIVE } from "../writer/journal";
import { ENGINES } from "./fresh-engine";
import { Historian } from "./historian";

const T0 = Date.parse("2026-11-20T02:00:00Z");
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
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
