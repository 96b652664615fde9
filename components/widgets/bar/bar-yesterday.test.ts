import { describe, expect, it } from "vitest";
import type { Bar } from "./bar-option";
import { barsOfYesterday, type Whole } from "./bar-yesterday";

const bar = (name: string, value: number | null): Bar => ({
  name,
  text: String(value ?? "–"),
  value,
  quality: "good",
  highlight: false,
  change: { text: "▲ 3%", good: true },
});
const whole = (value: number): Whole => ({ value, text: `${value}`, quality: "good" });

describe("bars of yesterday", () => {
  it("stand in place of today's while these are less than a twentieth of them, without a change of today's", () => {
    const bars = barsOfYesterday([bar("a", 1), bar("b", 0)], [whole(40), whole(60)]);
    expect(bars?.map(({ name, value, text, change }) => [name, value, text, change])).toEqual([
      ["a", 40, "40", null],
      ["b", 60, "60", null],
    ]);
    expect(barsOfYesterday([bar("a", 5), bar("b", 0)], [whole(40), whole(60)])).toBeNull();
  });

  it("leave out whose yesterday is not known, and are none where nobody's is", () => {
    const bars = barsOfYesterday([bar("a", 0), bar("b", 0)], [null, { ...whole(60), quality: "uncertain" }]);
    expect(bars?.map(({ value, text, quality }) => [value, text, quality])).toEqual([
      [null, "–", "good"],
      [60, "60", "uncertain"],
    ]);
    expect(barsOfYesterday([bar("a", 0)], [null])).toBeNull();
    expect(barsOfYesterday([], [])).toBeNull();
  });

  it("never hide that one of today's is dead", () => {
    expect(barsOfYesterday([bar("a", null), bar("b", 0)], [whole(40), whole(60)])).toBeNull();
  });
});
