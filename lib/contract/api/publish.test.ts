import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseEvent, parseTransition } from "../events";
import { parsePosition } from "../positions";
import { parseReading, ValidationError } from "../readings";
import { LIMITS } from "./limits";
import { eventRequest, positionRequest, readingRequest, transitionRequest } from "./publish";

/** What is told of the clock is no matter of form: the schemas know no now. */
const OF_THE_CLOCK = ["in-the-future", "too-old"];
const NOW = Date.parse("2026-11-22T08:00:00Z");

/** A value, and now and then one that may stand nowhere, or one a little beside. */
const strange = fc.oneof(
  fc.constant(null),
  fc.constant(undefined),
  fc.boolean(),
  fc.constantFrom<unknown>(NaN, Infinity, -Infinity, "", " ", [], {}, "all", "ALL", -0, 1e101, 5e-324),
  fc.string(),
  fc.double(),
);
const mostly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: strange });
const text = (longest: number): fc.Arbitrary<unknown> =>
  mostly(fc.constantFrom("x", "上报", "😀", "a".repeat(longest), "a".repeat(longest + 1), "a\0b", "\ud800", "b\udc00"));
const number = (most: number, least = -most): fc.Arbitrary<unknown> =>
  mostly(fc.constantFrom(0, least, most, most * 1.0001, least - 0.5, 1, 1.5));
const id = mostly(fc.constantFrom("lianyungang", "a-1", "A", "1a", "a".repeat(60), "a".repeat(61)));
const thing = mostly(
  fc.constantFrom("bus-1", "-1", "a b", "x".repeat(64), "x".repeat(65), "x".repeat(80), "x".repeat(81)),
);
const district = mostly(fc.constantFrom("all", "320706", "E09000001", "ab", "US--1"));
const time = mostly(
  fc.constantFrom(
    "2026-11-22T08:00:00Z",
    "2026-11-22T07:00:00Z",
    "2026-11-22T16:00+0800",
    "2026-11-22t07:30:00.123456z",
    "2026-11-31T08:00:00Z",
    "2026-11-22T08:00:00",
    "2026-11-22",
    "2016-12-31T23:59:60Z",
    "2026-11-22T23:59:60Z",
    "1999-01-01T00:00:00Z",
    "2099-01-01T00:00:00Z",
  ),
);
const { text: TEXT } = LIMITS;
const stage = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<unknown>("上报", "办结") },
  { weight: 1, arbitrary: text(TEXT.stage) },
);
const step = mostly(fc.record({ stage, at: time, unit: text(TEXT.unit) }, { requiredKeys: ["stage", "at"] }));

/** An item that may be taken, of which up to two fields are something else. */
function flawed(good: object, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const some = fc
    .subarray(Object.keys(fields), { maxLength: 2 })
    .chain((names) =>
      fc.record(Object.fromEntries(names.map((name) => [name, fields[name] as fc.Arbitrary<unknown>]))),
    );
  const item = some.map((flaws): unknown => ({ ...good, ...flaws }));
  return fc.oneof({ weight: 20, arbitrary: item }, { weight: 1, arbitrary: strange });
}

const AT = "2026-11-22T07:00:00Z";
const reading = flawed(
  { city: "lianyungang", district: "320706", metric: "cases-today", at: AT, value: 7 },
  {
    city: id,
    district,
    metric: id,
    at: time,
    value: fc.oneof(number(LIMITS.value), fc.constantFrom(LIMITS.smallest, -LIMITS.smallest, 9e-101, -0, 1.7e308)),
    quality: mostly(fc.constantFrom("good", "uncertain", "bad", "great")),
    more: fc.string(),
  },
);
const steps = mostly(
  fc.oneof(
    fc.array(step, { maxLength: 3 }),
    fc.constant(Array.from({ length: LIMITS.steps + 1 }, () => ({ stage: "上报", at: AT }))),
  ),
);
const event = flawed(
  {
    id: "e-1",
    city: "lianyungang",
    kind: "noise",
    title: "噪声",
    severity: 2,
    stage: "上报",
    stages: ["上报", "办结"],
    at: AT,
    updated: "2026-11-22T08:00:00Z",
    source: "test",
  },
  {
    id: thing,
    city: id,
    district,
    kind: id,
    title: text(TEXT.title),
    titles: mostly(fc.record({ zh: text(TEXT.title), en: text(TEXT.title) }, { requiredKeys: [] })),
    severity: number(4, 1),
    stage,
    stages: mostly(fc.array(stage, { maxLength: 13 })),
    at: time,
    updated: time,
    lon: number(180),
    lat: number(90),
    source: text(TEXT.source),
    unit: text(TEXT.unit),
    steps,
  },
);
const position = flawed(
  { city: "lianyungang", layer: "vehicles", id: "bus-1", at: AT, lon: 119.2, lat: 34.6 },
  {
    city: id,
    layer: id,
    id: thing,
    at: time,
    lon: number(180),
    lat: number(90),
    heading: number(360, 0),
    speed: number(1_000, 0),
    label: text(TEXT.label),
  },
);
const transition = flawed(
  { city: "lianyungang", stage: "办结", at: AT },
  { city: id, stage: text(TEXT.stage), at: time, unit: text(TEXT.unit) },
);

/** `accepted`, `refused`, or null where the clock alone is to blame. */
function judged(parse: (raw: unknown, now: number) => unknown, raw: unknown): "accepted" | "refused" | null {
  try {
    parse(raw, NOW);
    return "accepted";
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return OF_THE_CLOCK.includes(error.reason) ? null : "refused";
  }
}

describe("what publishers send", () => {
  it.each([
    ["readings", reading, parseReading, readingRequest],
    ["events", event, parseEvent, eventRequest],
    ["positions", position, parsePosition, positionRequest],
    ["transitions", transition, parseTransition, transitionRequest],
  ] as const)(
    "%s are judged by the schema of the documents as they are on the live path",
    (_name, raw, parse, schema) => {
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      const documented = ajv.compile(z.toJSONSchema(schema as z.ZodType, { io: "input", unrepresentable: "any" }));
      const seen = { accepted: 0, refused: 0 };
      fc.assert(
        fc.property(raw, (one) => {
          const verdict = judged(parse, one);
          if (verdict === null) return;
          seen[verdict]++;
          expect(schema.safeParse(one).success ? "accepted" : "refused").toBe(verdict);
          // JSON Schema has no words for a calendar or for a stage among the stages; what is accepted it must never
          // forbid.
          if (verdict === "accepted") expect(documented(JSON.parse(JSON.stringify(one)))).toBe(true);
        }),
        { numRuns: 3_000 },
      );
      expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(50);
    },
  );
});
