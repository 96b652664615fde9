import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bulletOption } from "./bullets-option";
import { definition } from "./definition";

const bullet = { value: 60, min: 0, max: 100, target: 80, better: "up" as const };

describe("bulletOption", () => {
  it("fills up to the value, and has its band on the side that is better", () => {
    expect(bulletOption(bullet)).toEqual({ fill: 0.6, band: { from: 0.8, to: 1 }, target: 0.8 });
    expect(bulletOption({ ...bullet, better: "down" }).band).toEqual({ from: 0, to: 0.8 });
    expect(bulletOption({ ...bullet, better: "none" })).toMatchObject({ band: null, target: 0.8 });
    expect(bulletOption({ ...bullet, target: null })).toEqual({ fill: 0.6, band: null, target: null });
  });

  it("fills nothing where the value does not count, which is not the same as 0", () => {
    expect(bulletOption({ ...bullet, value: null }).fill).toBeNull();
    expect(bulletOption({ ...bullet, value: 0 }).fill).toBe(0);
  });

  it("never leaves its track", () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.constantFrom("up", "down", "none"), (value, target, better) => {
        const { fill, band, target: goal } = bulletOption({ value, min: -5, max: 120, target, better });
        for (const part of [fill, goal, band?.from ?? 0, band?.to ?? 0]) {
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe("the settings of bullet bars", () => {
  it("have a scale from 0 to 100, and refuse one without length", () => {
    const parsed = definition.schema.parse({ items: [{ metric: "online-rate" }] });
    expect(parsed.items[0]).toMatchObject({ district: "all", min: 0, max: 100 });
    const faulty = definition.schema.safeParse({ items: [{ metric: "online-rate", min: 5, max: 5 }] });
    expect(faulty.error?.issues.map(({ path }) => path.join("."))).toEqual(["items.0.max"]);
  });
});
