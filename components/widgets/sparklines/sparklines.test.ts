import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { roomForComparison, sparkOf } from "./sparklines-option";

function series(...bad: number[]): Series {
  const made = new Series(1_000, 900);
  for (let i = 0; i < 900; i++)
    made.add(i * 1000, bad.includes(i) ? 1e9 : Math.sin(i / 40), bad.includes(i) ? "bad" : "good");
  return made;
}

const span = (step: number) => ({ from: 0, to: 900_000, step, silence: 60_000 });
const box = (width: number) => ({ width, height: 20, apart: 8 });

describe("roomForComparison", () => {
  it("is there where each row is high enough for a third line", () => {
    expect([roomForComparison(10, 2), roomForComparison(10, 3), roomForComparison(0, 1)]).toEqual([true, false, false]);
  });
});

describe("sparkOf", () => {
  it("keeps one point a bucket and the extremes inside the box", () => {
    const { lines, marks } = sparkOf(series(), span(10_000), box(100));
    expect(lines.map((line) => line.length)).toEqual([90]);
    for (const [x, y] of lines[0] ?? []) expect(x >= 0 && x < 100 && y >= 1 && y <= 19).toBe(true);
    expect(marks).toEqual([]);
  });

  it("draws no bad value: the line has a gap there, the scale is the others' and a mark stands under it", () => {
    const whole = sparkOf(series(), span(1_000), box(1_800)).lines[0] ?? [];
    const { lines, marks } = sparkOf(series(300, 301, 700), span(1_000), box(1_800));
    expect(lines.map((line) => line.length)).toEqual([300, 398, 199]);
    expect(lines.flat()).toEqual(whole.filter((_, i) => ![300, 301, 700].includes(i)));
    expect(marks).toEqual([300, 700].map((i) => ({ x: whole[i]?.[0], quality: "bad" })));
  });

  it("joins nothing across a silence", () => {
    const silent = new Series(1_000, 900);
    for (let i = 0; i < 900; i++) if (i < 300 || i > 500) silent.add(i * 1000, i);
    expect(sparkOf(silent, span(10_000), box(100)).lines.length).toBe(2);
  });

  it("draws what is doubted with a mark, and one mark for several that would stand on each other, as bad as the worst", () => {
    const doubted = series();
    doubted.add(100_000, 0.5, "uncertain");
    doubted.add(103_000, 0.5, "bad");
    doubted.add(200_000, 0.5, "uncertain");
    const { lines, marks } = sparkOf(doubted, span(1_000), box(900));
    expect(lines.flat().some(([x]) => x === 100)).toBe(true);
    expect(marks).toEqual([
      { x: 100, quality: "bad" },
      { x: 200, quality: "uncertain" },
    ]);
  });
});
