import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Series } from "@/lib/contract/series";
import { leadsYesterday } from "@/components/ui/leads-yesterday";
import { sparkFrom, sparkPath } from "./figure-option";

const HOUR = 3_600_000;
const RHYTHM = { step: 300_000, silence: HOUR };
const NOW = Date.parse("2026-11-22T08:00:00Z");

function series(...pairs: [number, number][]): Series {
  const made = new Series(60_000, 1_560);
  for (const [at, value] of pairs) made.add(at, value);
  return made;
}

describe("sparkPath", () => {
  it("draws from left to right within its box, high values on top", () => {
    expect(sparkPath(series([NOW - HOUR, 0], [NOW - HOUR / 2, 10], [NOW, 5]), NOW - HOUR, NOW, RHYTHM)).toBe(
      "M0.00 28.00L50.00 2.00L100.00 15.00",
    );
  });

  it("has a gap where a value is bad, which does not stretch its scale either", () => {
    const made = series([NOW - HOUR, 0], [NOW - HOUR / 2, 10], [NOW, 5]);
    made.add(NOW - HOUR / 4, 1e9, "bad");
    expect(sparkPath(made, NOW - HOUR, NOW, RHYTHM)).toBe("M0.00 28.00L50.00 2.00M100.00 15.00");
  });

  it("is drawn as finely at its end as at its beginning", () => {
    const made = series();
    for (let at = NOW - 6 * HOUR; at < NOW - HOUR; at += 300_000) made.add(at, at % 7);
    for (let at = NOW - HOUR; at <= NOW; at += 60_000) made.add(at, at % 7);
    const xs = [...sparkPath(made, NOW - 6 * HOUR, NOW, RHYTHM).matchAll(/[ML]([\d.]+)/g)].map((hit) => Number(hit[1]));
    expect(xs.filter((x) => x > 100 - 100 / 6).length).toBeLessThanOrEqual(13);
    expect(xs[xs.length - 1]).toBe(100);
  });

  it("is empty with nothing to join", () => {
    expect(sparkPath(series([NOW, 1]), NOW - HOUR, NOW, RHYTHM)).toBe("");
  });
});

describe("sparkFrom", () => {
  it("goes six hours back, but not beyond midnight for what counts since then", () => {
    const early = Date.parse("2026-11-21T17:30:00Z"); // 01:30 in Shanghai
    expect([sparkFrom("gauge", early, "Asia/Shanghai"), sparkFrom("day", early, "Asia/Shanghai")]).toEqual([
      early - 6 * HOUR,
      early - 1.5 * HOUR,
    ]);
    expect(sparkFrom("day", NOW, "Asia/Shanghai")).toBe(NOW - 6 * HOUR);
  });
});

describe("leadsYesterday", () => {
  it("is so until today's count is a twentieth of what yesterday came to, and then no more that day", () => {
    expect([0, 49, 50, 51, 1_000].map((count) => leadsYesterday(count, 1_000))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 30 }), fc.nat(20_000), (rises, whole) => {
        let count = 0;
        const led = rises.map((rise) => leadsYesterday((count += rise), whole));
        expect(led).toEqual([...led].sort((a, b) => Number(b) - Number(a)));
      }),
    );
  });

  it("is never so of a count that is dead or bad, nor where yesterday is not known or was nothing", () => {
    expect([leadsYesterday(null, 1_000), leadsYesterday(3, null), leadsYesterday(0, 0)]).toEqual([false, false, false]);
  });
});
