import fc from "fast-check";
import { expect, it } from "vitest";
import { BATCH, byColumn, byRow, headOf, heldHere, numbersIn, readIn, wholeOf, type HeldAnswer } from "./columns";

const value = fc.option(fc.double({ noNaN: true }), { nil: null });
/** Few long topics, or many short ones, as answers are. */
const answer = fc
  .oneof(
    fc.record({ topics: fc.nat(3), rows: fc.nat(3 * BATCH) }),
    fc.record({ topics: fc.nat(300), rows: fc.nat(40) }),
  )
  .chain(({ topics, rows }) =>
    fc.record({
      pattern: fc.array(value, { minLength: 1, maxLength: 20 }),
      flaws: fc.constantFrom([], ["bad"], ["bad", "uncertain"], ["quality"]),
      topics: fc.constant(topics),
      rows: fc.constant(rows),
    }),
  )
  .map(({ pattern, flaws, topics, rows }) => ({
    completeUntil: 7,
    provisionalFrom: null,
    series: Array.from({ length: topics }, (_, t) => ({
      topic: `t${t}`,
      at: Array.from({ length: rows - (t % 2 === 0 || rows === 0 ? 0 : 1) }, (_one, i) => t * 1e6 + i),
      values: {
        avg: Array.from(
          { length: rows - (t % 2 === 0 || rows === 0 ? 0 : 1) },
          (_one, i) => pattern[i % pattern.length] ?? null,
        ),
      },
      ...Object.fromEntries(
        flaws.map((flaw) => [
          flaw,
          Array.from({ length: rows - (t % 2 === 0 || rows === 0 ? 0 : 1) }, (_one, i) => i % 3),
        ]),
      ),
    })),
  }));

async function* numbersOf(held: HeldAnswer): AsyncGenerator<Float64Array> {
  for await (const { numbers } of readIn(held, byColumn(held.head))) yield numbers;
}

it("an answer that was read batch by batch is the answer, and no batch is large", async () => {
  await fc.assert(
    fc.asyncProperty(answer, async (one) => {
      const held = heldHere(one);
      let most = 0;
      const read: HeldAnswer["read"] = async (spans) => {
        const numbers = await held.read(spans);
        most = Math.max(most, numbers.length, spans.length);
        return numbers;
      };
      expect(await wholeOf(held.head, numbersOf({ ...held, read }))).toEqual(one);
      expect(most).toBeLessThanOrEqual(BATCH);
    }),
    { numRuns: 60 },
  );
});

it("by rows, every row is there once, its columns together", async () => {
  await fc.assert(
    fc.asyncProperty(answer, async (one) => {
      const head = headOf(one);
      let read = 0;
      const next = new Map<number, number>();
      for await (const { spans, numbers } of readIn(heldHere(one), byRow(head))) {
        read += numbers.length;
        for (let i = 0; i < spans.length;) {
          const { series, from, to } = spans[i] as (typeof spans)[number];
          const columns = head.series[series]?.columns ?? [];
          expect(from).toBe(next.get(series) ?? 0);
          expect(spans.slice(i, i + columns.length)).toEqual(columns.map((column) => ({ series, column, from, to })));
          next.set(series, to);
          i += columns.length;
        }
      }
      expect(read).toBe(numbersIn(head));
    }),
    { numRuns: 60 },
  );
});
