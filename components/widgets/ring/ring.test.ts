import { describe, expect, it } from "vitest";
import { palette } from "@/components/ui/theme";
import { ringOption, shares } from "./ring-option";

describe("ring", () => {
  it("gives shares in percent and no NaN for nothing", () => {
    expect(
      shares([
        { name: "a", value: 1 },
        { name: "b", value: 2 },
      ]),
    ).toEqual([33.3, 66.7]);
    expect(shares([{ name: "a", value: 0 }])).toEqual([0]);
    expect(shares([])).toEqual([]);
  });

  it("leaves out what does not count instead of taking it for 0", () => {
    const parts = [
      { name: "a", value: 1 },
      { name: "bad", value: null },
      { name: "c", value: 3 },
    ];
    expect(shares(parts)).toEqual([25, null, 75]);
    expect((ringOption(parts).series as { data: { value: number }[] }[])[0]?.data.map((d) => d.value)).toEqual([
      1, 0, 3,
    ]);
  });

  it("draws a part in the colour it has for good, whichever place it has: a red code is red", () => {
    const parts = [
      { name: "绿码", value: 9, color: "code-green" },
      { name: "黄码", value: 2, color: "code-yellow" },
      { name: "红码", value: 1, color: "code-red" },
      { name: "其他", value: 1 },
    ] as const;
    const drawn = (ringOption([...parts]).series as { data: { itemStyle: { color: string } }[] }[])[0]?.data;
    const { series, ...colors } = palette();
    expect(drawn?.map(({ itemStyle }) => itemStyle.color)).toEqual([
      colors["code-green"],
      colors["code-yellow"],
      colors["code-red"],
      series[3],
    ]);
  });

  it("draws no negative part", () => {
    expect((ringOption([{ name: "a", value: -4 }]).series as { data: { value: number }[] }[])[0]?.data[0]?.value).toBe(
      0,
    );
  });
});
