import { describe, expect, it } from "vitest";
import { CLOSED_KEPT, EventBook } from "./event-book";
import { closedCount, openByStage, openCount } from "./event-counts";
import { LIMITS } from "./api/limits";
import { type CityEvent } from "./events";
import { EVENT_WINDOW } from "./reduce";

const T0 = Date.parse("2026-11-20T10:00:00+08:00");
const DAY = 86_400_000;
const ALL = { district: "all", kinds: [] };
const event = (id: string, stage: string, updated: number, more: Partial<CityEvent> = {}): CityEvent => ({
  id,
  city: "x",
  district: "320706",
  kind: "noise",
  title: id,
  severity: 1,
  stage,
  stages: ["上报", "受理", "办结"],
  at: T0,
  updated,
  source: "s",
  ...more,
});
const book = (): EventBook => new EventBook((at) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10));

describe("EventBook", () => {
  it("keeps every open event, gives a wall the newest of them and counts all", () => {
    const all = book();
    for (let i = 0; i < 2_828; i++)
      all.take(event(`e${i}`, i % 4 === 0 ? "受理" : "上报", T0 + i, { severity: i % 7 === 0 ? 3 : 1 }));
    expect(all.state.open.size).toBe(2_828);
    expect(openCount(all.state.counts, ALL)).toBe(2_828);
    expect(openByStage(all.state.counts, ALL)).toEqual(
      new Map([
        ["受理", { count: 707, gravest: 3 }],
        ["上报", { count: 2_121, gravest: 3 }],
      ]),
    );
    expect(openCount(all.state.counts, { ...ALL, minSeverity: 3 })).toBe(404);
    const { items } = all.window();
    expect(items).toHaveLength(EVENT_WINDOW.open);
    expect(Math.min(...items.map((one) => one.updated))).toBe(T0 + 2_828 - EVENT_WINDOW.open);
    // The oldest of them is still there to be moved.
    expect(all.take(event("e0", "办结", T0 + DAY))?.event.steps).toHaveLength(2);
  });

  it("tells the cells that a change touched as they now are", () => {
    const all = book();
    for (const id of ["a", "b", "c"]) all.take(event(id, "上报", T0));
    expect(all.drainCells()).toEqual([["", "320706", "noise", "上报", 1, 3]]);
    all.take(event("a", "办结", T0 + 1));
    expect(all.drainCells()).toEqual([
      ["", "320706", "noise", "上报", 1, 2],
      ["2026-11-20", "320706", "noise", "办结", 1, 1],
    ]);
    expect(all.drainCells()).toEqual([]);
  });

  it("takes a version that brings the title in another language for news, and one that repeats it for none", () => {
    const all = book();
    const titles = { en: "Noise at night" };
    all.take(event("a", "上报", T0));
    expect(all.take(event("a", "上报", T0, { titles }))?.event.titles).toEqual(titles);
    expect(all.take(event("a", "上报", T0, { titles: { ...titles } }))).toBeNull();
  });

  it("counts a closing on the day it was made", () => {
    const all = book();
    all.take(event("a", "办结", Date.parse("2026-11-20T23:59:59+08:00")));
    all.take(event("b", "办结", Date.parse("2026-11-21T00:00:00+08:00")));
    expect([
      closedCount(all.state.counts, ALL, "2026-11-20"),
      closedCount(all.state.counts, ALL, "2026-11-21"),
      closedCount(all.state.counts, ALL, "2026-11-22"),
    ]).toEqual([1, 1, 0]);
  });

  it("never opens a closed event again by an old copy, whether it still has it whole or not", () => {
    const all = book();
    const way = [event("a", "上报", T0), event("a", "受理", T0 + 1), event("a", "办结", T0 + 2)];
    for (const version of way) all.take(version);
    for (const version of way) expect(all.take(version)).toBeNull();
    expect(all.expire(T0 + CLOSED_KEPT + 3)).toBe(true);
    expect([all.event("a"), all.isGone("a")]).toEqual([undefined, true]);
    for (const version of way) expect(all.take(version)).toBeNull();
    // A step that was not known is history all the same; live it stays closed.
    expect(all.take(event("a", "上报", T0 + 1))?.shown).toBe("past");
    expect(all.take(event("a", "上报", T0 + 1))).toBeNull();
    expect(openCount(all.state.counts, ALL)).toBe(0);
    // What is newer opens it again.
    expect(all.take(event("a", "受理", T0 + CLOSED_KEPT + 4))?.shown).toBe("live");
    expect([openCount(all.state.counts, ALL), all.isGone("a")]).toEqual([1, false]);
  });

  it("remembers over a restart what it remembered before", () => {
    const all = book();
    all.take(event("old", "办结", T0));
    all.expire(T0 + CLOSED_KEPT + 1);
    all.take(event("new", "上报", T0 + 5));
    const next = book();
    next.restore(all.dump());
    expect([
      next.take(event("old", "办结", T0)),
      next.take(event("new", "上报", T0 + 5)),
      next.state.open.size,
      next.drainCells(),
    ]).toEqual([null, null, 1, []]);
  });

  it("forgets what can no longer be sent", () => {
    const all = book();
    all.take(event("a", "办结", T0));
    all.expire(T0 + CLOSED_KEPT + 1);
    all.expire(T0 + 32 * DAY);
    expect(all.isGone("a")).toBe(false);
  });

  it("takes a change of the same moment, and a step that comes late", () => {
    const all = book();
    all.take(event("a", "上报", T0));
    all.take(event("a", "上报", T0, { severity: 4, title: "worse" }));
    expect(all.event("a")).toMatchObject({ severity: 4, title: "worse" });
    all.take(event("a", "办结", T0 + 9));
    expect(all.take(event("a", "受理", T0 + 5))?.shown).toBe("live");
    expect(all.event("a")).toMatchObject({
      stage: "办结",
      updated: T0 + 9,
      steps: [
        { stage: "上报", at: T0 },
        { stage: "受理", at: T0 + 5 },
        { stage: "办结", at: T0 + 9 },
      ],
    });
  });

  it("refuses a step beyond those it keeps rather than lose one", () => {
    const all = book();
    for (let i = 0; i < LIMITS.steps; i++) all.take(event("a", i % 2 ? "受理" : "上报", T0 + i));
    expect(() => all.take(event("a", "受理", T0 + LIMITS.steps))).toThrow(/steps: .* at most 200/);
    expect([all.event("a")?.steps?.length, openCount(all.state.counts, ALL)]).toEqual([LIMITS.steps, 1]);
  });
});
