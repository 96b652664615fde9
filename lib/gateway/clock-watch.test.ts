import fc from "fast-check";
import { expect, it } from "vitest";
import { ClockWatch } from "./clock-watch";

it("tells each setting of the clock by its size, and no drift", () => {
  const looks = fc.array(
    fc.record({
      passed: fc.integer({ min: 0, max: 90_000 }),
      drift: fc.integer({ min: -400, max: 400 }),
      set: fc.oneof(
        { arbitrary: fc.constant(0), weight: 5 },
        fc.integer({ min: 3_000, max: 9e9 }),
        fc.integer({ min: -9e9, max: -3_000 }),
      ),
    }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(looks, (list) => {
      let [wall, elapsed] = [Date.parse("2026-11-30T00:00:00Z"), 17.25];
      const watch = new ClockWatch(
        () => wall,
        () => elapsed,
      );
      for (const { passed, drift, set } of list) {
        elapsed += passed;
        wall += passed + drift + set;
        const told = watch.look();
        // To a tenth of a second: the two clocks are not read at one moment.
        expect(Math.abs(told - (set === 0 ? 0 : drift + set))).toBeLessThanOrEqual(50);
        if (set === 0) expect(told).toBe(0);
        expect(watch.look()).toBe(0);
      }
    }),
  );
});
