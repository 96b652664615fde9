import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sameTimeBefore } from "./same-time";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Further than any zone's clocks were ever put by since 2013: Casey's by three hours. */
const REACH = 200 * MINUTE;
const ZONES = Intl.supportedValuesOf("timeZone");
const formats = new Map<string, Intl.DateTimeFormat>();

/** What a zone's calendar and clock show, as text that sorts: the oracle, which knows nothing of offsets. */
function shown(at: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format)
    formats.set(
      timeZone,
      (format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" })),
    );
  return format.format(at);
}

/** The same text, so many calendar days earlier. */
function daysBefore(text: string, days: number): string {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return `${date.toISOString().slice(0, 10)}${text.slice(10)}`;
}

/** Minutes around a day earlier at which the clocks showed `wanted`, oldest first, and the first that showed more. */
function scan(wanted: string, around: number, timeZone: string): { hits: number[]; after: number } {
  const hits: number[] = [];
  let after = Infinity;
  for (let at = around - REACH; at <= around + REACH; at += MINUTE) {
    const text = shown(at, timeZone);
    if (text === wanted) hits.push(at);
    if (text > wanted) after = Math.min(after, at);
  }
  return { hits, after };
}

function check(at: number, days: number, timeZone: string): void {
  const wanted = daysBefore(shown(at, timeZone), days);
  const found = sameTimeBefore(at, days, timeZone);
  const { hits, after } = scan(wanted, at - days * DAY, timeZone);
  const say = `${timeZone} ${new Date(at).toISOString()} -${days} d: ${wanted}, found ${shown(found, timeZone)}`;
  if (hits.length > 0) expect(hits, say).toContain(found);
  else {
    // Skipped: as far beyond the change as the clock had gone into what it left out.
    expect(found, say).toBeGreaterThanOrEqual(after);
    expect(found - after, say).toBeLessThan(181 * MINUTE);
  }
}

describe("sameTimeBefore", () => {
  it("is when the zone's clocks showed the same time so many days earlier, in every zone", () => {
    const minute = fc
      .integer({ min: Date.parse("2013-01-01") / MINUTE, max: Date.parse("2030-01-01") / MINUTE })
      .map((n) => n * MINUTE);
    fc.assert(fc.property(minute, fc.constantFrom(1, 7, 14, 21, 28), fc.constantFrom(...ZONES), check), {
      numRuns: 150,
    });
  });

  // The weeks after each change, where a base lies on the other side or within it.
  const CHANGES: [string, string][] = [
    ["America/Los_Angeles", "2026-03-08T10:00:00Z"],
    ["America/Los_Angeles", "2026-11-01T09:00:00Z"],
    ["Europe/Berlin", "2026-03-29T01:00:00Z"],
    ["Europe/Berlin", "2026-10-25T01:00:00Z"],
    ["America/St_Johns", "2026-11-01T04:30:00Z"],
    ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
    ["Australia/Lord_Howe", "2026-10-03T15:30:00Z"],
    ["America/Havana", "2026-03-08T05:00:00Z"],
    ["America/Havana", "2026-11-01T05:00:00Z"],
    ["Asia/Beirut", "2026-03-28T22:00:00Z"],
    ["Africa/Cairo", "2026-04-23T22:00:00Z"],
    ["Antarctica/Casey", "2016-10-21T16:00:00Z"],
    ["Antarctica/Casey", "2018-03-10T17:00:00Z"],
  ];
  it("holds around changes of the clocks", () => {
    const around = fc.integer({ min: -180, max: 180 });
    fc.assert(
      fc.property(fc.constantFrom(...CHANGES), fc.constantFrom(1, 7, 28), around, ([zone, change], days, minutes) =>
        check(Date.parse(change) + days * DAY + minutes * MINUTE, days, zone),
      ),
      { numRuns: 200 },
    );
  });

  it("takes the offset of now where a time was shown twice, and goes on past what was skipped", () => {
    const berlin = (text: string, days: number): string =>
      new Date(sameTimeBefore(Date.parse(text), days, "Europe/Berlin")).toISOString();
    expect(berlin("2026-10-26T02:30:00+01:00", 1)).toBe("2026-10-25T01:30:00.000Z");
    expect(berlin("2026-04-05T02:30:00+02:00", 7)).toBe("2026-03-29T01:30:00.000Z");
    expect(berlin("2026-11-01T10:20:00+01:00", 7)).toBe("2026-10-25T09:20:00.000Z");
    expect(berlin("2026-10-26T10:20:00+01:00", 7)).toBe("2026-10-19T08:20:00.000Z");
  });
});
