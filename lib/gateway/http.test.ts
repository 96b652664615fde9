import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReading, ValidationError } from "../contract/readings";
import { HttpError, parseBatch, UNREADABLE } from "./http";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const item = (value: string): string =>
  `{"city": "lianyungang", "metric": "cases-today", "at": "2026-11-22T08:00:00Z", "value": ${value}}`;
const refusal = (raw: unknown): string => {
  try {
    parseReading(raw, NOW);
    return "accepted";
  } catch (error) {
    return error instanceof ValidationError ? `${error.field} ${error.reason}` : String(error);
  }
};

describe("numbers that are none", () => {
  it.each(["Infinity", "-Infinity", "NaN", "1e999", "-1e999"])(
    "%s is refused by the name of its field, in JSON and in NDJSON, and costs no other item",
    (value) => {
      const json = parseBatch(
        `{"readings": [${item("1")}, ${item(value)}, ${item("2")}]}`,
        "application/json",
        "readings",
      );
      const lines = parseBatch([item("1"), item(value), item("2")].join("\n"), "application/x-ndjson", "readings");
      for (const items of [json, lines])
        expect(items.map(refusal)).toEqual(["accepted", "value wrong-type", "accepted"]);
    },
  );

  it.each(["1e101", "-1e308"])("%s is refused: sums of such values would not be numbers", (value) => {
    expect(refusal(JSON.parse(item(value)))).toBe("value out-of-range");
  });

  it("leaves texts alone that hold the same words", () => {
    const [read] = parseBatch(
      `{"events": [{"title": "NaN, \\"Infinity\\" \\\\", "severity": NaN, "unit": "-Infinity"}]}`,
      undefined,
      "events",
    ) as Record<string, unknown>[];
    expect(read).toEqual({ title: 'NaN, "Infinity" \\', severity: Infinity, unit: "-Infinity" });
  });

  it("still calls unreadable what is not JSON at all", () => {
    expect(() => parseBatch('{"readings": [NaN', undefined, "readings")).toThrow(HttpError);
    expect(parseBatch("{Infinity}\n", "application/x-ndjson", "readings")).toEqual([UNREADABLE]);
    expect(() => parseBatch(`"${'\\"'.repeat(1_000_000)}NaN`, undefined, "readings")).toThrow(HttpError);
  });

  it("reads every JSON text as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseBatch(JSON.stringify({ items: [value, "NaN"] }), undefined, "items")).toEqual(
          JSON.parse(JSON.stringify([value, "NaN"])),
        );
      }),
    );
  });
});
