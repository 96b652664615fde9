import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { emptyPresets, emptyShifts, metricsOf, parseState, stateQuery } from "./analysis-state";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "lianyungang");

describe("analysis state", () => {
  it("comes back from its address as it was", () => {
    const [a, b] = metricsOf(facts).map((metric) => metric.id) as [string, string];
    const state = {
      metric: b,
      other: a,
      range: [1_000_000, 2_000_000] as [number, number],
      shifts: ["week" as const, "year" as const],
      places: ["all", "320706"],
      side: "events" as const,
      low: "map" as const,
      scope: "city" as const,
      kind: "noise",
      event: "e 1/2",
    };
    expect(parseState(facts, new URLSearchParams(stateQuery(state)))).toEqual(state);
    expect(parseState(facts, new URLSearchParams(stateQuery({ ...state, range: "30d" }))).range).toBe("30d");
  });

  it("takes defaults for what an address says wrongly", () => {
    const state = parseState(facts, new URLSearchParams("m=nothing&range=5w&vs=decade,999999&from=x&to=y"));
    expect([state.range, state.shifts, state.places, metricsOf(facts)[0]?.id]).toEqual(["7d", [], [], state.metric]);
    expect([state.side, state.low, state.scope, state.kind, state.event]).toEqual([
      "summary",
      "rank",
      "district",
      null,
      null,
    ]);
    expect(stateQuery(state)).toBe(`?view=analysis&m=${state.metric}&c=${state.other}&range=7d`);
    expect(stateQuery(state, "2026-11-22T00:00:00.000Z")).toContain("&at=2026-11-22T00%3A00%3A00.000Z");
  });

  it("takes no other day for one that no calendar has", () => {
    const range = (from: string, to: string) =>
      parseState(facts, new URLSearchParams({ view: "analysis", from, to })).range;
    const [early, late] = ["2026-11-20T00:00:00Z", "2026-12-02T00:00:00Z"];
    expect(range(early, late)).toEqual([Date.parse(early), Date.parse(late)]);
    for (const none of ["2026-11-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-20T25:00:00Z", "2026-11-20"])
      expect([range(none, late), range(early, none)], none).toEqual(["7d", "7d"]);
  });

  it("knows ranges and comparisons that what is kept does not reach", () => {
    const to = Date.parse("2026-11-24T00:00:00Z");
    const back = (days: number): number => to - days * 86_400_000;
    expect([
      emptyPresets(to, null),
      emptyPresets(to, back(12)),
      emptyPresets(to, back(0.5)),
      emptyPresets(to, back(200)),
    ]).toEqual([[], ["90d"], ["7d", "30d", "90d"], []]);
    expect([
      emptyShifts(to, null),
      emptyShifts(to, back(12)),
      emptyShifts(to, back(1)),
      emptyShifts(to, back(400)),
    ]).toEqual([[], ["year"], ["day", "week", "year"], []]);
  });
});
