import { describe, expect, it } from "vitest";
import type { CityEvent } from "@/lib/contract/events";
import { CLOSED_WITHIN, stagesOf } from "./stages-option";

const NOW = 1_000_000_000_000;
const WAY = ["上报", "受理", "办结"];
const event = (id: string, stage: string, ago: number, severity: 1 | 2 | 3 | 4 = 1, stages = WAY): CityEvent => ({ id, city: "x", district: "all", kind: "noise", title: id, severity, stage, stages, at: NOW - ago, updated: NOW - ago, source: "x" });

describe("stagesOf", () => {
  it("counts what stands in each stage and how long, the middle one", () => {
    expect(stagesOf([event("a", "上报", 1_000), event("b", "上报", 9_000, 3), event("c", "上报", 5_000), event("d", "办结", 60_000)], NOW)).toEqual([
      { name: "上报", count: 3, standing: 5_000, gravest: 3 }, { name: "受理", count: 0, standing: null, gravest: 0 }, { name: "办结", count: 1, standing: null, gravest: 1 },
    ]);
  });

  it("forgets what was closed hours ago", () => expect(stagesOf([event("a", "办结", CLOSED_WITHIN + 1)], NOW)[2]?.count).toBe(0));

  it("follows the way that most events go", () => {
    const other = ["派发", "接收", "办理", "复核反馈"];
    expect(stagesOf([event("a", "派发", 1, 1, other), event("b", "上报", 1), event("c", "受理", 1)], NOW).map((stage) => stage.name)).toEqual(WAY);
  });

  it("has nothing to show of nothing", () => expect(stagesOf([], NOW)).toEqual([]));
});
