import { z } from "zod";
import { LIMITS } from "./limits";
import { answers, id, msOut, or, requests } from "./parts";
import { route } from "./route";

/** Displays are devices: each shows a code, is named by somebody who may, and carries an identity of its own from then on. */

const { display: MOST } = LIMITS.text;
const TITLE = `must be a text of 1 to ${MOST} characters in one line`;
/** Stands in the audit log, in lists and in notices: a line each. */
const title = z
  .string(or(TITLE))
  .max(MOST, TITLE)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, TITLE)
  .transform((text) => text.trim())
  .refine((text) => text !== "", TITLE);
const city = id.describe("the city whose screen it shows");
const screen = id.describe("the screen that it shows, and all that it may look at");

const paired = z.object({
  state: z.literal("paired"),
  id: z.string(),
  title: z.string(),
  city: z.string(),
  screen: z.string(),
});

/** What a display is told of itself. */
export const displayStanding = z
  .discriminatedUnion("state", [
    paired,
    z.object({ state: z.literal("withdrawn"), title: z.string() }),
    z.object({ state: z.literal("none") }).describe("its secret is none that holds: it has to be paired"),
  ])
  .register(answers, { id: "DisplayStanding" });
export type DisplayStanding = z.infer<typeof displayStanding>;

export const pairingAnswer = z
  .object({
    code: z.string().describe("to be shown: eight letters, a dash in the middle (RFC 8628, 6.1)"),
    secret: z.string().describe("to be kept: who has it is given the identity"),
    expires: msOut.describe("when the code ends, ms since 1970"),
    now: msOut,
    every: z.int().describe("ms between two questions whether somebody has named it"),
  })
  .register(answers, { id: "Pairing" });
export type PairingAnswer = z.infer<typeof pairingAnswer>;

const claimRequest = z
  .object({
    code: z
      .string(or("must be a text"))
      .max(40)
      .describe("as the display shows it; case, spaces and dashes do not count"),
    title,
    city,
    screen,
  })
  .register(requests, { id: "DisplayClaim" });

const changeRequest = z
  .object({
    title: title.optional(),
    city: city.optional(),
    screen: screen.optional(),
  })
  .refine((asked) => (asked.city === undefined) === (asked.screen === undefined), {
    path: ["screen"],
    error: "a screen is given with its city, and a city with a screen",
  })
  .register(requests, { id: "DisplayChange" });

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const pixels = z.number().min(0).max(100_000);

/** How a display's page does, as it says itself. */
export const displayHealth = z.object({
  connected: z.boolean().describe("whether live readings come to it"),
  faults: count.describe("parts that could not be drawn since the page began"),
  skipped: count.describe("frames that were left out because it was too slow"),
  up: z.number().min(0).describe("seconds since the page began"),
  width: pixels.describe("CSS pixels"),
  height: pixels,
});
export type DisplayHealth = z.infer<typeof displayHealth>;

const reportRequest = z
  .object({
    version: z.string().max(100).describe("build of the pages that it runs"),
    painted: z.number().min(0).nullable().describe("ms since it last painted anything; null: it has not yet"),
    health: displayHealth,
  })
  .register(requests, { id: "DisplayReport" });
export type ReportRequest = z.input<typeof reportRequest>;

export const displayItem = z
  .object({
    id: z.string(),
    title: z.string(),
    city: z.string(),
    screen: z.string(),
    made: msOut.describe("when it was named"),
    madeBy: z.string(),
    seen: msOut.nullable().describe("when it last told of itself; null: it has not come yet"),
    address: z.string().describe("where that came from"),
    version: z.string().describe("build of the pages that it ran then"),
    painted: msOut.nullable().describe("when it last painted anything"),
    health: displayHealth.nullable(),
    withdrawn: msOut.nullable(),
  })
  .register(answers, { id: "Display" });
export type DisplayItem = z.infer<typeof displayItem>;

export const displayList = z
  .object({
    now: msOut,
    build: z.string().describe("of the pages that are served now"),
    silent: z.int().describe("ms after which a display that was not heard of is to be told as silent"),
    displays: z.array(displayItem).describe("by title; those that were withdrawn last, for a month"),
  })
  .register(answers, { id: "DisplayList" });
export type DisplayList = z.infer<typeof displayList>;

const AWAY = "Displays cannot be looked up now";
const rule = { may: "displays", of: "asked" } as const;
const params = z.object({ id: z.string() });

export const displayRoutes = {
  pairBegin: route({
    method: "post",
    path: "/api/v1/pairings",
    rule: "anyone",
    tag: "displays",
    summary: "A display asks for a code to show",
    limit: LIMITS.displays.pairings,
    body: z.object({}).register(requests, { id: "PairingRequest" }),
    answers: { 201: { description: "The code, which holds for ten minutes", body: pairingAnswer } },
    problems: { 400: "", 413: "", 429: "Too many codes are shown in its network", 503: AWAY },
  }),
  pairFinish: route({
    method: "post",
    path: "/api/v1/pairings/finish",
    rule: "anyone",
    tag: "displays",
    summary:
      "A display asks whether somebody named it; where so, the answer's cookie is its identity, which is given once",
    limit: LIMITS.displays.polls,
    body: z.object({ secret: z.string().max(100) }).register(requests, { id: "PairingFinish" }),
    answers: {
      200: { description: "It is named", body: paired },
      202: { description: "Nobody has named it yet", body: z.object({ state: z.literal("waiting") }) },
    },
    problems: { 400: "", 404: "Its code has ended, or the identity was given already", 413: "", 429: "", 503: AWAY },
  }),
  display: route({
    method: "get",
    path: "/api/v1/display",
    rule: "anyone",
    tag: "displays",
    summary: "What a display is told of itself, by its cookie",
    limit: LIMITS.displays.polls,
    answers: { 200: { description: "OK", body: displayStanding } },
    problems: { 429: "", 503: AWAY },
  }),
  displayReport: route({
    method: "post",
    path: "/api/v1/display/report",
    rule: "anyone",
    tag: "displays",
    summary: "A display tells how it does, every 30 s; once a day the answer's cookie is its next secret",
    limit: LIMITS.displays.polls,
    body: reportRequest,
    answers: { 200: { description: "What it is told of itself", body: displayStanding } },
    problems: { 400: "", 401: "Its cookie is no secret that holds", 413: "", 429: "", 503: AWAY },
  }),
  displays: route({
    method: "get",
    path: "/api/v1/displays",
    rule,
    tag: "displays",
    summary: "The displays of the cities that one looks after",
    answers: { 200: { description: "OK", body: displayList } },
    problems: { 401: "", 403: "", 503: AWAY },
  }),
  claimDisplay: route({
    method: "post",
    path: "/api/v1/displays",
    rule,
    tag: "displays",
    summary: "Name the display that shows a code, and give it a screen",
    limit: LIMITS.displays.claims,
    body: claimRequest,
    answers: { 201: { description: "The display", body: displayItem } },
    problems: {
      400: "",
      401: "",
      403: "",
      404: "No display shows the code, or there is no such screen",
      409: "",
      413: "",
      429: "Too many codes were wrong",
      503: AWAY,
    },
  }),
  changeDisplay: route({
    method: "post",
    path: "/api/v1/displays/{id}",
    rule,
    tag: "displays",
    summary: "Give a display another name or another screen, to which it turns at once",
    params,
    body: changeRequest,
    answers: { 200: { description: "The display", body: displayItem } },
    problems: { 400: "", 401: "", 403: "", 404: "", 409: "", 413: "", 503: AWAY },
  }),
  withdrawDisplay: route({
    method: "delete",
    path: "/api/v1/displays/{id}",
    rule,
    tag: "displays",
    summary: "Withdraw a display, which goes black at once and has to be paired anew",
    params,
    answers: { 200: { description: "It is withdrawn", body: displayItem } },
    problems: { 401: "", 403: "", 404: "", 503: AWAY },
  }),
};
