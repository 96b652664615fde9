import { describe, expect, it } from "vitest";
import { countedCells } from "@/lib/contract/event-counts";
import type { CityEvent } from "@/lib/contract/events";
import { emptyState, reduce } from "@/lib/contract/reduce";
import { dotsFor, fitted, listed, pageOf, pinned, rowsIn, totalOf } from "./event-list-option";

function event(id: string, severity: 1 | 2 | 3 | 4, at: number, more: Partial<CityEvent> = {}): CityEvent {
  return {
    id,
    city: "a",
    district: "320706",
    kind: "noise",
    title: id,
    severity,
    stage: "上报",
    stages: ["上报", "办结"],
    at,
    updated: at,
    source: "s",
    ...more,
  };
}
const items = [
  event("minor", 1, 9),
  event("old", 3, 1),
  event("new", 3, 5),
  event("elsewhere", 4, 2, { district: "320722" }),
  event("done", 2, 3, { stage: "办结" }),
];
const state = reduce(emptyState("events"), {
  kind: "events",
  snapshot: true,
  epoch: 1,
  offset: 1,
  items,
  counts: countedCells(items, () => "2026-11-22"),
});

const TODAY = { date: "2026-11-22", midnight: 3 };

describe("event list", () => {
  it("puts the gravest first, then the newest, and leaves closed ones out", () => {
    expect(
      listed(state, { minSeverity: 1, district: "all", kinds: [], closed: false }, TODAY).map((e) => e.id),
    ).toEqual(["elsewhere", "new", "old", "minor"]);
  });

  it("narrows to a district and a severity, and shows closed ones behind when asked", () => {
    expect(
      listed(state, { minSeverity: 2, district: "320706", kinds: [], closed: true }, TODAY).map((e) => e.id),
    ).toEqual(["new", "old", "done"]);
  });

  it("knows how many there are beyond those it holds, and leaves out what was closed before today", () => {
    const all = [
      ...items,
      ...Array.from({ length: 75 }, (_, i) => event(`more${i}`, 1, 6)),
      event("yesterday", 2, 2, { stage: "办结" }),
    ];
    const held = reduce(emptyState("events"), {
      kind: "events",
      snapshot: true,
      epoch: 1,
      offset: 1,
      items: all.filter((e) => !e.id.startsWith("more")),
      counts: countedCells(all, (at) => (at >= 3 ? "2026-11-22" : "2026-11-21")),
    });
    const of = (more: object) => ({ minSeverity: 1, district: "all", kinds: [], closed: false, ...more });
    expect([totalOf(held, of({}), TODAY), listed(held, of({}), TODAY).length]).toEqual([79, 4]);
    expect([totalOf(held, of({ closed: true }), TODAY), listed(held, of({ closed: true }), TODAY).length]).toEqual([
      80, 5,
    ]);
    expect(totalOf(held, of({ minSeverity: 3 }), TODAY)).toBe(3);
    expect(totalOf(held, of({ district: "320722" }), TODAY)).toBe(1);
  });

  it("turns whole pages and comes back to the first", () => {
    const pages = [0, 1, 2, 3].map((n) => pageOf([1, 2, 3, 4, 5], 2, n * 8_000, 8_000));
    expect(pages.map((p) => p.items)).toEqual([[1, 2], [3, 4], [5], [1, 2]]);
    expect(pageOf([], 4, 0, 8_000)).toEqual({ items: [], page: 0, pages: 1 });
  });

  it("never lets a grave event turn out of sight", () => {
    const all = listed(state, { minSeverity: 1, district: "all", kinds: [], closed: false }, TODAY);
    expect(pinned(all, 3).map((e) => e.id)).toEqual(["elsewhere"]);
    expect(pinned(all, 4)).toEqual([]);
  });
});

describe("the rows of a list", () => {
  it("give titles the whole width where the list is narrow, and English ones two lines", () => {
    expect(rowsIn({ width: 18, height: 18 }, "en")).toEqual({ narrow: true, lines: 2, fits: 3 });
    expect(rowsIn({ width: 18, height: 18 }, "zh")).toEqual({ narrow: true, lines: 1, fits: 5 });
    expect(rowsIn({ width: 27, height: 18 }, "zh")).toEqual({ narrow: false, lines: 1, fits: 5 });
    expect(rowsIn({ width: 40, height: 18 }, "en")).toEqual({ narrow: false, lines: 1, fits: 5 });
  });

  it("are one at the least, and six before the size is known", () => {
    expect(rowsIn({ width: 18, height: 1 }, "en").fits).toBe(1);
    expect(rowsIn(null, "en")).toEqual({ narrow: false, lines: 1, fits: 6 });
  });

  it("tells pages by dots where all of them fit beside the count, and not at all where they do not", () => {
    const zh = "共 23 件 · 另有 20 件";
    expect(dotsFor(11, zh, 30)).toBe(11);
    // The list of an overview, whose type is read from afar.
    expect(dotsFor(11, zh, 17)).toBe(0);
    expect(dotsFor(4, zh, 17)).toBe(4);
    expect(dotsFor(11, "23 in total · and 20 more", 20)).toBe(0);
    expect(dotsFor(1, zh, 30)).toBe(0);
    expect(dotsFor(13, zh, 60)).toBe(0);
  });

  it("leaves out the last clauses of a title that has no room, and never a part of one", () => {
    const title = "海连路车辆剐蹭，占用一条车道";
    expect(fitted(title, 24)).toBe(title);
    expect(fitted(title, 17)).toBe("海连路车辆剐蹭");
    expect(fitted(title, 6)).toBe(title);
    expect(fitted("Streetlight out, Jiefang Road", 12)).toBe("Streetlight out, Jiefang Road");
  });
});
