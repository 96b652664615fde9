import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHistoryConfig } from "../config";
import { bucketEdges, type Step } from "../../clock";
import { groupsOf, keySql, piecesOf, type Trust } from "./plan";
import { edgeIndex, fillGaps, provisionalFrom } from "./query";
import { bucketOf, runsOf } from "./rollup";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const watermark = { minutes: 100 * DAY - HOUR, hours: 100 * DAY - 2 * HOUR, days: 99 * DAY - 8 * HOUR };
const fresh: Trust = { watermark, stale: () => [] };

describe("pieces", () => {
  const sources = (step: Step, { exact = false, zone = "Asia/Shanghai", trust = fresh } = {}): string[] =>
    piecesOf(groupsOf(bucketEdges(90 * DAY - 8 * HOUR, 100 * DAY, step, zone), exact), trust).map(
      (piece) => piece.source,
    );

  it("read the coarsest rollup that fits and finer ones for the end", () => {
    expect(sources(DAY)).toEqual(["days", "hours", "minutes", "readings"]);
    expect(sources(6 * HOUR)).toEqual(["hours", "minutes", "readings"]);
    expect(sources(5 * MINUTE)).toEqual(["minutes", "readings"]);
    expect(sources(30_000)).toEqual(["readings"]);
  });

  it("take quantiles only from a rollup that has exactly them", () => {
    expect(sources(6 * HOUR, { exact: true })).toEqual(["readings"]);
    expect(sources(HOUR, { exact: true })).toEqual(["hours", "readings"]);
    expect(sources(DAY, { zone: "UTC" })[0]).toBe("hours");
    expect(sources(DAY, { zone: "Asia/Kathmandu" })[0]).toBe("minutes");
  });

  it("look past buckets that changed since they were made, at finer ones or readings", () => {
    const changed: Record<string, number[]> = { hours: [95 * DAY], minutes: [95 * DAY + MINUTE] };
    const trust: Trust = {
      watermark,
      stale: (tier, from, to) => (changed[tier] ?? []).filter((at) => at >= from && at < to),
    };
    const pieces = piecesOf(groupsOf(bucketEdges(94 * DAY, 96 * DAY, 6 * HOUR, "UTC"), false), trust).map(
      ({ source, from, to }) => [source, from - 95 * DAY, to - 95 * DAY],
    );
    expect(pieces).toEqual([
      ["hours", -DAY, 0],
      ["minutes", 0, MINUTE],
      ["readings", MINUTE, 2 * MINUTE],
      ["minutes", 2 * MINUTE, HOUR],
      ["hours", HOUR, DAY],
    ]);
  });

  it("join without gap or overlap, whatever has changed, through changes of the clocks", () => {
    const zones = ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"];
    const base = Date.parse("2026-10-20T00:00:00Z");
    const width = { days: DAY, hours: HOUR, minutes: MINUTE };
    fc.assert(
      fc.property(
        fc.constantFrom<Step>(MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, "week", "month"),
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 30 * 24 * 60 }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 60 * 24 * 60 }), { maxLength: 60 }),
        (step, zone, start, minutes, exact, changed) => {
          const edges = bucketEdges(base + start * MINUTE, base + (start + minutes) * MINUTE, step, zone);
          const trust: Trust = {
            watermark: { minutes: base + 30 * DAY, hours: base + 29 * DAY, days: base + 20 * DAY - 8 * HOUR },
            stale: (tier, from, to) =>
              changed.map((at) => bucketOf(tier, base + at * MINUTE)).filter((at) => at >= from && at < to),
          };
          let at = edges[0] as number;
          for (const piece of piecesOf(groupsOf(edges, exact), trust)) {
            expect(piece.from).toBe(at);
            expect(piece.to).toBeGreaterThan(piece.from);
            at = piece.to;
            const { source } = piece;
            if (source === "readings") continue;
            expect([bucketOf(source, piece.from), bucketOf(source, piece.to)]).toEqual([piece.from, piece.to]);
            expect(piece.to).toBeLessThanOrEqual(trust.watermark[source]);
            for (const gone of trust.stale(source, piece.from, piece.to)) expect(gone).toBeNull();
            if (exact)
              expect(
                piece.group.edges.every(
                  (edge, i) => i === 0 || edge - (piece.group.edges[i - 1] as number) === width[source],
                ),
              ).toBe(true);
          }
          expect(at).toBe(edges[edges.length - 1]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("give each time the start of its bucket", () => {
    for (const zone of ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]) {
      for (const step of [HOUR, 6 * HOUR, DAY, "month"] as Step[]) {
        const edges = bucketEdges(Date.parse("2026-10-01T05:00:00Z"), Date.parse("2027-04-20T00:00:00Z"), step, zone);
        expect(groupsOf(edges, false).flatMap((group) => wrongStarts(group.edges, keySql(group, "t")))).toEqual([]);
      }
    }
  });
});

/** Buckets whose first or last moment an expression gives another start. */
function wrongStarts(edges: number[], expression: string): number[] {
  const sql = expression
    .replaceAll("CAST(", "(")
    .replaceAll(" AS BIGINT", "")
    .replace(/^\(CASE (.*) END\)$/, "$1");
  const start = sql.startsWith("WHEN") ? evalCase(sql) : (new Function("t", `return ${sql}`) as (t: number) => number);
  return edges.slice(0, -1).filter((from, i) => start(from) !== from || start((edges[i + 1] as number) - 1) !== from);
}

/** A CASE of comparisons as a function. */
function evalCase(sql: string): (t: number) => number {
  const branches = [...sql.matchAll(/WHEN t < (\d+) THEN (\d+)/g)].map(
    ([, below, start]) => [Number(below), Number(start)] as const,
  );
  const last = Number(/ELSE (\d+)/.exec(sql)?.[1]);
  return (t) => branches.find(([below]) => t < below)?.[1] ?? last;
}

describe("how final an answer is", () => {
  const ask = (from: number, to: number, step: Step, asOf?: number) => ({
    from,
    to,
    step,
    timeZone: "UTC",
    ...(asOf === undefined ? {} : { asOf }),
  });

  it("is provisional from the bucket on that was not over, stragglers included", () => {
    expect(provisionalFrom(ask(0, DAY, HOUR), 10 * HOUR + 4_000)).toBe(9 * HOUR);
    expect(provisionalFrom(ask(0, DAY, HOUR), 10 * HOUR + 5_000)).toBe(10 * HOUR);
    expect(provisionalFrom(ask(0, DAY, HOUR), DAY + 5_000)).toBeNull();
    expect(provisionalFrom(ask(0, 3 * HOUR, 0), 2 * HOUR)).toBe(2 * HOUR - 5_000);
    expect(provisionalFrom(ask(0, DAY, HOUR, 3 * HOUR + 5_000), 2 * DAY)).toBe(3 * HOUR);
    expect(provisionalFrom(ask(5 * DAY, 6 * DAY, HOUR), 2 * HOUR)).toBe(5 * DAY);
  });
});

describe("edgeIndex", () => {
  it("finds each edge, and nothing between them, over changes of the clock and months of any length", () => {
    const zones = fc.constantFrom("Asia/Shanghai", "America/Los_Angeles", "Australia/Lord_Howe", "America/Havana");
    const steps = fc.constantFrom<Step>(15 * MINUTE, 6 * HOUR, DAY, "week", "month", "quarter");
    const from = fc.integer({ min: 19_000, max: 21_000 }).map((day) => day * DAY);
    fc.assert(
      fc.property(from, fc.integer({ min: 1, max: 800 }), steps, zones, (begin, days, step, zone) => {
        const span = step === 15 * MINUTE ? Math.min(days, 10) : days;
        const edges = bucketEdges(begin, begin + span * DAY, step, zone);
        expect(edges.map((edge) => edgeIndex(edges, edge))).toEqual(edges.map((_, i) => i));
        expect(edges.map((edge) => edgeIndex(edges, edge + 1)).filter((i) => i !== undefined)).toEqual([]);
        expect(edgeIndex(edges, begin - 900 * DAY)).toBeUndefined();
      }),
    );
  });
});

describe("fillGaps", () => {
  it("puts nothing before the first value, and says what it does with the rest", () => {
    const gaps = [null, 1, null, null, 4, null];
    expect(fillGaps(gaps, "null")).toEqual(gaps);
    expect(fillGaps(gaps, "zero")).toEqual([0, 1, 0, 0, 4, 0]);
    expect(fillGaps(gaps, "previous")).toEqual([null, 1, 1, 1, 4, 4]);
    expect(fillGaps(gaps, "linear")).toEqual([null, 1, 2, 3, 4, null]);
  });
});

describe("runsOf", () => {
  it("joins neighbours up to a length", () => {
    expect(runsOf([3, 1, 2, 7, 7, 8], 1, 2)).toEqual([
      [1, 3],
      [3, 4],
      [7, 9],
    ]);
  });

  it("joins those with a gap between them where that is asked for", () => {
    expect(runsOf([0, 2, 5, 9, 20], 1, 8, 3)).toEqual([
      [0, 6],
      [9, 10],
      [20, 21],
    ]);
  });
});

describe("history.json", () => {
  it("has defaults for all of it, and names the field that is wrong", () => {
    expect(parseHistoryConfig({})).toMatchObject({ readings: { days: 90 }, spill: { megabytes: 1024 } });
    expect(() => parseHistoryConfig({ readings: { days: 3 } })).toThrow(/history\.json: readings\.days/);
    expect(() => parseHistoryConfig({ minuets: {} })).toThrow("history.json: minuets: is not a known setting");
  });
});
