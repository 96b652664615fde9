import { describe, expect, it } from "vitest";
import { ringOption, shares } from "./ring-option";

describe("ring", () => {
  it("gives shares in percent and no NaN for nothing", () => {
    expect(shares([{ name: "a", value: 1 }, { name: "b", value: 2 }])).toEqual([33.3, 66.7]);
    expect(shares([{ name: "a", value: 0 }])).toEqual([0]);
  });

  it("draws no negative part", () => {
    expect((ringOption([{ name: "a", value: -4 }]).series as { data: { value: number }[] }[])[0]?.data[0]?.value).toBe(0);
  });
});
