import { describe, expect, it } from "vitest";
import { figureSize } from "./figures-option";

describe("figureSize", () => {
  it("grows with the tile and shrinks with rows, columns and long numbers", () => {
    const size = figureSize(40, 10, 4, 2, 6).value;
    expect(figureSize(60, 10, 4, 2, 6).value).toBeGreaterThanOrEqual(size);
    expect(figureSize(40, 10, 4, 4, 6).value).toBeLessThan(size);
    expect(figureSize(40, 10, 4, 2, 16).value).toBeLessThan(size);
  });

  it("leaves room for a comparison under each name", () => {
    const size = figureSize(60, 12, 4, 3, 6, 2);
    expect(size.value).toBeLessThan(figureSize(60, 12, 4, 3, 6).value);
    expect(size.value * 1.12 + 2 * size.name * 1.35).toBeLessThanOrEqual(12 / 3);
  });

  it("stays legible in a tile that is not laid out yet and calm in a huge one", () => {
    expect(figureSize(0, 0, 4, 2, 6).value).toBe(1.1);
    expect(figureSize(400, 24, 2, 2, 3).value).toBe(2.9);
    expect(figureSize(400, 100, 2, 1, 3).value).toBe(4.4);
  });
});
