import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, mayRoll, rises } from "./rolling-digits";
import { isLarge } from "./use-rolling-digits";

describe("digits that roll", () => {
  it("are those that change, counted from the last one", () => {
    expect(columnsOf("1,234", "1,243")).toEqual([
      { from: null, to: "1" },
      { from: null, to: "," },
      { from: null, to: "2" },
      { from: "3", to: "4" },
      { from: "4", to: "3" },
    ]);
    expect(columnsOf("999", "1,000")?.map(({ from }) => from)).toEqual(["", "", "9", "9", "9"]);
    expect(columnsOf("1,000", "999")?.map(({ from }) => from)).toEqual(["0", "0", "0"]);
  });

  it("always end as the new text, whatever was before", () => {
    const number = fc.integer({ min: -1e9, max: 1e9 }).map((value) => value.toLocaleString("en-US"));
    fc.assert(
      fc.property(number, number, (before, after) => {
        const columns = columnsOf(before, after);
        // No text where nothing changed: a property that returns what it expects would fail for that.
        expect(columns?.map(({ to }) => to).join("")).toBe(before === after ? undefined : after);
      }),
    );
  });

  it("do not where either is no plain number, or nothing changed: a first value, a dash, another way of writing", () => {
    for (const [before, after] of [
      ["–", "12"],
      ["12", "–"],
      ["<5", "12"],
      ["12,345", "1.2万"],
      ["12.3k", "12,345"],
      ["", "5"],
      ["12", "12"],
    ] as const)
      expect(columnsOf(before, after), `${before} ${after}`).toBeNull();
  });

  it("go up for more and down for less", () => {
    expect([rises("999", "1,000"), rises("1,000", "999"), rises("0.98", "1.02"), rises("-5", "-4")]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

describe("mayRoll", () => {
  it("is so of what changes less than once in two seconds, and of one figure of a page a second", () => {
    expect(mayRoll({ now: 10_000, changedAt: 8_000, rolledAt: 9_000 })).toBe(true);
    expect(mayRoll({ now: 10_000, changedAt: 8_001, rolledAt: 0 })).toBe(false);
    expect(mayRoll({ now: 10_000, changedAt: 0, rolledAt: 9_001 })).toBe(false);
    expect(mayRoll({ now: 10_000, changedAt: -Infinity, rolledAt: -Infinity })).toBe(true);
  });

  it("never lets a figure of forty changes a second roll but once", () => {
    let [changedAt, rolledAt, rolls] = [-Infinity, -Infinity, 0];
    for (let now = 0; now < 60_000; now += 25) {
      if (mayRoll({ now, changedAt, rolledAt })) [rolledAt, rolls] = [now, rolls + 1];
      changedAt = now;
    }
    expect(rolls).toBe(1);
  });
});

describe("isLarge", () => {
  it("is so of the first figure of an overview and not of the two-row ones under it", () => {
    // Boxes of tiles of 6 x 3 and 6 x 2 on a wall of 41 rem, less their heads.
    expect([isLarge(18, 6.7), isLarge(18, 3.6)]).toEqual([true, false]);
  });
});
