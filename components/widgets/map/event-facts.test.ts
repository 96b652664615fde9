import { describe, expect, it } from "vitest";
import type { CityEvent } from "@/lib/contract/events";
import { emptyState, reduce } from "@/lib/contract/reduce";
import { eventFacts } from "./event-facts-option";

const event = (id: string, severity: 1 | 2 | 3 | 4, at: number, stage = "上报"): CityEvent => ({
  city: "a",
  district: "all",
  kind: "noise",
  title: "t",
  stages: ["上报", "办结"],
  stage,
  at,
  updated: at,
  source: "s",
  id,
  severity,
});
const state = reduce(emptyState("events"), {
  kind: "events",
  snapshot: true,
  epoch: 1,
  offset: 1,
  items: [event("a", 1, 10), event("b", 3, 20), event("c", 3, 30), event("d", 1, 5), event("e", 4, 1, "办结")],
  counts: [],
});

describe("what a card tells of events", () => {
  it("is how many are open and of which severity, the gravest first and of these the newest", () => {
    const { open, severities } = eventFacts(state, ["b", "a", "c", "d", "e", "gone"]);
    expect(open.map(({ id }) => id)).toEqual(["c", "b", "a", "d"]);
    expect(severities).toEqual([
      [3, 2],
      [1, 2],
    ]);
  });

  it("is nothing where none is open", () => {
    expect(eventFacts(state, ["e"]).open).toEqual([]);
    expect(eventFacts(undefined, ["a"]).open).toEqual([]);
  });
});
