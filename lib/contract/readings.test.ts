import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEvent, parseTransition } from "./events";
import { parsePosition } from "./positions";
import { parseReading, ValidationError } from "./readings";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const good = {
  city: "lianyungang",
  district: "320706",
  metric: "cases-today",
  at: "2026-11-22T15:59:58.250+08:00",
  value: 12.5,
};

function reasonOf(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    if (error instanceof ValidationError) return `${error.field} ${error.reason}`;
    throw error;
  }
  return "accepted";
}

describe("parseReading", () => {
  it("takes a reading with its zone", () => {
    expect(parseReading(good, NOW)).toEqual({ ...good, at: Date.parse("2026-11-22T07:59:58.250Z"), quality: "good" });
  });

  it("means the whole city when no district is named", () => {
    const { district: _none, ...rest } = good;
    expect(parseReading(rest, NOW).district).toBe("all");
  });

  it.each([
    [null, "item not-an-object"],
    [[], "item not-an-object"],
    ["x", "item not-an-object"],
    [{ ...good, city: undefined }, "city missing"],
    [{ ...good, city: "Lianyungang" }, "city wrong-type"],
    [{ ...good, metric: 5 }, "metric wrong-type"],
    [{ ...good, district: "32" }, "district wrong-type"],
    [{ ...good, value: "12" }, "value wrong-type"],
    [{ ...good, value: null }, "value missing"],
    [{ ...good, value: NaN }, "value wrong-type"],
    [{ ...good, value: Infinity }, "value wrong-type"],
    [{ ...good, at: undefined }, "at missing"],
    [{ ...good, at: "2026-11-22T08:00:00" }, "at bad-time"],
    [{ ...good, at: "yesterday" }, "at bad-time"],
    [{ ...good, at: NOW }, "at bad-time"],
    [{ ...good, at: "2026-13-40T08:00:00Z" }, "at bad-time"],
    [{ ...good, at: "2026-11-22T08:01:01Z" }, "at in-the-future"],
    [{ ...good, at: "2026-10-22T07:59:59Z" }, "at too-old"],
    [{ ...good, quality: "fine" }, "quality wrong-type"],
  ])("refuses %j: %s", (item, reason) => {
    expect(reasonOf(() => parseReading(item, NOW))).toBe(reason);
  });

  it("answers any input with a reading or a refusal", () => {
    fc.assert(fc.property(fc.anything(), (item) => void reasonOf(() => parseReading(item, NOW))));
    fc.assert(
      fc.property(
        fc.record(
          { city: fc.anything(), metric: fc.anything(), at: fc.anything(), value: fc.anything() },
          { requiredKeys: [] },
        ),
        (item) => void reasonOf(() => parseReading(item, NOW)),
      ),
    );
  });
});

describe("parseEvent", () => {
  const event = {
    id: "e-1",
    city: "lianyungang",
    kind: "noise",
    title: "夜间噪声",
    severity: 2,
    stage: "受理",
    stages: ["上报", "受理", "办结"],
    at: "2026-11-22T07:00:00Z",
    source: "12345",
    lon: 119.2,
    lat: 34.6,
  };

  it("takes an event", () => {
    expect(parseEvent(event, NOW)).toMatchObject({
      id: "e-1",
      district: "all",
      severity: 2,
      updated: Date.parse(event.at),
      lon: 119.2,
    });
  });

  it.each([
    [{ ...event, id: "a b" }, "id wrong-type"],
    [{ ...event, severity: 5 }, "severity out-of-range"],
    [{ ...event, stage: "派遣" }, "stage out-of-range"],
    [{ ...event, stages: ["上报"] }, "stages wrong-type"],
    [{ ...event, title: "" }, "title wrong-type"],
    [{ ...event, updated: "2026-11-22T06:00:00Z" }, "updated out-of-range"],
    [{ ...event, lat: 91 }, "lat out-of-range"],
    [{ ...event, lon: undefined }, "lon missing"],
    [{ ...event, title: "a\0b" }, "title wrong-type"],
    [{ ...event, source: "\ud83d" }, "source wrong-type"],
    [{ ...event, unit: "\ude00x" }, "unit wrong-type"],
    [{ ...event, stages: ["上报", "受理", "\0"] }, "stages[2] wrong-type"],
    [{ ...event, steps: [{ stage: "上报", at: event.at, unit: "\0" }] }, "steps[0].unit wrong-type"],
  ])("refuses %j: %s", (item, reason) => {
    expect(reasonOf(() => parseEvent(item, NOW))).toBe(reason);
  });

  it("takes a transition only with city, stage and time", () => {
    expect(parseTransition({ city: "lianyungang", stage: "办结", at: "2026-11-22T07:30:00Z" }, NOW).stage).toBe("办结");
    expect(reasonOf(() => parseTransition({ city: "lianyungang", at: "2026-11-22T07:30:00Z" }, NOW))).toBe(
      "stage missing",
    );
  });
});

describe("parsePosition", () => {
  const position = {
    city: "lianyungang",
    layer: "vehicles",
    id: "bus-1",
    at: "2026-11-22T08:00:00Z",
    lon: 119.2,
    lat: 34.6,
    heading: 360,
    speed: 41,
  };

  it("keeps a whole surrogate pair in a label", () => {
    expect(parsePosition({ ...position, label: "🚌" }, NOW).label).toBe("🚌");
  });

  it("takes a position and folds 360 degrees to 0", () => {
    expect(parsePosition(position, NOW)).toMatchObject({ id: "bus-1", heading: 0, speed: 41, label: "" });
  });

  it.each([
    [{ ...position, lon: 181 }, "lon out-of-range"],
    [{ ...position, heading: -1 }, "heading out-of-range"],
    [{ ...position, speed: "fast" }, "speed wrong-type"],
    [{ ...position, label: 7 }, "label wrong-type"],
    [{ ...position, label: "bus\0" }, "label wrong-type"],
    [{ ...position, label: "bus\udc00" }, "label wrong-type"],
  ])("refuses %j: %s", (item, reason) => {
    expect(reasonOf(() => parsePosition(item, NOW))).toBe(reason);
  });
});
