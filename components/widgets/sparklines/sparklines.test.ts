import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { sparkPoints } from "./sparklines-option";

describe("sparkPoints", () => {
  it("keeps one point a pixel and the extremes inside the box", () => {
    const series = new Series(1_000, 900);
    for (let i = 0; i < 900; i++) series.add(i * 1000, Math.sin(i / 40));
    const points = sparkPoints(series, 0, 900_000, 100, 20);
    expect(points.length).toBe(100);
    for (const [x, y] of points) expect(x >= 0 && x < 100 && y >= 1 && y <= 19).toBe(true);
  });
});
