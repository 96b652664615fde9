import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countedCells, openCount } from "@/lib/contract/event-counts";
import type { CityEvent } from "@/lib/contract/events";
import { emptyState, EVENT_WINDOW, reduce, type EventsState } from "@/lib/contract/reduce";
import { stagesOf } from "./stages-option";

const NOW = 1_000_000_000_000;
const TODAY = "2001-09-09";
const WAY = ["上报", "受理", "办结"];
const OTHER = ["派发", "接收", "办理", "复核反馈"];
const ALL = { district: "all", kinds: [] };
const event = (id: string, stage: string, ago: number, severity: 1 | 2 | 3 | 4 = 1, stages = WAY): CityEvent => ({
  id,
  city: "x",
  district: "all",
  kind: "noise",
  title: id,
  severity,
  stage,
  stages,
  at: NOW - ago,
  updated: NOW - ago,
  source: "x",
});
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function holding(all: CityEvent[], held = all): EventsState {
  return reduce(emptyState("events"), {
    kind: "events",
    epoch: 1,
    offset: 1,
    snapshot: true,
    items: held,
    counts: countedCells(all, dayOf),
  });
}

describe("stagesOf", () => {
  it("counts what stands in each stage and how long, the middle one", () => {
    const state = holding([
      event("a", "上报", 1_000),
      event("b", "上报", 9_000, 3),
      event("c", "上报", 5_000),
      event("d", "办结", 60_000),
    ]);
    expect(stagesOf(state, ALL, NOW, TODAY)).toEqual([
      { name: "上报", count: 3, standing: 5_000, gravest: 3, closed: false },
      { name: "受理", count: 0, standing: null, gravest: 0, closed: false },
      { name: "办结", count: 1, standing: null, gravest: 0, closed: true },
    ]);
  });

  it("counts as closed what was closed today", () =>
    expect(stagesOf(holding([event("a", "办结", 86_400_000), event("b", "上报", 1)]), ALL, NOW, TODAY)[2]?.count).toBe(
      0,
    ));

  it("follows the way that most events go, and sets the others apart", () => {
    const stages = stagesOf(
      holding([event("a", "派发", 1, 4, OTHER), event("b", "上报", 1), event("c", "受理", 1)]),
      ALL,
      NOW,
      TODAY,
    );
    expect(stages.map((stage) => [stage.name, stage.count])).toEqual([
      ["上报", 1],
      ["受理", 1],
      [null, 1],
      ["办结", 0],
    ]);
  });

  it("adds up to the open events, whatever ways they go and however many a wall holds", () => {
    const one = fc.record({
      way: fc.constantFrom(WAY, OTHER, ["办结", "上报", "受理"]),
      at: fc.nat({ max: 3 }),
      ago: fc.nat({ max: 10 ** 8 }),
      district: fc.constantFrom("320706", "320722"),
    });
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 60 }),
        fc.constantFrom("all", "320706"),
        fc.nat({ max: 59 }),
        (list, district, held) => {
          const all = list.map(({ way, at, ago, district: where }, i) => ({
            ...event(`e${i}`, way[at % way.length] as string, ago, 1, way),
            district: where,
          }));
          const state = holding(all, all.slice(0, held + 1));
          const stages = stagesOf(state, { district, kinds: [] }, NOW, TODAY);
          const shown = stages.filter((stage) => !stage.closed).reduce((sum, stage) => sum + stage.count, 0);
          const open = all.filter(
            (e) => (district === "all" || e.district === district) && e.stage !== e.stages[e.stages.length - 1],
          ).length;
          if (stages.length > 0) expect(shown).toBe(open);
          expect(openCount(state.counts, { district, kinds: [] })).toBe(open);
        },
      ),
    );
  });

  it("says nothing of how long where only a part is at hand", () => {
    const all = Array.from({ length: EVENT_WINDOW.open + 1 }, (_, i) => event(`e${i}`, "上报", i));
    expect(stagesOf(holding(all, all.slice(1)), ALL, NOW, TODAY)[0]).toMatchObject({
      count: EVENT_WINDOW.open + 1,
      standing: null,
    });
  });

  it("has nothing to show of nothing", () => expect(stagesOf(holding([]), ALL, NOW, TODAY)).toEqual([]));
});
