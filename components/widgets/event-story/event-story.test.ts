import { describe, expect, it } from "vitest";
import type { CityEvent, EventReport } from "@/lib/contract/events";
import { emptyState, reduce } from "@/lib/contract/reduce";
import { chapters, chosen } from "./event-story-option";
import { reporterName, reporterNames, severityChanges } from "./reporters-option";

const NOW = 1_000_000_000_000;
const MINUTE = 60_000;
const base: CityEvent = {
  id: "a",
  city: "x",
  district: "all",
  kind: "noise",
  title: "a",
  severity: 1,
  stage: "处置",
  stages: ["上报", "受理", "处置", "办结"],
  at: NOW - 30 * MINUTE,
  updated: NOW - 10 * MINUTE,
  source: "x",
  unit: "城管局",
  steps: [
    { stage: "上报", at: NOW - 30 * MINUTE },
    { stage: "受理", at: NOW - 25 * MINUTE, unit: "中心" },
  ],
};

describe("chapters", () => {
  it("tell when each stage was reached, how long it took and who had it", () => {
    expect(chapters(base, NOW)).toEqual([
      { stage: "上报", at: NOW - 30 * MINUTE, unit: null, took: 5 * MINUTE, state: "done" },
      { stage: "受理", at: NOW - 25 * MINUTE, unit: "中心", took: 15 * MINUTE, state: "done" },
      { stage: "处置", at: NOW - 10 * MINUTE, unit: "城管局", took: 10 * MINUTE, state: "now" },
      { stage: "办结", at: null, unit: null, took: null, state: "ahead" },
    ]);
  });

  it("leave open what nobody told", () => {
    const [first, second, third] = chapters({ ...base, steps: [] }, NOW);
    expect([first?.at, first?.took, second?.at, second?.took, third?.at]).toEqual([
      base.at,
      20 * MINUTE,
      null,
      null,
      base.updated,
    ]);
  });

  it("end with the close, which takes no time", () =>
    expect(chapters({ ...base, stage: "办结" }, NOW)[3]).toMatchObject({ state: "done", took: null }));
});

describe("chosen", () => {
  const state = reduce(emptyState("events"), {
    kind: "events",
    epoch: 1,
    offset: 3,
    snapshot: true,
    items: [base, { ...base, id: "b", severity: 3 }, { ...base, id: "c", stage: "办结" }],
    counts: [],
  });
  it("is the one asked for, closed or not", () => expect(chosen(state, "c", () => true, NOW)?.id).toBe("c"));
  it("goes through the open ones in turn", () =>
    expect(
      new Set(Array.from({ length: 6 }, (_, i) => chosen(state, undefined, () => true, NOW + i * 20_000)?.id)),
    ).toEqual(new Set(["a", "b"])));
  it("is none where none is wanted", () => expect(chosen(state, undefined, () => false, NOW)).toBeNull());
});

describe("reporters", () => {
  const city = { systems: { traffic: { name: { zh: "交通", en: "Traffic" }, owner: { zh: "", en: "" } } } } as never;
  const told = chapters(base, NOW);
  const by = (feed: string, note = "") => ({ feed, note });
  const report = (steps: [string, number][], who: ReturnType<typeof by> | null, more: object = {}): EventReport => ({
    ...{ recorded: NOW, by: who, changed: [], severity: 1 as const },
    steps: steps.map(([stage, minutes]) => ({ stage, at: NOW - minutes * MINUTE })),
    ...more,
  });

  it("are named where they begin to report, and not where nobody is known", () => {
    const reports = [
      report([["上报", 30]], by("traffic")),
      report([["受理", 25]], by("traffic")),
      report([["处置", 10]], by("*", "duty desk")),
    ];
    expect(reporterNames(told, reports, city, "en")).toEqual(["Traffic", null, "duty desk", null]);
    expect(reporterNames(told, [report([["上报", 30]], null)], city, "en")).toEqual([null, null, null, null]);
  });

  it("are named by their feed where what their token is for cannot be read, and by no name of another step", () => {
    expect(reporterName(by("traffic", "值班室"), city, "en")).toBe("Traffic");
    expect(reporterName(by("traffic", "值班室"), city, "zh")).toBe("值班室");
    expect(reporterName(by("unheard-of"), city, "zh")).toBe("unheard-of");
    expect(reporterName(by("*"), city, "en")).toBe("any feed of the city");
    expect(reporterNames(told, [report([["上报", 29]], by("traffic"))], city, "zh")).toEqual([null, null, null, null]);
  });

  it("of a severity are those by whom it changed, and none of what was reported after the moment", () => {
    const reports = [
      report([], by("a"), { recorded: NOW - 3 }),
      report([], by("b"), { recorded: NOW - 2, severity: 3, changed: ["severity"] }),
      report([["受理", 25]], by("c"), { recorded: NOW - 1, severity: 3 }),
      report([], null, { recorded: NOW + 1, severity: 2, changed: ["severity"] }),
    ];
    expect(severityChanges(reports, NOW)).toEqual([{ at: NOW - 2, from: 1, to: 3, by: by("b") }]);
    expect(severityChanges(reports, NOW + 1).map(({ to }) => to)).toEqual([3, 2]);
  });
});
