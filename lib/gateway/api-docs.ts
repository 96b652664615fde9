import { PLACE_CODE } from "../contract/topics";
import { VALUE_LIMIT } from "../contract/readings";
import { STEPS_LIMIT } from "../contract/events";
import { AGGREGATES, FILLS } from "../contract/history";
import { POINTS_LIMIT, TOPICS_LIMIT } from "./history-api";
import { VALUES_LIMIT } from "./values-api";
import { BODY_LIMIT } from "./http";
import { REJECTIONS_TOLD } from "./ingest";

const error = {
  description: "Refused as a whole",
  content: {
    "application/json": {
      schema: {
        type: "object",
        properties: {
          error: { type: "object", properties: { code: { type: "string" }, message: { type: "string" } } },
        },
      },
    },
  },
};
const time = {
  type: "string",
  format: "date-time",
  description:
    "RFC 3339 with a zone; at most 60 s ahead of the gateway's clock and 31 days old; with a token made with `--backfill`, readings as old as they are kept (`readings.days` of history.json)",
};
const id = { type: "string", pattern: "^[a-z][a-z0-9-]{0,59}$" };
const district = { type: "string", description: "the place's code, or `all` for the whole city", default: "all" };

const reading = {
  type: "object",
  required: ["city", "metric", "at", "value"],
  properties: {
    city: id,
    district: {
      ...district,
      description: `${district.description}; refused as \`computed\` where the city's figure is computed from its districts`,
    },
    metric: id,
    at: time,
    value: {
      type: "number",
      minimum: -VALUE_LIMIT,
      maximum: VALUE_LIMIT,
      description: "Infinity, NaN and 1e999 are refused as `value`, whichever way the batch is written",
    },
    quality: { enum: ["good", "uncertain", "bad"], default: "good" },
  },
};
const event = {
  type: "object",
  required: ["id", "city", "kind", "title", "severity", "stage", "stages", "at", "source"],
  properties: {
    id: { type: "string" },
    city: id,
    district,
    kind: id,
    title: { type: "string", maxLength: 400 },
    severity: { type: "integer", minimum: 1, maximum: 4, description: "1 minor .. 4 extreme (order of CAP 1.2)" },
    stage: { type: "string" },
    stages: {
      type: "array",
      items: { type: "string" },
      minItems: 2,
      maxItems: 12,
      description: "in order; the last means closed",
    },
    at: time,
    updated: {
      ...time,
      description:
        "when it reached its stage; the latest stands, of one moment what came last. An older version adds its steps and changes nothing else",
    },
    lon: { type: "number" },
    lat: { type: "number" },
    source: { type: "string" },
    unit: { type: "string", maxLength: 80, description: "who has it in hand" },
    steps: {
      type: "array",
      maxItems: STEPS_LIMIT,
      description:
        "the way it has come, each between `at` and `updated`; united with what is known of it. A version that would bring an event beyond this many steps is refused",
      items: {
        type: "object",
        required: ["stage", "at"],
        properties: { stage: { type: "string" }, at: time, unit: { type: "string", maxLength: 80 } },
      },
    },
  },
};
const position = {
  type: "object",
  required: ["city", "layer", "id", "at", "lon", "lat"],
  properties: {
    city: id,
    layer: id,
    id: { type: "string" },
    at: time,
    lon: { type: "number", description: "degrees, WGS-84" },
    lat: { type: "number" },
    heading: { type: "number", description: "degrees clockwise from north" },
    speed: { type: "number", description: "km/h" },
    label: { type: "string", maxLength: 60 },
  },
};
const answer = {
  description: "Each item judged alone: the good ones are kept",
  content: {
    "application/json": {
      schema: {
        type: "object",
        properties: {
          accepted: { type: "integer" },
          duplicates: { type: "integer", description: "accepted ones that were known already and changed nothing" },
          rejectedTotal: { type: "integer" },
          rejected: {
            type: "array",
            maxItems: REJECTIONS_TOLD,
            description: "the first ones; `rejectedTotal` counts all",
            items: {
              type: "object",
              properties: {
                index: { type: "integer" },
                reason: { type: "string" },
                field: { type: "string" },
                detail: { type: "string" },
              },
            },
          },
        },
      },
    },
  },
};

function batch(summary: string, key: string, item: object) {
  return {
    post: {
      summary,
      security: [{ token: [] }],
      requestBody: {
        required: true,
        description: `At most ${BODY_LIMIT} bytes`,
        content: {
          "application/json": {
            schema: { type: "object", required: [key], properties: { [key]: { type: "array", items: item } } },
          },
          "application/x-ndjson": { schema: item },
        },
      },
      responses: {
        200: answer,
        400: error,
        401: error,
        403: { description: "Every item is outside the token's scope" },
        413: error,
        429: { ...error, headers: { "Retry-After": { schema: { type: "integer" } } } },
        503: {
          ...error,
          description: "Nothing more can be kept at present: send all of it again after Retry-After",
          headers: { "Retry-After": { schema: { type: "integer" } } },
        },
      },
    },
  };
}

function get(summary: string, parameters: object[] = []) {
  return { get: { summary, parameters, responses: { 200: { description: "OK" }, 404: error } } };
}

const cityParameter = { name: "city", in: "path", required: true, schema: id };

function query(name: string, description: string, required = false, schema: object = { type: "string" }) {
  return { name, in: "query", description, required, schema };
}

const ms = { type: "integer", description: "ms since 1970" };
const knowledge = {
  enum: ["then", "since"],
  default: "then",
  description: "as it was known at that moment, or with what was corrected or came late since",
};
const moments = { type: "array", items: ms, description: "ms since 1970; what lies ahead is read as now" };
const knownAt = { ...ms, description: "as it was known at this moment; now" };
const valuesTopic = {
  type: "object",
  required: ["topic"],
  properties: { topic: { type: "string" }, at: moments, known: knownAt },
};
const valuesBody = {
  topics: {
    type: "array",
    maxItems: VALUES_LIMIT.topics,
    items: { oneOf: [{ type: "string" }, valuesTopic] },
    description:
      "topics of readings, each with moments of its own or with those of `at`; at most " +
      `${VALUES_LIMIT.values} values and ${VALUES_LIMIT.moments} different moments in all`,
  },
  at: moments,
  known: knownAt,
  knowledge: {
    enum: ["then", "since"],
    default: "since",
    description: "then: as it was known at each moment asked for; `known` goes before it",
  },
  tolerance: {
    type: "number",
    description:
      "s that a reading may lie before the moment; the metric's limit, but 90 at the least, since the past may be kept by the minute",
  },
};
const valuesWords =
  "The reading of each topic at or before each moment: values[i].values[k] is {at, value, quality}, or null where none lies " +
  "within the tolerance. Exact to the reading; where readings are no longer kept, to the last one of the minute or hour";
const historyParameters = [
  query("topic", `repeatable, at most ${TOPICS_LIMIT}`, true),
  query("from", "RFC 3339 with a zone, or now-6h (s, m, h, d)", true),
  query("to", "the same; excluded", false, { type: "string", default: "now" }),
  query(
    "step",
    "raw, seconds, or 5m, 1h, 1d: divides a day or is whole days; or week (from Monday), month, quarter, year (1w, 1mo, 1q, 1y). Buckets are in line with the clocks of `tz`, through their changes, and whole, so the range is widened to them",
    false,
    { type: "string", default: "raw" },
  ),
  query(
    "agg",
    `comma-separated, of ${AGGREGATES.join(", ")}. Readings that are bad are in none of them. increase: what a counter rose by, from the reading before the bucket on; after a fall it began anew, and so does a day's counter at midnight; rate: that a second`,
    false,
    { type: "string", default: "avg (last for raw)" },
  ),
  query("fill", "for buckets without a reading; none leaves them out", false, { enum: FILLS, default: "none" }),
  query("tz", "IANA zone that days begin in; the city's"),
  query("known", "as it was known at this moment; now"),
  query("format", "or by Accept", false, { enum: ["json", "csv", "arrow", "xlsx"] }),
  query("lang", "of the words in a workbook", false, { enum: ["zh", "en"], default: "zh" }),
];
const counts = { type: "array", items: { type: "integer" } };
const historySeries = {
  type: "object",
  properties: {
    topic: { type: "string" },
    at: counts,
    bad: {
      ...counts,
      description: "readings of each bucket that are bad and in no aggregate; left out where there is none",
    },
    uncertain: { ...counts, description: "readings of each bucket that are uncertain; left out where there is none" },
    quality: { type: "array", items: { enum: ["good", "uncertain", "bad"] }, description: "of readings one by one" },
  },
  additionalProperties: { type: "array", items: { type: ["number", "null"] } },
};
const historyAnswer = {
  description: `At most ${POINTS_LIMIT} values. \`at\`: starts of the buckets, ms since 1970; one list for each aggregate`,
  content: {
    "application/json": {
      schema: {
        type: "object",
        properties: {
          from: { type: "string" },
          to: { type: "string" },
          stepMs: { type: ["integer", "null"], description: "null for steps of the calendar" },
          step: { type: "string" },
          timeZone: { type: "string" },
          known: { type: ["string", "null"] },
          completeUntil: {
            type: "string",
            format: "date-time",
            description: "everything that was acknowledged before it is in the answer",
          },
          provisionalFrom: {
            type: ["string", "null"],
            format: "date-time",
            description: "the bucket that holds it, and those after it, may still change",
          },
          series: { type: "array", items: historySeries },
        },
      },
    },
    "text/csv": {},
    "application/vnd.apache.arrow.file": {},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {},
  },
};

function post(summary: string, properties: object) {
  return {
    post: {
      summary,
      requestBody: { required: true, content: { "application/json": { schema: { type: "object", properties } } } },
      responses: { 200: { description: "OK" }, 400: error, 404: error, 503: error },
    },
  };
}

/** `/api/openapi.json` */
export const openapi = {
  openapi: "3.1.0",
  info: {
    title: "Citywall",
    version: "1.0.0",
    description: "Readings, events and positions in; snapshots out. Errors are `{error: {code, message}}`.",
  },
  components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  paths: {
    "/api/v1/readings": batch("Publish readings", "readings", reading),
    "/api/v1/events": batch("Publish events, new or changed", "events", event),
    "/api/v1/events/{id}/transitions": {
      post: {
        summary: "Move an event to another stage",
        security: [{ token: [] }],
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                required: ["city", "stage", "at"],
                properties: {
                  city: id,
                  stage: { type: "string" },
                  at: {
                    ...time,
                    description:
                      "not before the event was opened; before its last step it is kept as a step of the way",
                  },
                  unit: { type: "string", maxLength: 80, description: "who has it in hand" },
                },
              },
            },
          },
        },
        responses: {
          200: { description: "The event as it now stands" },
          401: error,
          403: error,
          404: error,
          409: { ...error, description: "It was closed days ago: send the whole event to open it again" },
          422: { ...error, description: "The message names the field" },
          503: { ...error, description: "Nothing more can be kept at present: send it again after Retry-After" },
        },
      },
    },
    "/api/v1/positions": batch("Publish positions", "positions", position),
    "/api/v1/snapshot": get(
      "The last value of topics, with observed time and freshness; for a total that is computed from districts, `missing` lists those that have nothing to add. Of a topic of events every open one, those closed in the last days, and counts by cell (`day`: the date of closing, empty for open ones)",
      [{ name: "topic", in: "query", required: true, description: "repeatable", schema: { type: "string" } }],
    ),
    "/api/v1/history": {
      get: {
        summary: "Past readings, raw or in buckets, as JSON, CSV, Arrow or an Excel workbook",
        parameters: historyParameters,
        responses: {
          200: historyAnswer,
          400: error,
          404: error,
          422: { ...error, description: "More values than one answer holds; the message names a step that would do" },
          503: { ...error, description: "The store cannot answer now" },
        },
      },
    },
    "/api/v1/history/extent/{city}": get("Since when a city's readings are kept, the store's engine and its bytes", [
      cityParameter,
    ]),
    "/api/v1/history/quality": get(
      "Completeness by the hour (readings due and met), lag, late arrivals, revisions made in the range and qualities of a topic",
      [
        query("topic", "a topic of readings", true),
        query("from", "see /api/v1/history; now-7d"),
        query("to", "now"),
        query("known", "judged by what was recorded up to this moment"),
      ],
    ),
    "/api/v1/history/snapshot": post("The state of topics at a past moment, as a live subscription would have got it", {
      at: ms,
      knowledge,
      topics: {
        type: "array",
        items: {
          type: "object",
          properties: {
            topic: { type: "string" },
            spans: {
              type: "array",
              items: { type: "number" },
              description: "seconds of past readings, one for each chart",
            },
          },
        },
      },
    }),
    "/api/v1/history/changes": post("What changed in (from, to], at most a day, in the order a wall showed it", {
      from: ms,
      to: ms,
      knowledge,
      downsample: { type: "integer", description: "keep the last of each topic in so many ms; 0 keeps all" },
      topics: { type: "array", items: { type: "string" } },
    }),
    "/api/v1/history/values": post(valuesWords, valuesBody),
    "/api/v1/history/screens/{city}/{screen}": get("The layout a screen had at a moment", [
      cityParameter,
      { name: "screen", in: "path", required: true, schema: id },
      query("at", "RFC 3339", true),
    ]),
    "/api/v1/history/events/{city}": get(
      "Events that were opened in a range, each as it last stood, newest first; `total` counts those beyond the list as well",
      [
        cityParameter,
        query("from", "RFC 3339 or now-7d", true),
        query("to", "now"),
        query("district", "an adcode; all"),
        query("known", "as it was known at this moment"),
      ],
    ),
    "/api/v1/history/events/{city}/{id}": get(
      "One event as it last stood, however long ago it was closed; 404 where nobody knows it. `at` and `known` look at the past",
      [
        cityParameter,
        { name: "id", in: "path", required: true, schema: { type: "string" } },
        query("at", "as it stood at this moment, by all that is known"),
        query("known", "as it was known at this moment"),
      ],
    ),
    "/api/v1/annotations/{city}": {
      ...get("Notes that touch a range, oldest first", [
        cityParameter,
        query("from", "RFC 3339 or now-7d", true),
        query("to", "now"),
      ]),
      ...post("Write a note to a stretch of time", {
        from: ms,
        to: ms,
        text: { type: "string", maxLength: 500 },
        district: { type: "string", description: "an adcode; all" },
        metric: { type: ["string", "null"], description: "null: whatever is looked at" },
      }),
    },
    "/api/v1/annotations/{city}/{id}": {
      delete: {
        summary: "Take a note away",
        parameters: [cityParameter, { name: "id", in: "path", required: true, schema: { type: "string" } }],
        responses: { 200: { description: "OK" }, 403: error, 404: error, 503: error },
      },
    },
    "/api/v1/cities": get("Cities and their screens"),
    "/api/v1/cities/{city}": get("A city's districts, systems and metrics", [cityParameter]),
    "/api/v1/cities/{city}/screens/{screen}": get("A screen's last good layout, and why a newer file was refused", [
      cityParameter,
      { name: "screen", in: "path", required: true, schema: id },
    ]),
    "/api/v1/cities/{city}/districts.geojson": get("District outlines, WGS-84", [cityParameter]),
    "/api/v1/cities/{city}/subdivisions/{adcode}.geojson": get("Outlines of the subdivisions of a district, WGS-84", [
      cityParameter,
      { name: "adcode", in: "path", required: true, schema: { type: "string", pattern: PLACE_CODE.source } },
    ]),
    "/api/v1/indicators": get(
      "What places can be compared by: the common definition of each figure; a metric names its indicator in a city's metrics",
    ),
    "/api/v1/cities/{city}/roads.geojson": get("Schematic roads, WGS-84", [cityParameter]),
    "/healthz": get("The process is alive"),
    "/readyz": get("The gateway can serve"),
    "/metrics": get("OpenMetrics"),
  },
};

/** `/api/asyncapi.json` */
export const asyncapi = {
  asyncapi: "3.0.0",
  info: {
    title: "Citywall live socket",
    version: "1.0.0",
    description:
      "socket.io at path /live, WebSocket transport only. Frames are bytes; docs/life-of-a-reading.md has their layout.",
  },
  channels: {
    reading: {
      address: "reading/{city}/{district}/{metric}",
      messages: { frame: { payload: { type: "string", format: "binary" } } },
    },
    events: {
      address: "events/{city}",
      description:
        "A snapshot holds the newest 2,000 open and 300 closed events and `counts` of all: [date of closing or empty, district, kind, stage, severity, count]. A frame holds events that changed and cells with their new counts; 0 takes a cell away",
      messages: { frame: { payload: { type: "string", format: "binary" } } },
    },
    positions: {
      address: "positions/{city}/{layer}",
      messages: { frame: { payload: { type: "string", format: "binary" } } },
    },
  },
  operations: {
    subscribe: {
      action: "receive",
      channel: { $ref: "#/channels/reading" },
      summary:
        "emit `subscribe` {topics: [{topic, span, have?}]}: the acknowledgement is a snapshot with {epoch, set, seq, order}; frames `f` of that set follow, each with seq one higher",
    },
    screen: {
      action: "send",
      channel: { $ref: "#/channels/reading" },
      summary:
        "emit `watch-screen` (city, screen): the acknowledgement and every later `screen` event carry the layout and why a newer file was refused",
    },
  },
};
