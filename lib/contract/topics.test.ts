import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventsTopic, parseTopic, positionsTopic, readingTopic } from "./topics";

const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);

describe("parseTopic", () => {
  it("reads back every topic that was formatted", () => {
    fc.assert(
      fc.property(
        id,
        id,
        fc.constantFrom("all", "320706", "320706001", "320706001002", "06037", "E09000001", "US-CA-037", "11000000"),
        (city, metric, district) => {
          expect(parseTopic(readingTopic(city, district, metric))).toEqual({ kind: "reading", city, district, metric });
          expect(parseTopic(eventsTopic(city))).toEqual({ kind: "events", city });
          expect(parseTopic(positionsTopic(city, metric))).toEqual({ kind: "positions", city, layer: metric });
        },
      ),
    );
  });

  it.each([
    "",
    "reading",
    "reading/a/all",
    "reading/a/all/",
    "reading/a/12/x",
    "reading/a/ALL/x",
    "reading/a/us-ca/x",
    "reading/a/US--CA/x",
    "reading/a/US.CA/x",
    "reading/a/-US/x",
    "reading/A/all/x",
    "events/a/",
    "events/a/b",
    "positions/a",
    "positions/a/b/c",
    "reading/a/all/x/y",
    "weather/a",
  ])("refuses %j", (name) => {
    expect(parseTopic(name)).toBeNull();
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (name) => void parseTopic(name)));
  });
});
