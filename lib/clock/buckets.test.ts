import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketEdges, bucketStart, dayStart, instantOf, zoneOffset, type Step } from "./index";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONES = Intl.supportedValuesOf("timeZone");

const clocks = new Map<string, Intl.DateTimeFormat>();

/**
 * What a zone's clock shows, as ms as if it were UTC: straight from the platform, by another way than the product's.
 */
function wallOf(at: number, zone: string): number {
  let clock = clocks.get(zone);
  if (!clock)
    clocks.set(
      zone,
      (clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" })),
    );
  return Date.parse(`${clock.format(at).replace(" ", "T")}Z`);
}

/** The bucket a wall time belongs to, as a text. */
function nameOf(wall: number, step: Step): string {
  const date = new Date(wall);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (step === "year") return `${year}`;
  if (step === "quarter") return `${year} ${Math.floor(month / 3)}`;
  if (step === "month") return `${year} ${month}`;
  if (step === "week") return `${Math.floor((wall / DAY + 3) / 7)}`;
  return `${Math.floor(wall / step)}`;
}

/**
 * Edges in (from, to], by walking: long steps begin when the clock first shows a later bucket than ever before; steps
 * of an hour or less whenever what it shows passes or is a multiple of the step.
 */
function walked(from: number, to: number, step: Step, zone: string, stride: number): number[] {
  const found: number[] = [];
  let highest = wallOf(from - 2 * DAY, zone);
  for (let at = from - 2 * DAY; at <= from; at += HOUR) highest = Math.max(highest, wallOf(at, zone));
  let before = wallOf(from, zone);
  for (let at = from + stride; at <= to; at += stride) {
    const wall = wallOf(at, zone);
    if (typeof step === "number" && step <= HOUR) {
      if (
        wall % step === 0 ||
        Math.floor(wall / step) !== Math.floor((before + (wall - before === stride ? stride - 1 : 0)) / step)
      )
        found.push(at);
    } else if (nameOf(wall, step) !== nameOf(highest, step) && wall > highest) found.push(at);
    before = wall;
    highest = Math.max(highest, wall);
  }
  return found;
}

/** Instants of one year at which a zone's offset changes, to the minute. */
function changesOf(year: number, zone: string): number[] {
  const changes: number[] = [];
  const offset = (at: number): number => wallOf(at, zone) - at;
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += DAY) {
    if (offset(at) === offset(at + DAY)) continue;
    let [low, high] = [at, at + DAY];
    while (high - low > MINUTE) {
      const middle = Math.floor((low + high) / 2 / MINUTE) * MINUTE;
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    changes.push(high);
  }
  return changes;
}

const STEPS: Step[] = [5 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY];
const later = (edges: number[], from: number, to: number): number[] => edges.filter((at) => at > from && at <= to);

describe("buckets", () => {
  it("begin where a clock that is walked along begins them, around every change of every zone in two years", () => {
    for (const zone of ZONES) {
      for (const change of [2011, 2026].flatMap((year) => changesOf(year, zone))) {
        const [from, to] = [change - 26 * HOUR, change + 26 * HOUR];
        // Where clocks change at a minute past midnight the walk has to take minutes.
        const stride = change % (15 * MINUTE) === 0 ? 15 * MINUTE : MINUTE;
        for (const step of stride === MINUTE ? STEPS : STEPS.slice(1)) {
          expect([zone, step, later(bucketEdges(from, to + 2 * DAY, step, zone), from, to)]).toEqual([
            zone,
            step,
            walked(from, to, step, zone, stride),
          ]);
        }
      }
    }
  }, 60_000);

  it("of the calendar begin where a walk begins them, in any zone and year", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 1975, max: 2036 }),
        fc.integer({ min: 0, max: 365 }),
        fc.constantFrom<Step>("week", "month", "quarter", "year", DAY, 7 * DAY),
        (zone, year, day, step) => {
          const from = Date.UTC(year, 0, 1) + day * DAY;
          const to = from + 40 * DAY;
          const edges = later(bucketEdges(from, to, step, zone), from, to);
          // An hour's stride meets the hour after an edge at the latest.
          const rough = walked(from, to, step, zone, HOUR);
          expect(edges.map((at) => Math.ceil((at - from) / HOUR))).toEqual(rough.map((at) => (at - from) / HOUR));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("hold the moment that they are asked for, without gap or overlap", () => {
    const step = fc.constantFrom<Step>(
      MINUTE,
      15 * MINUTE,
      HOUR,
      2 * HOUR,
      6 * HOUR,
      DAY,
      7 * DAY,
      "week",
      "month",
      "quarter",
      "year",
    );
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse("1975-01-01"), max: Date.parse("2036-12-20") }),
        step,
        fc.constantFrom(...ZONES),
        (at, width, zone) => {
          const span = typeof width === "number" ? 40 * width : 400 * DAY;
          const edges = bucketEdges(at, at + span, width, zone);
          expect(edges[0]).toBeLessThanOrEqual(at);
          expect(edges[1]).toBeGreaterThan(at);
          expect(edges[edges.length - 1]).toBeGreaterThanOrEqual(at + span);
          expect(edges[edges.length - 2]).toBeLessThan(at + span);
          edges.forEach((edge, i) => {
            expect(bucketStart(edge, width, zone)).toBe(edge);
            if (i > 0) expect(bucketStart(edge - 1, width, zone)).toBe(edges[i - 1]);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("come to an end in any year that an address can name, whatever the zone and the step", () => {
    const step = fc.constantFrom<Step>(
      ...[1_000, MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, DAY, 7 * DAY, 8 * DAY, 400 * DAY],
      ...(["week", "month", "quarter", "year"] as const),
    );
    const year = fc.oneof(
      fc.constantFrom(0, 1, 2, 99, 100, 700, 1582, 1970, 9_998),
      fc.integer({ min: 0, max: 9_998 }),
    );
    fc.assert(
      fc.property(
        year,
        fc.integer({ min: 0, max: 365 * 24 * 60 }),
        step,
        fc.constantFrom(...ZONES),
        (y, minute, width, zone) => {
          const at = new Date(0).setUTCFullYear(y, 0, 1) + minute * MINUTE;
          const span = typeof width === "number" ? 5 * width : 800 * DAY;
          const edges = bucketEdges(at, at + span, width, zone);
          expect(edges[0]).toBeLessThanOrEqual(at);
          expect(edges[edges.length - 1]).toBeGreaterThanOrEqual(at + span);
          expect(edges.every((edge, i) => i === 0 || edge > (edges[i - 1] as number))).toBe(true);
          expect(edges.length).toBeLessThan(130);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("make days of 23 and 25 hours, and one Havana day of the day whose midnight comes twice", () => {
    const hours = (from: string, zone: string): number[] => {
      const edges = bucketEdges(Date.parse(from), Date.parse(from) + 2 * DAY, DAY, zone);
      return edges.slice(1).map((edge, i) => (edge - (edges[i] as number)) / HOUR);
    };
    expect(hours("2026-10-24T12:00:00Z", "Europe/Berlin")).toEqual([24, 25, 24]);
    expect(hours("2026-03-28T12:00:00Z", "Europe/Berlin")).toEqual([24, 23, 24]);
    expect(hours("2026-10-31T12:00:00Z", "America/Havana")).toEqual([24, 25, 24]);
  });
});

describe("a zone's clock", () => {
  it("is ahead of UTC by what the platform says, at any moment", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.parse("1972-07-01") / 1000, max: Date.parse("2037-01-01") / 1000 }),
        (zone, seconds) => {
          expect(zoneOffset(seconds * 1000, zone)).toBe(wallOf(seconds * 1000, zone) - seconds * 1000);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("shows a wall time first at its instant", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: Date.parse("1975-01-01") / MINUTE, max: Date.parse("2037-01-01") / MINUTE }),
        (zone, minute) => {
          const at = instantOf(minute * MINUTE, zone);
          expect(wallOf(at, zone)).toBeGreaterThanOrEqual(minute * MINUTE);
          expect(wallOf(at - 1000, zone)).toBeLessThan(minute * MINUTE);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("begins a day at its midnight after the clocks have changed in it", () => {
    expect(new Date(dayStart(Date.parse("2026-11-01T20:00:00Z"), "America/New_York")).toISOString()).toBe(
      "2026-11-01T04:00:00.000Z",
    );
    expect(new Date(dayStart(Date.parse("2026-03-08T20:00:00Z"), "America/New_York")).toISOString()).toBe(
      "2026-03-08T05:00:00.000Z",
    );
  });
});
