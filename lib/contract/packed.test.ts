import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { expect, it } from "vitest";
import { packed, packedInStretches, unpacked } from "./packed";

it("what was packed comes back as it was, by way of another process", () => {
  const number = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constant(null));
  const column = fc
    .tuple(fc.array(number), fc.integer({ min: 0, max: 300 }))
    .map(([list, times]) =>
      list.length === 0 ? [] : Array.from({ length: times }, (_, i) => list[i % list.length] ?? null),
    );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      ...[fc.string(), fc.boolean(), number, column, fc.constant(undefined)],
      fc.array(tie("any")),
      fc.dictionary(
        fc.string().filter((name) => name !== "__proto__"),
        tie("any"),
      ),
    ),
  })).any;
  return fc.assert(
    fc.asyncProperty(value, async (one) => {
      expect(unpacked(deserialize(serialize(packed(one))))).toEqual(one);
      expect(await packedInStretches(one, () => Promise.resolve())).toEqual(packed(one));
    }),
  );
});

it("long lists of numbers are packed, and no others", () => {
  const long = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? i : null));
  expect(packed({ long, words: long.map(String), broken: [...long, NaN] })).toEqual({
    long: Float64Array.from(long, (item) => item ?? NaN),
    words: long.map(String),
    broken: [...long, NaN],
  });
});
