import { describe, expect, it } from "vitest";
import type { CityFacts } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import { definition } from "./definition";
import { eventMarks, eventSeries, eventsWords } from "./line-events";

const T0 = Date.parse("2026-11-22T08:00:00Z");
const MINUTE = 60_000;

const event = (id: string, at: number, severity: CityEvent["severity"]): CityEvent => ({
  id,
  city: "lianyungang",
  kind: "accident",
  title: id,
  district: "320706",
  severity,
  source: "traffic",
  at,
  updated: at,
  stages: ["reported", "closed"],
  stage: "reported",
});
const state = (open: CityEvent[], closed: CityEvent[] = []) => ({
  open: new Map(open.map((one) => [one.id, one])),
  closed: new Map(closed.map((one) => [one.id, one])),
});

describe("events on a line", () => {
  it("are those that began in its time and are as grave as is asked for, open or closed, the oldest first", () => {
    const told = state(
      [event("late", T0 - MINUTE, 3), event("slight", T0 - MINUTE, 1), event("before", T0 - 20 * MINUTE, 4)],
      [event("over", T0 - 9 * MINUTE, 4)],
    );
    expect(eventMarks(told, 3, T0 - 15 * MINUTE, T0)).toEqual([
      { at: T0 - 9 * MINUTE, severity: 4 },
      { at: T0 - MINUTE, severity: 3 },
    ]);
    expect(eventMarks(undefined, 3, T0 - 15 * MINUTE, T0)).toEqual([]);
  });

  it("are the gravest where there are more than can be told apart, and of those the newest", () => {
    const many = Array.from({ length: 100 }, (_, i) => event(`slight-${i}`, T0 - i * 1_000, 2));
    const marks = eventMarks(state([...many, event("grave", T0 - 10 * MINUTE, 4)]), 1, T0 - 15 * MINUTE, T0);
    expect(marks).toHaveLength(40);
    expect(marks[0]).toEqual({ at: T0 - 10 * MINUTE, severity: 4 });
    expect(marks.slice(1).every(({ at }) => at > T0 - 39_000)).toBe(true);
  });

  it("have a shape for each severity at the top of the plot, and a hairline down from it", () => {
    const [hairlines, ...shapes] = eventSeries([{ at: T0, severity: 3 }], (rems) => rems * 16);
    expect(hairlines?.data).toEqual([
      [T0, 0],
      [T0, 0.9],
      [T0, NaN],
    ]);
    expect(shapes.map(({ name, data }) => [name, data])).toEqual([
      ["severity-1", []],
      ["severity-2", []],
      ["severity-3", [[T0, 0.9]]],
      ["severity-4", []],
    ]);
    expect(new Set(shapes.map(({ symbol }) => symbol)).size).toBe(4);
    expect([hairlines, ...shapes].every((one) => one?.yAxisIndex === 1 && one.silent === true)).toBe(true);
  });

  it("are asked for with what tells that their feed is alive: few events are no dead line", () => {
    const city = { id: "haven", events: { heartbeat: "events-open", system: "center" } } as CityFacts;
    const series = [{ metric: "mean-speed", district: "all" }];
    const topics = (more: object): string[] =>
      definition.topics({ series, span: 900, area: false, target: true, ...more }, city).map(({ topic }) => topic);
    expect(topics({ events: 3 }).slice(1).sort()).toEqual(["events/haven", "reading/haven/all/events-open"]);
    expect(topics({})).toHaveLength(1);
  });

  it("are named by the least severity of them", () => {
    expect(([1, 3, 4] as const).map((least) => eventsWords(least, "zh"))).toEqual([
      "事件",
      "重大及以上事件",
      "特别重大事件",
    ]);
    expect(([1, 3, 4] as const).map((least) => eventsWords(least, "en"))).toEqual([
      "Events",
      "Events, severe and above",
      "Events, extreme",
    ]);
  });
});
