import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRfc3339 } from "./readings";

const two = (n: number): string => String(n).padStart(2, "0");
const leap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const lengths = (year: number): number[] => [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days from 1970-01-01 by counting years and months, one by one. */
function daysTo(year: number, month: number, day: number): number {
  let days = day - 1;
  for (let y = 1970; y < year; y++) days += leap(y) ? 366 : 365;
  for (let y = year; y < 1970; y++) days -= leap(y) ? 366 : 365;
  for (let m = 1; m < month; m++) days += lengths(year)[m - 1] as number;
  return days;
}

const fields = fc.record({
  year: fc.oneof(fc.integer({ min: 1960, max: 2100 }), fc.integer({ min: 0, max: 9999 })),
  month: fc.integer({ min: 0, max: 13 }),
  day: fc.integer({ min: 0, max: 32 }),
  hour: fc.integer({ min: 0, max: 25 }),
  minute: fc.integer({ min: 0, max: 61 }),
  second: fc.integer({ min: 0, max: 61 }),
  fraction: fc.stringMatching(/^\d{0,12}$/),
  letter: fc.constantFrom("T", "t"),
  zone: fc.oneof(
    fc.constantFrom("Z", "z"),
    fc.record({
      sign: fc.constantFrom("+", "-"),
      hours: fc.integer({ min: 0, max: 25 }),
      minutes: fc.integer({ min: 0, max: 61 }),
    }),
  ),
});

describe("parseRfc3339", () => {
  it("agrees with a calendar counted out by hand, over all that looks like a time", () => {
    fc.assert(
      fc.property(fields, ({ year, month, day, hour, minute, second, fraction, letter, zone }) => {
        const offset = typeof zone === "string" ? 0 : (zone.sign === "-" ? -1 : 1) * (zone.hours * 60 + zone.minutes);
        const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
        const time = `${two(hour)}:${two(minute)}:${two(second)}${fraction ? `.${fraction}` : ""}`;
        const shift = typeof zone === "string" ? zone : `${zone.sign}${two(zone.hours)}:${two(zone.minutes)}`;
        const text = `${date}${letter}${time}${shift}`;
        const zoneThere = typeof zone === "string" || (zone.hours <= 23 && zone.minutes <= 59);
        const dayThere = month >= 1 && month <= 12 && day >= 1 && day <= (lengths(year)[month - 1] ?? 0);
        const there = dayThere && zoneThere && hour <= 23 && minute <= 59 && second <= 59;
        // Leap seconds have a test of their own.
        fc.pre(second !== 60);
        const expected =
          (((daysTo(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 +
          Number(`${fraction}000`.slice(0, 3));
        expect(parseRfc3339(text), text).toBe(there ? expected : NaN);
      }),
      { numRuns: 3_000 },
    );
  });

  it("takes back every time it is given as `toISOString` writes it", () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date("0000-01-01T00:00:00Z"),
          max: new Date("9999-12-31T23:59:59.999Z"),
          noInvalidDate: true,
        }),
        (date) => parseRfc3339(date.toISOString()) === date.getTime(),
      ),
    );
  });

  it.each([
    ["2026-11-31T00:00:00Z"],
    ["2027-02-29T12:00:00+08:00"],
    ["1900-02-29T00:00:00Z"],
    ["2026-11-22T24:00:00Z"],
    ["2026-11-22T23:60:00Z"],
    ["2026-11-22T08:00:00+24:00"],
    ["2026-11-22T08:00:00-08:60"],
    ["2026-00-10T08:00:00Z"],
    ["2026-11-00T08:00:00Z"],
    ["2026-11-22 08:00:00Z"],
    ["2026-11-22T08:00:00"],
    ["2026-11-22T08:00:00.Z"],
    ["2026-11-22"],
    ["+002026-11-22T08:00:00Z"],
    ["2026-11-22T08:00:00Z "],
    ["２026-11-22T08:00:00Z"],
    [""],
  ])("refuses %j", (text) => {
    expect(parseRfc3339(text)).toBeNaN();
  });

  it.each([
    ["2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z"],
    ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"],
    ["2026-11-22t08:00:00z", "2026-11-22T08:00:00.000Z"],
    ["2026-11-22T08:00+0530", "2026-11-22T02:30:00.000Z"],
    ["2026-11-22T08:00:00.9999999Z", "2026-11-22T08:00:00.999Z"],
    ["2026-11-22T08:00:00-00:00", "2026-11-22T08:00:00.000Z"],
    ["2026-11-22T00:00:00+23:59", "2026-11-21T00:01:00.000Z"],
  ])("takes %j", (text, at) => {
    expect(new Date(parseRfc3339(text)).toISOString()).toBe(at);
  });

  it("knows a leap second where one can be, whatever the zone, and nowhere else", () => {
    expect(parseRfc3339("2016-12-31T23:59:60Z")).toBe(Date.UTC(2017, 0, 1));
    expect(parseRfc3339("2017-01-01T07:59:60.5+08:00")).toBe(Date.UTC(2017, 0, 1) + 500);
    expect(parseRfc3339("2015-06-30T23:59:60Z")).toBe(Date.UTC(2015, 6, 1));
    for (const none of [
      "2016-12-31T23:58:60Z",
      "2016-12-31T23:59:60+08:00",
      "2026-11-30T23:59:60Z",
      "2016-12-30T23:59:60Z",
      "2016-12-31T23:59:61Z",
    ])
      expect(parseRfc3339(none), none).toBeNaN();
  });
});
