import { describe, expect, it } from "vitest";
import { rankOf } from "./place-facts-option";

const places = ["a", "b", "c", "d"].map((adcode) => ({ adcode }));
const rank = (values: Record<string, number | null>, adcode: string) =>
  rankOf(places, (place) => values[place] ?? null, adcode);

describe("a place's rank", () => {
  it("is from the highest value, shared by equals, among those alone whose value counts", () => {
    const values = { a: 5, b: 9, c: null, d: 5 };
    expect(rank(values, "b")).toEqual({ place: 1, of: 3 });
    expect(rank(values, "a")).toEqual({ place: 2, of: 3 });
    expect(rank(values, "d")).toEqual({ place: 2, of: 3 });
    expect(rank(values, "c")).toBeNull();
    expect(rank({ a: 0, b: 3 }, "a")).toEqual({ place: 2, of: 2 });
  });
});
