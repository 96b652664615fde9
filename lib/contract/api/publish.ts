import { z } from "zod";
import { EVENT_ID } from "../events";
import { NOT_PLAIN, PLAIN_TEXT } from "../plain-text";
import { THING_ID } from "../positions";
import { parseRfc3339, QUALITIES, VALIDATION_REASONS } from "../readings";
import { LIMITS } from "./limits";
import { answers, district, id, requests, time } from "./parts";
import { cityEvent } from "./records";
import { route } from "./route";

const { text, value, smallest, longitude, latitude, heading, speed, severity, stages } = LIMITS;
const words = (longest: number) => z.string().min(1).max(longest).regex(PLAIN_TEXT, NOT_PLAIN);
const unit = words(text.unit).describe("who has it in hand");
const at = (when: string | undefined): number => (when === undefined ? NaN : parseRfc3339(when));

/** One item of `POST /api/v1/readings`. `parseReading` judges it on the live path; a test holds both to the same. */
export const readingRequest = z
  .object({
    city: id,
    district: district
      .optional()
      .describe(
        "the place's code, or `all`; refused as `computed` where the city's figure is computed from its districts",
      ),
    metric: id,
    at: time,
    value: z
      .number()
      .min(-value)
      .max(value)
      .refine((size) => size === 0 || Math.abs(size) >= smallest, `must be 0 or at least ${smallest} in size`)
      .meta({
        anyOf: [{ const: 0 }, { minimum: smallest }, { maximum: -smallest }],
        description:
          "Infinity, NaN and 1e999 are refused as `value`, whichever way the batch is written; so is what is beyond " +
          "the bounds or next to nothing, of which one of the engines could make no sum or mean",
      }),
    quality: z.enum(QUALITIES).nullish().describe("how far the source trusts it; good when left out"),
  })
  .register(requests, { id: "ReadingRequest" });

const step = z.object({ stage: words(text.stage), at: time, unit: unit.optional() });

function eventIssues(event: {
  stage: string;
  stages: string[];
  at: string;
  updated?: string;
  steps?: z.output<typeof step>[];
}) {
  const [opened, updated] = [at(event.at), at(event.updated ?? event.at)];
  const strange = (event.steps ?? []).some(
    (one) => !event.stages.includes(one.stage) || at(one.at) < opened || at(one.at) > updated,
  );
  return event.stages.includes(event.stage) && updated >= opened && !strange;
}

/** One item of `POST /api/v1/events`. */
export const eventRequest = z
  .object({
    id: z.string().regex(EVENT_ID),
    city: id,
    district: district.optional(),
    kind: id,
    title: words(text.title),
    titles: z
      .object({ zh: words(text.title).optional(), en: words(text.title).optional() })
      .optional()
      .describe(
        "the title in the languages of the walls; in one that is left out `title` is shown, or the kind's name",
      ),
    severity: z
      .number()
      .min(severity.least)
      .max(severity.most)
      .describe("1 minor .. 4 extreme (order of CAP 1.2), rounded to one of them"),
    stage: words(text.stage).describe("one of `stages`"),
    stages: z.array(words(text.stage)).min(stages.least).max(stages.most).describe("in order; the last means closed"),
    at: time,
    updated: time
      .optional()
      .describe(
        "when it reached its stage, not before `at`; the latest stands, of one moment what came last. An older " +
          "version adds its steps and changes nothing else",
      ),
    lon: z.number().min(-longitude).max(longitude).optional().describe("degrees, WGS-84; with `lat` or not at all"),
    lat: z.number().min(-latitude).max(latitude).optional(),
    source: words(text.source),
    unit: unit.optional(),
    steps: z
      .array(step)
      .max(LIMITS.steps)
      .optional()
      .describe(
        "the way it has come, each between `at` and `updated`; united with what is known of it. A version that " +
          "would bring an event beyond this many steps is refused",
      ),
  })
  .refine((event) => (event.lon === undefined) === (event.lat === undefined), "lon and lat come together")
  .refine(eventIssues, "stages and times must agree")
  .meta({ dependentRequired: { lon: ["lat"], lat: ["lon"] } })
  .register(requests, { id: "EventRequest" });

/** Body of `POST /api/v1/events/{id}/transitions`. */
export const transitionRequest = z
  .object({
    city: id,
    stage: words(text.stage),
    at: time.describe("not before the event was opened; before its last step it is kept as a step of the way"),
    unit: unit.optional(),
  })
  .register(requests, { id: "TransitionRequest" });

/** One item of `POST /api/v1/positions`. */
export const positionRequest = z
  .object({
    city: id,
    layer: id,
    id: z.string().regex(THING_ID),
    at: time,
    lon: z.number().min(-longitude).max(longitude).describe("degrees, WGS-84"),
    lat: z.number().min(-latitude).max(latitude),
    heading: z.number().min(0).max(heading).optional().describe("degrees clockwise from north"),
    speed: z.number().min(0).max(speed).optional().describe("km/h"),
    label: z.string().max(text.label).regex(PLAIN_TEXT, NOT_PLAIN).nullish(),
  })
  .register(requests, { id: "PositionRequest" });

/** What came of a batch: each item judged alone. */
export const batchAnswer = z
  .object({
    accepted: z.int(),
    duplicates: z.int().describe("accepted ones that were known already and changed nothing"),
    rejectedTotal: z.int(),
    rejected: z
      .array(z.object({ index: z.int(), reason: z.enum(VALIDATION_REASONS), field: z.string(), detail: z.string() }))
      .max(LIMITS.rejections)
      .describe("the first ones; `rejectedTotal` counts all"),
  })
  .register(answers, { id: "BatchAnswer" });
export type BatchAnswer = z.infer<typeof batchAnswer>;

const batchAnswers = {
  200: { description: "Each item judged alone: the good ones are kept", body: batchAnswer },
  403: { description: "Every item is outside the token's scope", body: batchAnswer },
} as const;
const AGAIN = "Nothing more can be kept at present: send all of it again after Retry-After";
const TOO_MUCH = `More than ${LIMITS.body} bytes or ${LIMITS.batch.items} items: nothing of it is kept`;
const batchProblems = { 400: "", 401: "", 403: "", 413: TOO_MUCH, 429: "", 503: AGAIN } as const;

export const publishRoutes = {
  publishReadings: route({
    method: "post",
    path: "/api/v1/readings",
    tag: "publish",
    summary: "Publish readings",
    rule: "token",
    batch: {
      key: "readings",
      body: z.object({ readings: z.array(readingRequest) }).register(requests, { id: "ReadingBatch" }),
      item: readingRequest,
    },
    answers: batchAnswers,
    problems: batchProblems,
  }),
  publishEvents: route({
    method: "post",
    path: "/api/v1/events",
    tag: "publish",
    summary: "Publish events, new or changed",
    rule: "token",
    batch: {
      key: "events",
      body: z.object({ events: z.array(eventRequest) }).register(requests, { id: "EventBatch" }),
      item: eventRequest,
    },
    answers: batchAnswers,
    problems: batchProblems,
  }),
  moveEvent: route({
    method: "post",
    path: "/api/v1/events/{id}/transitions",
    tag: "publish",
    summary: "Move an event to another stage",
    rule: "token",
    params: z.object({ id: z.string() }),
    item: transitionRequest,
    answers: { 200: { description: "The event as it now stands", body: cityEvent } },
    problems: {
      400: "",
      401: "",
      403: "",
      404: "",
      409: "It was closed days ago: send the whole event to open it again",
      413: "",
      422: "`field` names what is wrong",
      429: "",
      503: AGAIN,
    },
  }),
  publishPositions: route({
    method: "post",
    path: "/api/v1/positions",
    tag: "publish",
    summary: "Publish positions",
    rule: "token",
    batch: {
      key: "positions",
      body: z.object({ positions: z.array(positionRequest) }).register(requests, { id: "PositionBatch" }),
      item: positionRequest,
    },
    answers: batchAnswers,
    problems: batchProblems,
  }),
};
