import { describe, expect, it } from "vitest";
import { ARC, gaugeOption, isWarning } from "./gauge-option";

describe("gauge", () => {
  it("warns on the side that is worse", () => {
    expect([
      isWarning(81, 80, "down"),
      isWarning(79, 80, "down"),
      isWarning(19, 20, "up"),
      isWarning(21, 20, "up"),
      isWarning(99, undefined, "down"),
    ]).toEqual([true, false, true, false, false]);
  });

  const part = (value: number) => gaugeOption({ value, min: 0, max: 100, warning: false, fresh: true }).part;

  it("moves in steps that can be seen, up to its ends", () => {
    expect([part(0), part(0.05), part(50), part(140), part(-3)]).toEqual([0, 0, 0.5, 1, 0]);
  });

  it("loses its colour when dead, whether it warned or not", () => {
    const tone = (warning: boolean, fresh: boolean) => gaugeOption({ value: 5, min: 0, max: 100, warning, fresh }).tone;
    expect([tone(false, true), tone(true, true), tone(true, false), tone(false, false)]).toEqual([
      "good",
      "warning",
      "dead",
      "dead",
    ]);
  });

  it("has nothing filled where no value is to be shown as true", () => {
    expect(gaugeOption({ value: null, min: -10, max: 10, warning: false, fresh: false })).toEqual({
      part: 0,
      tone: "none",
    });
  });

  it("spans from lower left to lower right, level", () => {
    const numbers = ARC.match(/[\d.]+/g)?.map(Number) ?? [];
    const [x1, y1, x2, y2] = [numbers[0], numbers[1], numbers[7], numbers[8]] as [number, number, number, number];
    expect(x1 + x2).toBeCloseTo(100);
    expect(y1).toBeCloseTo(y2);
    expect(x1).toBeLessThan(x2);
  });
});
