import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MetricQuality } from "../../contract/quality";
import { QUALITIES, type Quality } from "../../contract/readings";
import { parseHistoryConfig } from "../config";
import type { Engine } from "./engine";
import { ENGINES } from "./fresh-engine";
import { Historian } from "./historian";
import { LIVE } from "../writer/journal";
import { ColumnsBuilder } from "../writer/journal";
import { metricQuality, type QualityRequest } from "./quality";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONE = "Asia/Shanghai";
const T0 = Date.parse("2026-11-09T16:00:00Z"); // midnight in Shanghai

/** A row as the gateway journals it. */
interface Sent {
  observed: number;
  recorded: number;
  /** place among rows of one moment that were recorded in one millisecond */
  sequence?: number;
  value: number;
  quality: Quality;
}

describe.each(ENGINES)("quality on %s", (_kind, fresh) => {
  let engine: Engine;
  let drop: () => Promise<void>;
  let historian: Historian;
  let offset = 0;

  beforeAll(async () => {
    ({ engine, drop } = await fresh());
    historian = new Historian(engine, parseHistoryConfig({}));
    await historian.open(T0);
  });
  afterAll(async () => {
    await engine.close();
    await drop();
  });

  /** Takes rows in, in this order, as a series of their own. Returns its topic. */
  async function sent(rows: Sent[]): Promise<string> {
    const topic = `reading/lianyungang/all/q${++offset}`;
    const columns = new ColumnsBuilder();
    for (const { observed, recorded, value, quality, sequence } of rows)
      columns.add(topic, observed, recorded, value, quality, sequence);
    await historian.apply([{ readings: columns.take(), events: [], positions: [], screens: [] }], LIVE, {
      segment: 1,
      offset,
    });
    return topic;
  }

  async function judge(
    rows: Sent[],
    asked: Partial<QualityRequest> & { interval: number },
    now = Infinity,
  ): Promise<MetricQuality> {
    const ends = rows.map(({ observed }) => observed);
    const request = {
      topic: await sent(rows),
      from: Math.min(...ends),
      to: Math.max(...ends) + 1,
      limit: asked.interval * 3,
      timeZone: ZONE,
      ...asked,
    };
    return metricQuality(historian, request, Math.min(now, request.to + 100 * DAY));
  }

  const good = (observed: number, value = 1, recorded = observed + 200): Sent => ({
    observed,
    recorded,
    value,
    quality: "good",
  });
  const sums = ({ hours }: MetricQuality): [number, number] => [
    hours.reduce((sum, { due }) => sum + due, 0),
    hours.reduce((sum, { met }) => sum + met, 0),
  ];

  describe("completeness", () => {
    it("finds nothing missing of a metric that is due once a day and comes once a day", async () => {
      const rows = Array.from({ length: 7 }, (_, i) => good(T0 + i * DAY + 8 * HOUR));
      const found = await judge(rows, { interval: 86_400, from: T0, to: T0 + 7 * DAY });
      expect(found.hours).toEqual(rows.map(({ observed }) => ({ at: observed, due: 1, met: 1, complete: 1 })));
    });

    it("does not call a minute complete that held one of its sixty readings", async () => {
      const rows = Array.from({ length: 180 }, (_, i) => good(T0 + i * MINUTE));
      const found = await judge(rows, { interval: 1, from: T0, to: T0 + 3 * HOUR });
      expect(found.hours).toEqual([0, 1, 2].map((i) => ({ at: T0 + i * HOUR, due: 3_600, met: 60, complete: 1 / 60 })));
    });

    it("counts copies and corrections once, and what came late as come", async () => {
      const rows = Array.from({ length: 60 }, (_, i) => good(T0 + i * MINUTE));
      const again = [good(T0, 1, T0 + DAY), good(T0 + MINUTE, 5, T0 + DAY), good(T0 + 70 * MINUTE, 1, T0 + DAY)];
      const found = await judge([...rows, ...again], { interval: 60, from: T0, to: T0 + 2 * HOUR });
      expect(found.hours.map(({ due, met }) => [due, met])).toEqual([
        [60, 60],
        [60, 1],
      ]);
    });

    it("judges the hour that runs only as far as it has gone, and nothing before the first reading", async () => {
      const rows = Array.from({ length: 25 }, (_, i) => good(T0 + 30 * MINUTE + i * MINUTE));
      const found = await judge(rows, { interval: 60, limit: 120, from: T0, to: T0 + DAY }, T0 + 56 * MINUTE);
      expect(found.hours).toEqual([{ at: T0, due: 25, met: 25, complete: 1 }]);
      expect(found.since).toBe(T0 + 30 * MINUTE);
      const broken = await judge(
        rows.slice(0, 15),
        { interval: 60, limit: 120, from: T0, to: T0 + DAY },
        T0 + 56 * MINUTE,
      );
      // The slots of minutes 30 to 54 are over, and the feed has had its time.
      expect(broken.hours.map(({ due, met }) => [due, met])).toEqual([[25, 15]]);
    });

    it("says nothing of a day whose reading may still come, and of one that stayed away where it was due", async () => {
      const rows = [0, 1, 3, 4].map((day) => good(T0 + day * DAY + 8 * HOUR));
      const found = await judge(
        rows,
        { interval: 86_400, limit: 86_400, from: T0, to: T0 + 6 * DAY },
        T0 + 5 * DAY + 12 * HOUR,
      );
      expect(found.hours.map(({ at, met }) => [(at - T0) / HOUR, met])).toEqual([
        [8, 1],
        [32, 1],
        [56, 0],
        [80, 1],
        [104, 1],
      ]);
    });

    it("knows days of 25 and of 23 hours, and hours that begin at half past", async () => {
      const days = [
        ["America/Los_Angeles", "2026-11-01T07:00:00Z", 25],
        ["America/Los_Angeles", "2026-03-08T08:00:00Z", 23],
        ["America/St_Johns", "2026-11-01T02:30:00Z", 25],
      ] as const;
      for (const [timeZone, midnight, hours] of days) {
        const start = Date.parse(midnight);
        const rows = Array.from({ length: hours * 12 }, (_, i) => good(start + i * 5 * MINUTE + 1_000));
        const found = await judge(rows, { interval: 300, from: start, to: start + hours * HOUR, timeZone });
        expect(found.hours).toEqual(
          Array.from({ length: hours }, (_, i) => ({ at: start + i * HOUR, due: 12, met: 12, complete: 1 })),
        );
        const daily = Array.from({ length: 5 }, (_, i) =>
          good(start + (i - 2) * DAY + (i > 2 ? (hours - 24) * HOUR : 0) + 23.5 * HOUR),
        );
        expect(
          sums(
            await judge(daily, {
              interval: 86_400,
              from: start - 2 * DAY,
              to: start + 3 * DAY + (hours - 24) * HOUR,
              timeZone,
            }),
          ),
        ).toEqual([5, 5]);
      }
    });

    it("counts no reading twice and leaves none out where slots are laid anew at midnight", async () => {
      // A quarter of the interval from either laying's borders: what the readings tremble by decides, on some days so,
      // on others so.
      for (const [phase, days] of [
        [0.25, [1, -1, 1]],
        [0.25, [-1, 1, -1]],
        [0.75, [1, -1, 1]],
        [0.75, [-1, 1, -1]],
      ] as const) {
        const at = (i: number): number => T0 + (i + phase + 0.1 * (days[Math.floor(i / 24)] as number)) * HOUR;
        for (const dropped of [[], [23], [24], [23, 24, 47, 48]]) {
          const rows = Array.from({ length: 72 }, (_, i) => i)
            .filter((i) => !dropped.includes(i))
            .map((i) => good(at(i)));
          const found = await judge(rows, { interval: 3_600, from: T0, to: T0 + 3 * DAY });
          const missed = found.hours.filter(({ met }) => met === 0).map((hour) => (hour.at - T0) / HOUR);
          expect([sums(found), missed], `${phase} ${days.join()} ${dropped.join()}`).toEqual([
            [72, 72 - dropped.length],
            dropped,
          ]);
        }
      }
    });

    const feeds = fc.record({
      interval: fc.constantFrom(60, 300, 900, 3_600, 6 * 3_600, 86_400),
      timeZone: fc.constantFrom("Asia/Shanghai", "America/Los_Angeles", "Asia/Kathmandu", "Europe/Berlin"),
      start: fc
        .constantFrom("2026-03-07T00:00:00Z", "2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z", "2026-10-31T00:00:00Z")
        .map(Date.parse),
      phase: fc.double({ min: 0, max: 0.999, noNaN: true }),
      dropped: fc.uniqueArray(fc.integer({ min: 2, max: 37 }), { maxLength: 30 }),
      trembles: fc.array(fc.double({ min: -0.12, max: 0.12, noNaN: true }), { minLength: 40, maxLength: 40 }),
      copies: fc.array(fc.integer({ min: 0, max: 39 }), { maxLength: 10 }),
    });

    it("misses exactly what was not sent, whatever second a feed sends at, and however much it trembles", async () => {
      await fc.assert(
        fc.asyncProperty(feeds, async ({ interval, timeZone, start, phase, dropped, trembles, copies }) => {
          const step = interval * 1_000;
          const at = (i: number): number => Math.round(start + (i + phase + (trembles[i] ?? 0)) * step);
          const kept = Array.from({ length: 40 }, (_, i) => i).filter((i) => !dropped.includes(i));
          const rows = kept.map((i) => good(at(i)));
          for (const i of copies) if (kept.includes(i)) rows.push(good(at(i), 1, at(39) + DAY));
          // Daily readings follow the clock on the wall; these follow the sun, and may be an hour off after a change.
          fc.pre(interval < 86_400 || timeZone === "Asia/Shanghai" || timeZone === "Asia/Kathmandu");
          const [due, met] = sums(await judge(rows, { interval, timeZone, from: at(0), to: at(39) + 1 }));
          expect(due - met).toBe(dropped.length);
        }),
        { numRuns: 40 },
      );
    });
  });

  describe("revisions", () => {
    it("are told by when they were made, each once", async () => {
      const old = T0 - 20 * DAY;
      const rows = [good(old, 10), good(old + MINUTE, 11), good(old, 12, T0 + HOUR), good(old, 13, T0 + 2 * HOUR)];
      const found = await judge(rows, { interval: 60, from: T0, to: T0 + DAY });
      expect(found.revisions.map(({ before, after, shown, corrected }) => [before, after, shown, corrected])).toEqual([
        [12, 13, T0 + HOUR, T0 + 2 * HOUR],
        [10, 12, old + 200, T0 + HOUR],
      ]);
      expect(found.revised).toEqual({ values: 2, qualities: 0 });
    });

    it("are not copies, and say so where the quality alone was changed", async () => {
      const rows: Sent[] = [
        good(T0, 10),
        good(T0, 10, T0 + HOUR),
        { ...good(T0, 10, T0 + 2 * HOUR), quality: "bad" },
        { ...good(T0, 10, T0 + 3 * HOUR), quality: "bad" },
      ];
      const found = await judge(rows, { interval: 60, from: T0, to: T0 + DAY });
      expect(found.revisions).toEqual([
        { at: T0, before: 10, after: 10, quality: ["good", "bad"], shown: T0 + 200, corrected: T0 + 2 * HOUR },
      ]);
      expect([found.revised, found.qualities]).toEqual([{ values: 0, qualities: 1 }, [0, 0, 1]]);
    });

    it("are all counted where the list ends", async () => {
      const rows = Array.from({ length: 150 }, (_, i) => good(T0 + i * 1_000));
      const corrected = rows.map(({ observed }) => good(observed, 2, T0 + HOUR + (observed - T0)));
      const found = await judge([...rows, ...corrected], { interval: 1, from: T0, to: T0 + DAY });
      expect([found.revisions.length, found.revised, found.revisions[0]?.at]).toEqual([
        100,
        { values: 150, qualities: 0 },
        T0 + 149_000,
      ]);
    });
  });

  it("leaves copies and corrections out of the lag", async () => {
    const rows = Array.from({ length: 10 }, (_, i) => good(T0 + i * MINUTE));
    const again = rows.flatMap(({ observed }) => [
      good(observed, 1, observed + 90_000),
      good(observed, 3, observed + 5 * HOUR),
    ]);
    const found = await judge([...rows, ...again], { interval: 60 });
    expect([found.lag, found.late]).toEqual([{ p50: 200, p95: 200 }, 0]);
  });

  const histories = fc.array(
    fc.record({
      observed: fc.integer({ min: 0, max: 6 }).map((i) => T0 + i * 1_000),
      wait: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 1, max: 40 }).map((m) => m * MINUTE),
      ),
      value: fc.integer({ min: 1, max: 3 }),
      quality: fc.constantFrom(...QUALITIES),
    }),
    { minLength: 1, maxLength: 40 },
  );

  it("tells revisions, lag and qualities as a reader of the rows would", async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        async (steps, begin, hours, thenOnly) => {
          let clock = T0 + 10_000;
          const rows: Sent[] = [];
          for (const { wait, ...row } of steps) {
            const recorded = (clock += wait);
            rows.push({
              ...row,
              recorded,
              sequence: rows.filter((other) => other.observed === row.observed && other.recorded === recorded).length,
            });
          }
          const [from, to] = [T0 + begin * HOUR, T0 + (begin + hours) * HOUR];
          const asOf = thenOnly ? to : undefined;
          const topic = await sent(rows);
          const found = await metricQuality(
            historian,
            {
              topic,
              from,
              to,
              interval: 1,
              limit: 3 * 3_600,
              timeZone: ZONE,
              ...(asOf === undefined ? {} : { asOf }),
            },
            T0 + 30 * DAY,
          );
          const seen = rows.filter(({ recorded }) => asOf === undefined || recorded <= asOf);
          const told = revisionsByHand(seen)
            .filter(({ corrected }) => corrected >= from && corrected < to)
            .reverse();
          // Corrections of several moments within one millisecond have no order among them.
          const place = (one: MetricQuality["revisions"][number]): string =>
            `${one.corrected} ${one.at} ${told.findIndex((other) => JSON.stringify(other) === JSON.stringify(one))}`;
          expect(found.revisions.map(place).sort()).toEqual(told.map(place).sort());
          expect(found.revisions.map(({ corrected }) => corrected)).toEqual(told.map(({ corrected }) => corrected));
          expect(found.revised).toEqual({
            values: told.filter(({ before, after }) => before !== after).length,
            qualities: told.filter(({ before, after }) => before === after).length,
          });
          const all = await metricQuality(
            historian,
            { topic, from: T0, to: T0 + DAY, interval: 1, limit: 3 * 3_600, timeZone: ZONE, asOf: to },
            T0 + DAY,
          );
          const standing = new Map(
            rows.filter(({ recorded }) => recorded <= to).map(({ observed, quality }) => [observed, quality]),
          );
          expect(all.qualities).toEqual(
            QUALITIES.map((quality) => [...standing.values()].filter((q) => q === quality).length),
          );
          const first = new Map<number, number>();
          for (const { observed, recorded } of rows)
            if (recorded <= to && !first.has(observed)) first.set(observed, recorded - observed);
          const inTime = [...first.values()].filter((lag) => lag <= 3 * HOUR).sort((a, b) => a - b);
          expect([all.lag?.p50, all.late]).toEqual([
            inTime[Math.ceil(inTime.length / 2) - 1],
            first.size - inTime.length,
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Rows in the order they came, read one after the other. */
function revisionsByHand(rows: Sent[]): MetricQuality["revisions"] {
  const standing = new Map<number, Sent>();
  const out: MetricQuality["revisions"] = [];
  for (const row of rows) {
    const before = standing.get(row.observed);
    if (before && before.value === row.value && before.quality === row.quality) continue;
    if (before)
      out.push({
        at: row.observed,
        before: before.value,
        after: row.value,
        quality: [before.quality, row.quality],
        shown: before.recorded,
        corrected: row.recorded,
      });
    standing.set(row.observed, row);
  }
  return out;
}
