import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runPlan } from "./history";
import { edgesOf, Oracle, wall } from "./oracle";
import { plans } from "./plan";
import { Tally } from "./questions";
import { openInside } from "./subject";

const server = process.env.CITYWALL_TEST_POSTGRES;
const HOUR = 3_600_000;
const T = "reading/model/all/cases";

describe("the oracle itself", () => {
  it("reads clocks and walks along them", () => {
    expect(new Date(wall(Date.parse("2026-11-01T09:30:00Z"), "America/Los_Angeles")).toISOString()).toBe(
      "2026-11-01T01:30:00.000Z",
    );
    const lengths = (from: string, step: number, zone: string): number[] => {
      const edges = edgesOf(Date.parse(from), Date.parse(from) + 26 * HOUR, step, zone);
      return edges.slice(1).map((edge, i) => (edge - (edges[i] as number)) / HOUR);
    };
    expect(lengths("2026-11-01T07:00:00Z", 6 * HOUR, "America/Los_Angeles")).toEqual([7, 6, 6, 6, 6]);
    expect(lengths("2026-10-31T12:00:00Z", 24 * HOUR, "America/Havana")).toEqual([24, 25]);
    expect(
      edgesOf(Date.parse("2026-11-25T00:00:00Z"), Date.parse("2026-11-26T00:00:00Z"), "quarter", "UTC").map((at) =>
        new Date(at).toISOString().slice(0, 10),
      ),
    ).toEqual(["2026-10-01", "2027-01-01"]);
  });

  it("lets the last sent stand, leaves bad ones out, and begins a day counter at midnight", () => {
    const oracle = new Oracle({ cases: "day" }, "Asia/Shanghai");
    const midnight = Date.parse("2026-11-20T16:00:00Z");
    const say = (observed: number, value: number, recorded: number, quality: "good" | "bad" = "good"): void =>
      oracle.take(T, { observed, recorded, value, quality });
    say(midnight - 60_000, 40, 1);
    say(midnight + 1, 3, 2);
    say(midnight + 2, 9, 3, "bad");
    say(midnight + 3, 8, 3);
    say(midnight + 3, 7, 3);
    const [bucket] = oracle.buckets(T, [midnight, midnight + HOUR], Infinity);
    expect(bucket).toMatchObject({ bad: 1, values: { count: 2, sum: 10, last: 7, p05: 3, p95: 7, increase: 7 } });
    expect(oracle.last(T, midnight + 2, Infinity)).toMatchObject({ value: 9, quality: "bad" });
    expect(oracle.raw(T, 0, Infinity, 2).map(({ value }) => value)).toEqual([40, 3]);
  });
});

it("a store that nothing was ever published to has complete answers, and they hold", { timeout: 60_000 }, async () => {
  const tally = new Tally();
  await runPlan({ scene: { zone: "UTC", now: "2026-11-24T02:00:00Z" }, deeds: [], turn: 0 }, openInside, null, tally);
  expect(tally.differences).toEqual([]);
});

describe.each(server ? ["duckdb", "postgres"] : ["duckdb"])("hostile histories on %s", (engine) => {
  it("are told as the oracle tells them, present and past, whoever is killed", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(plans(10), async (plan) => {
        const tally = new Tally();
        await runPlan(plan, openInside, engine === "postgres" ? (server ?? null) : null, tally);
        expect(tally.differences).toEqual([]);
        expect(tally.values).toBeGreaterThan(0);
      }),
      { seed: 20261124, numRuns: 2, endOnFailure: true },
    );
  });
});
