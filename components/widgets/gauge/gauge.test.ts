import { describe, expect, it } from "vitest";
import { COLORS } from "@/components/ui/theme";
import { arcStep, gaugeOption, isWarning } from "./gauge-option";

describe("gauge", () => {
  it("warns on the side that is worse", () => {
    expect([isWarning(81, 80, "down"), isWarning(79, 80, "down"), isWarning(19, 20, "up"), isWarning(21, 20, "up"), isWarning(99, undefined, "down")]).toEqual([true, false, true, false, false]);
  });

  it("moves in steps that can be seen, up to its ends", () => {
    expect([arcStep(0, 0, 100), arcStep(0.05, 0, 100), arcStep(50, 0, 100), arcStep(140, 0, 100)]).toEqual([0, 0, 300, 600]);
  });

  it("keeps a value inside its ends and loses its colour when dead", () => {
    const option = (value: number, fresh: boolean) => (gaugeOption({ value, min: 0, max: 100, warning: false, fresh, size: 200 }).series as { data: { value: number }[]; progress: { itemStyle: { color: string } } }[])[0];
    expect(option(140, true)?.data[0]?.value).toBe(100);
    expect([option(5, true)?.progress.itemStyle.color, option(5, false)?.progress.itemStyle.color]).toEqual([COLORS.accent, COLORS.faint]);
  });
});
