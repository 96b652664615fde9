import { z } from "zod";
import { AGGREGATES, FILLS, FORMATS, KNOWLEDGE, LANGUAGES, type Aggregate } from "../history";
import { LIMITS } from "./limits";
import { asOfText, from, knownText, moment, step, to, zone } from "./moments";
import { answers, asOf, iso, known, ms, msOut, oneOf, or, requests } from "./parts";
import { cityEvent, eventCellRow, eventReport, quality } from "./records";
import { route } from "./route";
import { screenMessage, snapshotMessage } from "./socket";

const DAY = 86_400_000;
const AWAY = "The store cannot answer now";
const storeProblems = { 400: "", 404: "", 422: "", 429: "", 503: AWAY } as const;
const cityParam = z.object({ city: z.string() });

const completeUntil = msOut.describe("everything that was acknowledged before it is in the answer, ms");

/** The query of `GET /api/v1/history`. */
const historyQuery = z.object({
  topic: z
    .array(z.string(), or("must be topics"))
    .max(LIMITS.history.topics, `at most ${LIMITS.history.topics} at once`)
    .describe("repeatable"),
  from,
  to,
  step,
  agg: z
    .string()
    .transform((text, context): Aggregate[] => {
      const names = [...new Set(text.split(",").map((name) => name.trim()))];
      const wrong = names.find((name) => !(AGGREGATES as readonly string[]).includes(name));
      if (wrong === undefined) return names as Aggregate[];
      context.addIssue({ code: "custom", message: `"${wrong}" is not one of ${AGGREGATES.join(", ")}`, input: text });
      return z.NEVER;
    })
    .optional()
    .describe(
      `comma-separated, of ${AGGREGATES.join(", ")}; avg when left out, and of readings one by one always last. ` +
        "Readings that are bad are in none of them. increase: what a counter rose by, from the reading before the " +
        "bucket on; after a fall it began anew, and so does a day's counter at midnight; rate: that a second",
    ),
  fill: oneOf(FILLS).default("none").describe("for buckets without a reading; none leaves them out"),
  tz: zone.optional(),
  asOf: asOfText,
  known: knownText,
  format: oneOf(FORMATS).optional().describe("or by Accept"),
  lang: oneOf(LANGUAGES).default("zh").describe("of the words in a file"),
});

const column = z.array(z.number().nullable());
const counts = z.array(z.int());

/** One topic's past: starts of buckets or moments of readings, and a list for each aggregate. */
const historySeries = z
  .object({
    topic: z.string(),
    at: z.array(z.number()).describe("starts of the buckets, ms since 1970"),
    ...(Object.fromEntries(AGGREGATES.map((name) => [name, column.optional()])) as Record<
      Aggregate,
      z.ZodOptional<typeof column>
    >),
    bad: counts
      .optional()
      .describe("readings of each bucket that are bad and in no aggregate; left out where there is none"),
    uncertain: counts.optional().describe("readings of each bucket that are uncertain; left out where there is none"),
    quality: z.array(quality).optional().describe("of readings one by one"),
  })
  .register(answers, { id: "HistorySeries" });

export const historyAnswer = z
  .object({
    from: iso,
    to: iso,
    stepMs: z.int().nullable().describe("null for steps of the calendar"),
    step: z.string(),
    timeZone: z.string(),
    asOf: iso.nullable().describe("the moment whose knowledge it is; null: what is known now"),
    known: iso.nullable().meta({ deprecated: true, description: "the earlier name of `asOf`" }),
    completeUntil: iso.describe("everything that was acknowledged before it is in the answer"),
    provisionalFrom: iso.nullable().describe("the bucket that holds it, and those after it, may still change"),
    series: z.array(historySeries),
  })
  .register(answers, { id: "HistoryAnswer" });
export type HistoryJson = z.infer<typeof historyAnswer>;

const knowledge = oneOf(KNOWLEDGE);
const pastTopics = `must be a list of at most ${LIMITS.pastTopics}`;

const pastRequest = z
  .object({
    topics: z
      .array(
        z.object(
          {
            topic: z.string(or("must be a text")),
            spans: z
              .array(z.number().min(0))
              .max(LIMITS.live.spans, `at most ${LIMITS.live.spans}`)
              .nullish()
              .describe("seconds of past readings, one for each chart; none or 0: the last one only"),
          },
          "must be {topic, spans}",
        ),
        pastTopics,
      )
      .max(LIMITS.pastTopics, pastTopics),
    at: ms,
    knowledge: knowledge
      .nullish()
      .describe(
        "then (so when left out): as it was known at that moment; since: with what was corrected or came late since",
      ),
  })
  .register(requests, { id: "PastRequest" });

/** Body of `POST /api/v1/history/snapshot`. */
export type PastBody = z.input<typeof pastRequest>;

/**
 * `spacing`: median ms between two kept readings of a series just before the moment; null where nothing can be said.
 */
export const pastSnapshot = snapshotMessage
  .extend({
    spacing: z.number().nullable().describe("median ms between two kept readings; null where nothing can be said"),
    completeUntil,
  })
  .register(answers, { id: "PastSnapshot" });

const downsampleRange = `must be ms, at most ${LIMITS.history.downsample}`;
const downsample = z.number(downsampleRange).min(0, downsampleRange).max(LIMITS.history.downsample, downsampleRange);
const changesRequest = z
  .object({
    topics: z.array(z.string(or("must be a text")), pastTopics).max(LIMITS.pastTopics, pastTopics),
    from: ms,
    to: ms.describe("at most a day after `from`"),
    knowledge: knowledge.nullish(),
    downsample: downsample
      .nullish()
      .describe("keep the last of each topic in so many ms; 0, as when left out, keeps all"),
    thin: downsample.nullish().meta({ deprecated: true, description: "the earlier name of `downsample`" }),
  })
  .register(requests, { id: "ChangesRequest" });

/** Body of `POST /api/v1/history/changes`. */
export type ChangesBody = z.input<typeof changesRequest>;

const numbers = z.array(z.number());

/** What changed, in columns, oldest first; see `Changes`. */
export const changes = z
  .object({
    topics: z.array(z.string()),
    readings: z.object({
      topic: numbers.describe("index in `topics`"),
      when: numbers.describe("the moment (ms) at which a wall showed it"),
      at: numbers.describe("observed, ms"),
      value: numbers,
      quality: numbers.optional().describe("0 good, 1 uncertain, 2 bad; left out where all are good"),
    }),
    positions: z.object({
      topic: numbers,
      when: numbers,
      thing: numbers.describe("key in `things`, which holds within the answer"),
      lon: numbers,
      lat: numbers,
      heading: numbers,
      speed: numbers,
    }),
    things: z.record(z.string(), z.tuple([z.string(), z.string()])).describe("id and label of each thing"),
    events: z.array(
      z.object({
        when: msOut,
        event: cityEvent,
        counts: z.array(eventCellRow).describe("cells that changed with it, as they then were"),
      }),
    ),
    cut: z.boolean().describe("there was more than an answer holds: ask for a shorter range"),
    completeUntil,
  })
  .register(answers, { id: "Changes" });

const MOMENTS = "must be a list of moments";
const moments = z
  .array(ms, MOMENTS)
  .min(1, MOMENTS)
  .max(LIMITS.values.values, MOMENTS)
  .describe("ms since 1970; what lies ahead is read as now");
const tolerance = `must be a number of seconds, at most ${LIMITS.history.tolerance}`;
const valuesTopics = `must be a list of 1 to ${LIMITS.values.topics}`;

/** What is asked of one topic: the reading at or before each moment (ms). */
export const valuesItem = z
  .object({
    topic: z.string(or("must be a text")),
    at: moments.optional().describe("moments of its own, instead of the common ones"),
    asOf: asOf.nullish(),
    known: known.nullish(),
  })
  .register(requests, { id: "ValuesItem" });

export const valuesRequest = z
  .object({
    topics: z
      .array(z.union([z.string(), z.preprocess((item) => item ?? {}, valuesItem)], "must be a topic"), valuesTopics)
      .min(1, valuesTopics)
      .max(LIMITS.values.topics, valuesTopics)
      .describe(
        `topics of readings, each with moments of its own or with those of \`at\`; at most ` +
          `${LIMITS.values.values} values and ${LIMITS.values.moments} different moments in all`,
      ),
    tolerance: z
      .number(tolerance)
      .min(0, tolerance)
      .max(LIMITS.history.tolerance, tolerance)
      .optional()
      .describe(
        "s that a reading may lie before the moment; the metric's limit when left out, but 90 at the least, " +
          "since the past may be kept by the minute",
      ),
    at: moments.optional(),
    asOf: asOf.nullish(),
    known: known.nullish(),
    knowledge: knowledge
      .nullish()
      .describe(
        "then: as it was known at each moment asked for; since, so when left out: as it is known now. `asOf` " +
          "goes before it",
      ),
  })
  .register(requests, { id: "ValuesRequest" });

/** Body of `POST /api/v1/history/values`. */
export type ValuesBody = z.input<typeof valuesRequest>;

export const pastValue = z
  .object({ at: msOut.describe("observed, ms since 1970"), value: z.number(), quality })
  .register(answers, { id: "PastValue" });

/** What `POST /api/v1/history/values` answers. */
export type ValuesAnswer = z.infer<typeof valuesAnswer>;

export const valuesAnswer = z
  .object({
    values: z.array(
      z.object({
        topic: z.string(),
        values: z
          .array(pastValue.nullable())
          .describe("in the order of the moments; null where none lies within the tolerance"),
      }),
    ),
    completeUntil,
  })
  .register(answers, { id: "ValuesAnswer" });

const revision = z.object({
  at: msOut.describe("the observed moment, ms"),
  before: z.number(),
  after: z.number(),
  quality: z.tuple([quality, quality]).describe("before and after"),
  shown: msOut.describe("when the earlier version was recorded, ms"),
  corrected: msOut.describe("when the later one was, ms"),
});

/** How well a series kept its promise. */
export const qualityAnswer = z
  .object({
    hours: z
      .array(
        z.object({
          at: msOut.describe("start of the hour as the city's clock shows it, ms"),
          due: z.int().describe("readings that were due in it and are judged already"),
          met: z.int().describe("how many of these came, however late"),
          complete: z.number().describe("met / due, 0 to 1"),
        }),
      )
      .describe("hours in which readings were due, oldest first"),
    since: msOut
      .nullable()
      .describe(
        "the first reading that is kept, ms: nothing is said to be missing before it; null where there is none",
      ),
    lag: z
      .object({ p50: z.number(), p95: z.number() })
      .nullable()
      .describe(
        "ms that the last day's readings took from observation to record, of those that were live when they came",
      ),
    late: z.int().describe("readings of the last day that came after their limit"),
    revisions: z.array(revision).describe("corrections recorded in the range, newest first; the list is bounded"),
    revised: z.object({ values: z.int(), qualities: z.int() }).describe("how many there are in all"),
    qualities: z
      .tuple([z.int(), z.int(), z.int()])
      .describe("moments of the range with a reading, by its present quality: good, uncertain, bad"),
    asked: msOut.describe("when it was asked, ms"),
    completeUntil,
  })
  .register(answers, { id: "QualityAnswer" });

export const extentAnswer = z
  .object({
    from: iso.nullable().describe("since when readings are kept; null where none is"),
    bytes: z.number().optional().describe("of the whole store; left out for who may not look at all of it"),
    engine: z.string(),
  })
  .register(answers, { id: "ExtentAnswer" });

/** What `GET /api/v1/history/extent/{city}` answers. */
export type ExtentAnswer = z.infer<typeof extentAnswer>;

/** Events of a range as they last stood. */
export const pastEvent = z.object({ event: cityEvent, completeUntil }).register(answers, { id: "PastEvent" });

export const pastEvents = z
  .object({
    events: z.array(cityEvent).describe("newest first"),
    total: z.int().describe("how many there are, in the list or beyond it"),
    cut: z.boolean().describe("there were more than an answer holds"),
    completeUntil,
  })
  .register(answers, { id: "PastEvents" });

export const eventReports = z
  .object({
    reports: z.array(eventReport).describe("in the order they came"),
    cut: z.boolean().describe("there were more than an answer holds: the first are told"),
    completeUntil,
  })
  .register(answers, { id: "EventReports" });

/** What `GET /api/v1/history/events/{city}/{id}/reports` answers. */
export type EventReports = z.infer<typeof eventReports>;

/** A layout as layouts were written then. */
const pastScreen = screenMessage
  .extend({ layout: z.looseObject({}).describe("as layouts were written then") })
  .register(answers, { id: "PastScreen" });

export const historyRoutes = {
  history: route({
    method: "get",
    path: "/api/v1/history",
    rule: { may: "look", of: "asked" },
    tag: "past",
    summary: "Past readings, raw or in buckets, as JSON, CSV, Arrow or an Excel workbook",
    query: historyQuery,
    answers: {
      200: {
        description: `At most ${LIMITS.history.points} values`,
        body: historyAnswer,
        files: [
          "text/csv",
          "application/vnd.apache.arrow.file",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ],
      },
    },
    problems: { ...storeProblems, 422: "More values than one answer holds; the detail names a step that would do" },
  }),
  historyExtent: route({
    method: "get",
    path: "/api/v1/history/extent/{city}",
    rule: { may: "look", of: "city" },
    tag: "past",
    summary: "Since when a city's readings are kept, the store's engine and its bytes",
    params: cityParam,
    answers: { 200: { description: "OK", body: extentAnswer } },
    problems: { 404: "", 429: "", 503: AWAY },
  }),
  historyQuality: route({
    method: "get",
    path: "/api/v1/history/quality",
    rule: { may: "look", of: "asked" },
    tag: "past",
    summary:
      "Completeness by the hour (readings due and met), lag, late arrivals, revisions made in the range and " +
      "qualities of a topic",
    query: z.object({
      topic: z.string().default("").describe("a topic of readings"),
      from: moment.prefault("now-7d"),
      to: to.describe(`excluded; at most ${LIMITS.history.qualityRange / DAY} days after \`from\``),
      asOf: asOfText.describe("judged by what was recorded up to this moment"),
      known: knownText,
    }),
    answers: { 200: { description: "OK", body: qualityAnswer } },
    problems: storeProblems,
  }),
  historySnapshot: route({
    method: "post",
    path: "/api/v1/history/snapshot",
    rule: { may: "look", of: "asked" },
    tag: "past",
    summary: "The state of topics at a past moment, as a live subscription would have got it",
    body: pastRequest,
    answers: { 200: { description: "OK", body: pastSnapshot } },
    problems: { ...storeProblems, 413: "" },
  }),
  historyChanges: route({
    method: "post",
    path: "/api/v1/history/changes",
    rule: { may: "look", of: "asked" },
    tag: "past",
    summary: "What changed in (from, to], at most a day, in the order a wall showed it",
    body: changesRequest,
    answers: { 200: { description: "OK", body: changes } },
    problems: { ...storeProblems, 413: "" },
  }),
  historyValues: route({
    method: "post",
    path: "/api/v1/history/values",
    rule: { may: "look", of: "asked" },
    tag: "past",
    summary:
      "The reading of each topic at or before each moment. Exact to the reading; where readings are no longer " +
      "kept, to the last one of the minute or hour",
    body: valuesRequest,
    answers: { 200: { description: "Topics and moments in the order asked", body: valuesAnswer } },
    problems: { ...storeProblems, 413: "", 422: "More values or moments than one answer holds" },
  }),
  historyScreen: route({
    method: "get",
    path: "/api/v1/history/screens/{city}/{screen}",
    rule: { may: "look", of: "asked" },
    tag: "past",
    summary: "The layout a screen had at a moment",
    params: z.object({ city: z.string(), screen: z.string() }),
    query: z.object({ at: from }),
    answers: { 200: { description: "OK", body: pastScreen } },
    problems: storeProblems,
  }),
  historyEvents: route({
    method: "get",
    path: "/api/v1/history/events/{city}",
    rule: { may: "look", of: "asked" },
    tag: "past",
    summary:
      "Events that were opened in a range, each as it last stood, newest first; `total` counts those beyond the " +
      "list as well",
    params: cityParam,
    query: z.object({
      from,
      to,
      district: z.string().default("all").describe("a place's code, or `all`"),
      asOf: asOfText,
      known: knownText,
    }),
    answers: { 200: { description: "OK", body: pastEvents } },
    problems: storeProblems,
  }),
  historyEvent: route({
    method: "get",
    path: "/api/v1/history/events/{city}/{id}",
    rule: { may: "look", of: "asked" },
    tag: "past",
    summary: "One event as it last stood, however long ago it was closed; `at` and `asOf` look at the past",
    params: z.object({ city: z.string(), id: z.string() }),
    query: z.object({
      at: moment.optional().describe("as it stood at this moment, by all that is known"),
      asOf: asOfText,
      known: knownText,
    }),
    answers: { 200: { description: "OK", body: pastEvent } },
    problems: { ...storeProblems, 404: "Nobody knows it, or nobody did at that moment" },
  }),
  historyEventReports: route({
    method: "get",
    path: "/api/v1/history/events/{city}/{id}/reports",
    rule: { may: "note", of: "asked" },
    tag: "past",
    summary: "Who reported what of an event: each version that told something new, with the token that it came by",
    params: z.object({ city: z.string(), id: z.string() }),
    answers: { 200: { description: `At most ${LIMITS.history.reports}`, body: eventReports } },
    problems: { ...storeProblems, 404: "Nobody knows the event" },
  }),
};
