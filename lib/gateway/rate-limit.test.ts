import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RateLimit } from "./rate-limit";

describe("RateLimit", () => {
  it("lets a burst pass, then tells how long to wait, each key for itself", () => {
    const limit = new RateLimit(2, 3);
    expect([1, 2, 3, 4].map(() => limit.take("a", 0))).toEqual([0, 0, 0, 1]);
    expect(limit.take("b", 0)).toBe(0);
    expect(limit.take("a", 500)).toBe(0);
    expect(limit.take("a", 500)).toBe(1);
  });

  it("takes more of the bucket for what costs more, and nothing for what is refused", () => {
    const limit = new RateLimit(2, 10);
    expect([limit.take("a", 0, 7), limit.take("a", 0, 7), limit.take("a", 0, 3)]).toEqual([0, 2, 0]);
  });

  it("is not fooled by a clock that goes back", () => {
    const limit = new RateLimit(1, 1);
    expect(limit.take("a", 10_000)).toBe(0);
    expect(limit.take("a", 0)).toBe(1);
  });
});

const RATE = 4;
const BURST = 10;
const MOST = 3;

interface Ask {
  key: string;
  /** ms since the one before */
  after: number;
  cost: number;
}

const asks = (keys: string): fc.Arbitrary<Ask[]> =>
  fc.array(
    fc.record({
      key: fc.constantFrom(...keys),
      after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4_000 })),
      cost: fc.constantFrom(0, 0.5, 1, 2, 10),
    }),
    { maxLength: 80 },
  );

/** What the same asks come to by the plainest account: all that a key was ever given, gone through again each time. */
class Oracle {
  private readonly keys: { key: string; began: number; given: { at: number; cost: number }[] }[] = [];

  take({ key, cost }: Ask, at: number): boolean {
    const i = this.keys.findIndex((one) => one.key === key);
    const one = i < 0 ? { key, began: at, given: [] } : (this.keys.splice(i, 1)[0] as (typeof this.keys)[number]);
    this.keys.push(one);
    if (this.keys.length > MOST) this.keys.shift();
    let [left, before] = [BURST, one.began];
    for (const past of [...one.given, { at, cost: 0 }]) {
      left = Math.min(BURST, left + ((past.at - before) / 1000) * RATE) - past.cost;
      before = past.at;
    }
    // Two ways of summing up the same differ in the last digits.
    if (left < cost - 1e-9) return false;
    one.given.push({ at, cost });
    return true;
  }
}

describe("RateLimit by chance", () => {
  it("gives and refuses as a plain account of all that was given does, keys forgotten in the order they were last asked", () => {
    fc.assert(
      fc.property(asks("abcde"), (list) => {
        const limit = new RateLimit(RATE, BURST, MOST);
        const oracle = new Oracle();
        let at = 0;
        for (const ask of list) {
          at += ask.after;
          expect(limit.take(ask.key, at, ask.cost) === 0).toBe(oracle.take(ask, at));
          expect(limit.size).toBeLessThanOrEqual(MOST);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("never gives a key more in any stretch of time than a burst and what comes in it; who waits as told is let in", () => {
    fc.assert(
      fc.property(asks("a"), (list) => {
        const limit = new RateLimit(RATE, BURST, MOST);
        const given: { at: number; cost: number }[] = [];
        let at = 0;
        for (const { after, cost } of list) {
          at += after;
          const wait = limit.take("a", at, cost);
          if (wait === 0) given.push({ at, cost });
          if (wait === 0) continue;
          at += wait * 1_000;
          expect(limit.take("a", at, cost)).toBe(0);
          given.push({ at, cost });
        }
        for (const [i, first] of given.entries()) {
          let sum = 0;
          for (const { at: when, cost } of given.slice(i)) {
            sum += cost;
            expect(sum).toBeLessThanOrEqual(BURST + ((when - first.at) / 1_000) * RATE + 1e-6);
          }
        }
      }),
    );
  });
});
