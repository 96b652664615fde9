import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { aggregateOf, byDays, metricsOf, parseState, stateQuery } from "./analysis-state";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "lianyungang");

describe("analysis state", () => {
  it("comes back from its address as it was", () => {
    const [a, b] = metricsOf(facts).map((metric) => metric.id) as [string, string];
    const state = { metric: b, other: a, range: [1_000_000, 2_000_000] as [number, number], shifts: ["week" as const, "year" as const], places: ["all", "320706"], side: "events" as const, low: "map" as const, scope: "city" as const, kind: "noise", event: "e 1/2" };
    expect(parseState(facts, new URLSearchParams(stateQuery(state)))).toEqual(state);
    expect(parseState(facts, new URLSearchParams(stateQuery({ ...state, range: "30d" }))).range).toBe("30d");
  });

  it("takes defaults for what an address says wrongly", () => {
    const state = parseState(facts, new URLSearchParams("m=nothing&range=5w&vs=decade,999999&from=x&to=y"));
    expect([state.range, state.shifts, state.places, metricsOf(facts)[0]?.id]).toEqual(["7d", [], [], state.metric]);
    expect([state.side, state.low, state.scope, state.kind, state.event]).toEqual(["summary", "rank", "district", null, null]);
    expect(stateQuery(state)).toBe(`?view=analysis&m=${state.metric}&c=${state.other}&range=7d`);
    expect(stateQuery(state, "2026-11-22T00:00:00.000Z")).toContain("&at=2026-11-22T00%3A00%3A00.000Z");
    expect([byDays(facts, "cases-today", 30 * 86_400_000), byDays(facts, "cases-today", 7 * 86_400_000), byDays(facts, "code-scans-minute", 90 * 86_400_000)]).toEqual([true, false, false]);
    expect(aggregateOf(facts, "cases-today")).toBe("last");
  });
});
