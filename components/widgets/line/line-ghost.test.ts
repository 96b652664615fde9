import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { ghostPoints } from "./line-ghost";

const HOUR = 3_600_000;

/** The hour that runs is told by its number, counted from `since`. */
function hourly(since: number, hours: number, bad: number[] = []): Series {
  const series = new Series(HOUR, 192);
  for (let k = 0; k < hours; k++) series.add(since + k * HOUR + 3_590_000, k, bad.includes(k) ? "bad" : "good");
  return series;
}

const times = (points: Float64Array): number[] => [...points].filter((_, i) => i % 2 === 0);
const values = (points: Float64Array): number[] => [...points].filter((_, i) => i % 2 === 1);

describe("ghostPoints", () => {
  const now = Date.parse("2026-11-22T12:00:00+08:00");
  const past = hourly(now - 190 * HOUR, 190);

  it("are those of the same time of a day or a week before, set at the present's", () => {
    const day = ghostPoints(past, { from: now - 6 * HOUR, now }, "day", "Asia/Shanghai");
    expect(times(day).every((at) => at >= now - 6 * HOUR && at <= now)).toBe(true);
    // At 11:59:50 of the day before ended hour 165 of the 190.
    const i = times(day).indexOf(now - 10_000);
    expect(values(day)[i]).toBe(165);
    const week = ghostPoints(past, { from: now - 6 * HOUR, now }, "week", "Asia/Shanghai");
    expect(values(week)[times(week).indexOf(now - 10_000)]).toBe(21);
  });

  it("reach from edge to edge of the plot, and no further: what came after this time of yesterday stretches no axis", () => {
    const half = now + HOUR / 2;
    const points = ghostPoints(past, { from: half - 6 * HOUR, now: half }, "day", "Asia/Shanghai");
    expect([times(points)[0], times(points).at(-1)]).toEqual([half - 6 * HOUR, half]);
    // Between two hours it is the straight line that is drawn between them.
    expect(values(points).at(-1)).toBeCloseTo(165.5, 1);
    expect(values(points)[0]).toBeCloseTo(159.5, 1);
  });

  it("follow the clocks through a change: 10 in the morning is set beside 10 in the morning", () => {
    // Clocks in New York went back on 1 November 2026 at 2 in the morning.
    const noon = Date.parse("2026-11-01T12:00:00-05:00");
    const series = new Series(HOUR, 192);
    series.add(Date.parse("2026-10-31T10:00:00-04:00"), 7);
    const points = ghostPoints(series, { from: noon - 6 * HOUR, now: noon }, "day", "America/New_York");
    expect([...points]).toEqual([Date.parse("2026-11-01T10:00:00-05:00"), 7]);
  });

  it("are none where nothing is known of then, and a gap where it was bad", () => {
    const short = hourly(now - 6 * HOUR, 6);
    expect(ghostPoints(short, { from: now - 6 * HOUR, now }, "day", "Asia/Shanghai").length).toBe(0);
    const bad = hourly(now - 190 * HOUR, 190, [163]);
    const points = ghostPoints(bad, { from: now - 6 * HOUR, now }, "day", "Asia/Shanghai");
    expect(values(points).filter((value) => Number.isNaN(value)).length).toBe(1);
  });
});
