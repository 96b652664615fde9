import { z } from "zod";
import { textSchema } from "../city";
import { FRESHNESS } from "../freshness";
import { QUALITIES } from "../readings";
import { LIMITS } from "./limits";
import { answers, iso, or } from "./parts";
import { cityEvent, eventStep } from "./records";
import { route } from "./route";

const offset = z.int().describe("accepted changes of the topic in this epoch");

/** The last reading of a topic and what it is worth. */
export const readingNow = z
  .object({
    topic: z.string(),
    offset,
    value: z.number().nullable().describe("null where nothing ever came, and where it is suppressed"),
    suppressed: z.string().optional().describe("what may be told of a count so small that people could be recognised"),
    at: iso.nullable().describe("observed"),
    quality: z.enum(QUALITIES).nullable(),
    freshness: z.enum(FRESHNESS),
    evaluatedAt: iso,
    missing: z.array(z.string()).optional().describe("of a computed total: districts that have nothing to add"),
    unit: z.object({ zh: z.string(), en: z.string() }).describe("empty for a bare count"),
    source: z.object(textSchema.shape).nullable(),
  })
  .register(answers, { id: "ReadingNow" });

/** An event with its times as text. */
export const eventNow = cityEvent
  .extend({ at: iso, updated: iso, steps: z.array(eventStep.extend({ at: iso })).optional() })
  .register(answers, { id: "EventNow" });

export const eventsNow = z
  .object({
    topic: z.string(),
    offset,
    events: z.array(eventNow).describe("every open one, and those closed in the last days"),
    counts: z
      .array(
        z.object({
          day: z.string().describe("the date of closing, empty for open ones"),
          district: z.string(),
          kind: z.string(),
          stage: z.string(),
          severity: cityEvent.shape.severity,
          count: z.int(),
        }),
      )
      .describe("of all events, by cell"),
  })
  .register(answers, { id: "EventsNow" });

export const positionsNow = z
  .object({
    topic: z.string(),
    offset,
    positions: z.array(
      z.object({
        id: z.string(),
        lon: z.number(),
        lat: z.number(),
        heading: z.number().describe("degrees clockwise from north"),
        speed: z.number().describe("km/h"),
        at: iso,
      }),
    ),
  })
  .register(answers, { id: "PositionsNow" });

export const snapshotAnswer = z
  .object({
    now: iso,
    epoch: z.number().describe("the gateway's run that numbers the offsets"),
    topics: z.array(z.union([readingNow, eventsNow, positionsNow])).describe("in the order asked"),
  })
  .register(answers, { id: "SnapshotAnswer" });
export type TopicNow = z.infer<typeof snapshotAnswer>["topics"][number];

export const snapshotRoutes = {
  snapshot: route({
    method: "get",
    path: "/api/v1/snapshot",
    rule: { may: "look", of: "asked" },
    tag: "read",
    summary:
      "The last value of topics, with observed time and freshness; for a total that is computed from districts, " +
      "`missing` lists those that have nothing to add. Of a topic of events every open one, those closed in the " +
      "last days, and counts by cell",
    query: z.object({
      topic: z
        .array(z.string(), or("must be topics"))
        .max(LIMITS.snapshotTopics, `at most ${LIMITS.snapshotTopics} at once`)
        .describe("repeatable, each topic once"),
    }),
    answers: { 200: { description: "The topics as they now stand", body: snapshotAnswer } },
    codes: { missing: "missing", many: "too-many" },
    problems: { 400: "", 404: "" },
  }),
};
