import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCount, type EventCellRow } from "./event-counts";
import type { CityEvent } from "./events";
import { QUALITIES } from "./readings";
import {
  applyPosition,
  applyReading,
  emptyState,
  EVENT_WINDOW,
  newestFirst,
  reduce,
  runLow,
  seriesOf,
  tierOf,
  type EventsState,
  type ReadingItem,
  type ReadingState,
} from "./reduce";
import type { Series } from "./series";

const T0 = Date.parse("2026-11-22T00:00:00Z");
/** Few moments and values, so that much comes twice and much is corrected. */
const at = fc.oneof(
  fc.integer({ min: T0, max: T0 + 3 * 3_600_000 }),
  fc.integer({ min: 0, max: 40 }).map((n) => T0 + n * 500),
);
const items = fc.array(
  fc.record({ at, value: fc.integer({ min: 0, max: 3 }), quality: fc.constantFrom(...QUALITIES) }),
  { maxLength: 60 },
);

function content(state: ReadingState): unknown {
  const tier = (series: Series): unknown => [series.toArray(), series.marks()];
  return {
    last: state.last,
    fine: tier(state.fine),
    coarse: tier(state.coarse),
    hourly: tier(state.hourly),
    offset: state.offset,
  };
}

/** Shuffled and, in part, given twice; items of one moment stay in the order in which they came. */
function otherwise(list: ReadingItem[], seed: number): ReadingItem[] {
  const byMoment = new Map<number, ReadingItem[]>();
  for (const item of list) byMoment.set(item.at, [...(byMoment.get(item.at) ?? []), item]);
  const runs = [...byMoment.values()].map((run, i) => ({
    run: (seed + i) % 2 === 0 ? [...run, ...run] : run,
    key: Math.sin(seed + i * 7.1),
  }));
  return runs.sort((a, b) => a.key - b.key).flatMap(({ run }) => run);
}

describe("reduce", () => {
  it("brings a state by deltas to where a fresh snapshot is", () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 7 }), (all, size) => {
        const live = emptyState("reading");
        for (let i = 0; i < all.length; i += size)
          reduce(live, {
            kind: "reading",
            snapshot: false,
            epoch: 1,
            offset: Math.min(all.length, i + size),
            items: all.slice(i, i + size),
          });
        const fresh = reduce(emptyState("reading"), {
          kind: "reading",
          snapshot: true,
          epoch: 1,
          offset: all.length,
          items: all,
        });
        expect(content(live)).toEqual(content({ ...fresh, offset: live.offset }));
      }),
    );
  });

  it("is indifferent to the order of moments and to duplicates of what it is given", () => {
    fc.assert(
      fc.property(items, fc.nat(), (all, seed) => {
        const a = reduce(emptyState("reading"), { kind: "reading", snapshot: false, epoch: 1, offset: 1, items: all });
        const b = reduce(emptyState("reading"), {
          kind: "reading",
          snapshot: false,
          epoch: 1,
          offset: 1,
          items: otherwise(all, seed),
        });
        expect(content(b)).toEqual(content(a));
      }),
    );
  });

  it("ends with the reading observed last, and of one moment with the one that came last", () => {
    fc.assert(
      fc.property(items, (all) => {
        const state = reduce(emptyState("reading"), {
          kind: "reading",
          snapshot: false,
          epoch: 1,
          offset: 1,
          items: all,
        });
        const newest = Math.max(...all.map((item) => item.at));
        expect(state.last).toEqual(all.filter((item) => item.at === newest).at(-1) ?? null);
      }),
    );
  });

  it("takes another quality of the same value for another reading", () => {
    const state = emptyState("reading");
    expect(
      (["good", "bad", "bad", "good"] as const).map((quality) => applyReading(state, { at: T0, value: 1, quality })),
    ).toEqual([true, true, false, true]);
    applyReading(state, { at: T0 + 60_000, value: 1, quality: "good" });
    expect([
      applyReading(state, { at: T0, value: 1, quality: "uncertain" }),
      state.fine.quality(0),
      state.last?.quality,
    ]).toEqual([true, "uncertain", "good"]);
  });

  it("forgets what was before a snapshot", () => {
    const state = reduce(emptyState("reading"), {
      kind: "reading",
      snapshot: false,
      epoch: 1,
      offset: 9,
      items: [{ at: T0, value: 1, quality: "good" }],
    });
    reduce(state, { kind: "reading", snapshot: true, epoch: 2, offset: 0, items: [] });
    expect(content(state)).toEqual({ last: null, fine: [[], []], coarse: [[], []], hourly: [[], []], offset: 0 });
    expect(state.epoch).toBe(2);
  });

  it("takes a correction: same time, other value", () => {
    const state = reduce(emptyState("reading"), {
      kind: "reading",
      snapshot: false,
      epoch: 1,
      offset: 2,
      items: [
        { at: T0, value: 1, quality: "good" },
        { at: T0, value: 2, quality: "good" },
      ],
    });
    expect(state.last?.value).toBe(2);
    expect(state.fine.toArray()).toEqual([T0, 2]);
  });

  it("picks the finest series that reaches back far enough", () => {
    const state = emptyState("reading");
    expect([60, 900, 901, 93_600, 93_601].map((span) => seriesOf(state, span))).toEqual([
      state.fine,
      state.fine,
      state.coarse,
      state.coarse,
      state.hourly,
    ]);
    expect([-1, 0, 1].map(tierOf)).toEqual([0, 0, 1]);
  });

  it("refuses a change of another kind", () => {
    expect(() =>
      reduce(emptyState("reading"), { kind: "events", snapshot: false, epoch: 1, offset: 1, items: [], counts: [] }),
    ).toThrow(/cannot be applied/);
  });
});

function event(id: string, stage: string, updated: number): CityEvent {
  return {
    id,
    city: "a",
    district: "all",
    kind: "noise",
    title: id,
    severity: 1,
    stage,
    stages: ["上报", "办结"],
    at: T0,
    updated,
    source: "s",
  };
}

function events(list: CityEvent[], state: EventsState = emptyState("events")): EventsState {
  return reduce(state, { kind: "events", snapshot: false, epoch: 1, offset: list.length, items: list, counts: [] });
}

const COUNTED = {
  kind: "events" as const,
  snapshot: false,
  epoch: 1,
  offset: 1,
  items: [],
  counts: [["", "all", "noise", "上报", 1, 1]] as EventCellRow[],
};

describe("reduce of events", () => {
  it("moves an event from open to closed, and never back by an older message", () => {
    const state = events([event("a", "上报", T0), event("a", "办结", T0 + 5), event("a", "上报", T0 + 1)]);
    expect([state.open.size, state.closed.size]).toEqual([0, 1]);
  });

  it("counts what it is told, and forgets a cell that came to nothing", () => {
    const state = events([]);
    const told = (counts: EventCellRow[], snapshot = false) =>
      reduce(state, { kind: "events", snapshot, epoch: 1, offset: 1, items: [], counts });
    told([
      ["", "all", "noise", "上报", 1, 7],
      ["", "all", "flood", "上报", 3, 2],
    ]);
    told([
      ["", "all", "noise", "上报", 1, 6],
      ["", "all", "flood", "上报", 3, 0],
    ]);
    expect(openCount(state.counts, { district: "all", kinds: [] })).toBe(6);
    told([["", "all", "noise", "上报", 1, 1]], true);
    expect([...state.counts.values()].map((cell) => cell.count)).toEqual([1]);
  });

  it("forgets the events of before a snapshot, open and closed, and their counts", () => {
    const state = events([event("a", "上报", T0), event("b", "办结", T0)]);
    reduce(state, { ...COUNTED, snapshot: false });
    expect([state.open.size, state.closed.size, state.counts.size]).toEqual([1, 1, 1]);
    reduce(state, { ...COUNTED, snapshot: true, counts: [] });
    expect([state.open.size, state.closed.size, state.counts.size]).toEqual([0, 0, 0]);
  });

  it("does not take what was closed for open when it asks whether its window has run low", () => {
    const state = reduce(events([event("a", "上报", T0)]), {
      ...COUNTED,
      counts: [
        ["", "all", "noise", "上报", 1, 1],
        ["2026-11-22", "all", "noise", "办结", 1, 40],
      ],
    });
    expect(runLow(state)).toBe(false);
  });

  it("knows when its window has run low while more are open", () => {
    const open = Array.from({ length: EVENT_WINDOW.open }, (_, i) => event(`e${i}`, "上报", T0 + i));
    const more: EventCellRow[] = [["", "all", "noise", "上报", 1, EVENT_WINDOW.open * 2]];
    const state = reduce(emptyState("events"), {
      kind: "events",
      snapshot: true,
      epoch: 1,
      offset: 1,
      items: open,
      counts: more,
    });
    expect(runLow(state)).toBe(false);
    events(
      open.slice(0, EVENT_WINDOW.open / 2 + 1).map((one) => ({ ...one, stage: "办结", updated: one.updated + 1 })),
      state,
    );
    expect(runLow(state)).toBe(true);
    reduce(state, {
      kind: "events",
      snapshot: false,
      epoch: 1,
      offset: 3,
      items: [],
      counts: [["", "all", "noise", "上报", 1, state.open.size]],
    });
    expect(runLow(state)).toBe(false);
  });

  it("keeps a bounded number of closed events, the newest", () => {
    const state = events(Array.from({ length: EVENT_WINDOW.closed + 50 }, (_, i) => event(`e${i}`, "办结", T0 + i)));
    expect(state.closed.size).toBe(EVENT_WINDOW.closed);
    expect(state.closed.has("e49")).toBe(false);
    expect(state.closed.has("e50")).toBe(true);
  });

  it("lets the one changed longest ago fall out, in whatever order they came, of one moment the one with the smallest id", () => {
    const list = Array.from({ length: EVENT_WINDOW.closed }, (_, i) => event(`e${1_000 + i}`, "办结", T0 + 10 + i));
    const state = events([...list, event("older", "办结", T0)]);
    expect([state.closed.size, state.closed.has("older")]).toEqual([EVENT_WINDOW.closed, false]);
    events([event("a", "办结", T0 + 10)], state);
    expect([state.closed.has("a"), state.closed.has("e1000")]).toEqual([false, true]);
    events([event("x", "办结", T0 + 10)], state);
    expect([state.closed.has("x"), state.closed.has("e1000")]).toEqual([true, false]);
    const [a, b] = [event("a", "上报", T0), event("b", "上报", T0)];
    expect([newestFirst(a, b), newestFirst(b, a)].map(Math.sign)).toEqual([1, -1]);
  });
});

describe("reduce of positions", () => {
  const change = {
    kind: "positions" as const,
    snapshot: false,
    epoch: 1,
    offset: 1,
    names: [[0, "bus-1", ""]] as [number, string, string][],
    slots: [0],
    lon: [1],
    lat: [2],
    heading: [3],
    speed: [4],
    at: [T0],
  };

  it("remembers where a thing came from and ignores what is older", () => {
    const state = reduce(emptyState("positions"), change);
    reduce(state, { ...change, names: [], lon: [5], at: [T0 + 2_000] });
    reduce(state, { ...change, names: [], lon: [9], at: [T0 + 1_000] });
    expect([state.fromLon[0], state.lon[0], state.fromAt[0], state.at[0]]).toEqual([1, 5, T0, T0 + 2_000]);
  });

  it("forgets what was before a snapshot", () => {
    const state = reduce(emptyState("positions"), { ...change, names: [[2, "bus-1", "1"]], slots: [2] });
    expect([state.ids, state.labels]).toEqual([
      ["", "", "bus-1"],
      ["", "", "1"],
    ]);
    reduce(state, { ...change, snapshot: true });
    expect([state.size, state.ids, state.labels]).toEqual([1, ["bus-1"], [""]]);
  });

  it("says whether an observation was newer than what it has", () => {
    const state = reduce(emptyState("positions"), change);
    const moves = [T0, T0 - 1, T0 + 1].map((at) => applyPosition(state, 0, at, 9, 2, 3, 4));
    expect(moves).toEqual([false, false, true]);
    expect([state.fromLon[0], state.fromAt[0]]).toEqual([1, T0]);
  });

  it("gives a freed slot to another thing without a trace of the first", () => {
    const state = reduce(emptyState("positions"), change);
    reduce(state, { ...change, names: [[0, "", ""]], slots: [], lon: [], lat: [], heading: [], speed: [], at: [] });
    expect(state.ids[0]).toBe("");
    reduce(state, { ...change, names: [[0, "bus-2", ""]], lon: [7], at: [T0 + 9] });
    expect([state.ids[0], state.fromLon[0], state.lon[0]]).toEqual(["bus-2", 7, 7]);
  });

  it("keeps what it has while it grows", () => {
    const state = reduce(emptyState("positions"), change);
    reduce(state, { ...change, names: [[5_000, "far", ""]], slots: [5_000] });
    expect([state.lon[0], state.lon[5_000], state.size, state.ids[4_999]]).toEqual([1, 1, 5_001, ""]);
    reduce(state, { ...change, names: [[1, "bus-2", ""]], slots: [1] });
    expect([state.lon[0], state.ids[5_000], state.size]).toEqual([1, "far", 5_001]);
  });
});
