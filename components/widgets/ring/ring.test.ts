import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { palette } from "@/components/ui/theme";
import { ringOption, ringTold, shares, type Part } from "./ring-option";

const slices = (parts: Part[]) => (ringOption(parts).series as { data: { name: string; value: number }[] }[])[0]?.data;

describe("a ring of nothing", () => {
  it("has no slice, whether its parts are nothing or are not there", () => {
    expect(slices([1, 2, 3, 4, 5].map((i) => ({ name: `${i}`, value: 0 })))).toEqual([]);
    expect(
      slices([
        { name: "a", value: null },
        { name: "b", value: -2 },
      ]),
    ).toEqual([]);
  });

  it("is told from one that is not known", () => {
    expect(
      ringTold([
        { name: "a", value: 0 },
        { name: "b", value: null },
      ]),
    ).toBe("none");
    expect(ringTold([{ name: "a", value: null }])).toBe("unknown");
    expect(
      ringTold([
        { name: "a", value: 0 },
        { name: "b", value: 2 },
      ]),
    ).toBe("parts");
  });

  it("has slices of what is there alone: the least one that can be seen is not given to what is nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -3, max: 9 })), { maxLength: 8 }), (values) => {
        const parts = values.map((value, i) => ({ name: `${i}`, value }));
        expect(slices(parts)?.map(({ name }) => name)).toEqual(
          parts.filter(({ value }) => value !== null && value > 0).map(({ name }) => name),
        );
      }),
    );
  });
});

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
    expect((ringOption(parts).series as { data: { value: number }[] }[])[0]?.data.map((d) => d.value)).toEqual([1, 3]);
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
});
