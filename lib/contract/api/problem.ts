import { z } from "zod";
import { answers } from "./parts";

/** What each code of a refusal means, in a few words: the `title` of its problem details. */
export const PROBLEMS = {
  "bad-parameter": "A parameter is wrong",
  unreadable: "The request cannot be read",
  "no-token": "A token is needed",
  "sign-in": "Sign in first",
  "no-right": "There is no right to this",
  "sign-in-refused": "Name or password is wrong",
  "second-factor": "A second factor is needed",
  "second-factor-needed": "Set up a second factor first",
  "not-there": "There is no such thing",
  taken: "Somebody else has it",
  refused: "It cannot be done as things stand",
  "control-away": "Accounts cannot be looked at now",
  "other-origin": "Pages of other sites may not do this",
  "unknown-path": "No such path",
  "wrong-method": "The path does not take this method",
  "unknown-topic": "No such topic",
  "unknown-event": "No such event",
  "unknown-screen": "No such screen",
  "unknown-map": "No such map or outlines",
  "unknown-annotation": "No such note",
  "no-display": "This is no display that is known here",
  "closed-long-ago": "The event was closed long ago",
  "too-large": "More than one request or answer holds",
  "too-many": "More than may be named at once",
  "too-many-requests": "Too many requests",
  "not-kept": "Nothing more can be kept at present",
  "no-history": "This gateway keeps no history",
  "store-away": "The store cannot answer now",
  "unknown-host": "The server has no such name",
  "needs-tls": "Only https is spoken here",
  "no-upgrade": "No other protocol is spoken here",
  busy: "Too much is asked at once",
  "too-slow": "The request took too long",
  starting: "The gateway is starting",
  ending: "The gateway is ending",
  internal: "The gateway failed at this request",
  "not-an-object": "An item is not an object",
  missing: "Something is missing",
  "wrong-type": "A value has the wrong type",
  "bad-time": "A time cannot be read",
  "in-the-future": "A time lies ahead",
  "too-old": "A time is too long ago",
  "unknown-city": "No such city",
  "unknown-district": "No such district",
  "unknown-metric": "No such metric",
  "unknown-layer": "No such layer",
  "out-of-scope": "The token is for something else",
  "out-of-range": "A value is out of range",
  computed: "The figure is computed",
} as const satisfies Record<string, string>;
export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_TYPE = "application/problem+json";

/** RFC 9457. */
export const problem = z
  .object({
    type: z.string().describe("`urn:citywall:problem:` and the code"),
    title: z.string().describe("what the code means"),
    status: z.int(),
    detail: z.string().describe("what is wrong in this request; begins with the field where there is one"),
    instance: z.string().optional().describe("of a failure of the gateway: the name under which it is in its log"),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    field: z.string().optional().describe("the parameter or member that is wrong, such as `topics[3].at[0]`"),
    errors: z
      .array(z.object({ field: z.string(), detail: z.string() }))
      .optional()
      .describe("all that is wrong with the parameters; `field` and `detail` above are the first of it"),
    error: z
      .object({ code: z.string(), message: z.string() })
      .describe("code and detail as every refusal had them before problem details; kept for programs that read them"),
  })
  .register(answers, { id: "Problem" });
export type Problem = z.infer<typeof problem>;
