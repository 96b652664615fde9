import { z } from "zod";
import { NOT_PLAIN, PLAIN_TEXT } from "../plain-text";
import { LIMITS } from "./limits";
import { answers, id, ms, msOut, oneOf, requests } from "./parts";
import { route } from "./route";

const AWAY = "The control data cannot be asked now";
const TAG = "tokens";
const RULE = { may: "tokens", of: "installation" } as const;
const { addresses: MOST, note: LONGEST, grace: GRACE } = LIMITS.tokens;

/** What tokens are for. */
export const TOKEN_KINDS = ["publish", "monitor"] as const;
const KIND = "publish: brings readings, events and positions of a feed; monitor: reads `/metrics`, and nothing else";

/** A token as it is listed. */
export const tokenOut = z
  .object({
    id: z.string().describe("how it is told of; nothing that proves anything"),
    kind: z.enum(TOKEN_KINDS).describe(KIND),
    city: z.string().nullable().describe("null: it is not of a city"),
    feed: z.string().nullable().describe("one of the city's systems; `*`: all; null: it is not of a feed"),
    backfill: z.boolean().describe("may bring readings older than 31 days"),
    addresses: z.array(z.string()).nullable().describe("addresses and networks that it may come from; null: any"),
    note: z.string(),
    created: msOut,
    madeBy: z.string(),
    expires: msOut.nullable().describe("when it ends, ms since 1970; null: never"),
    used: msOut.nullable().describe("when it was last used, to the minute; null: never"),
    replacedBy: z.string().nullable().describe("the token that takes its place, since it was rotated"),
  })
  .register(answers, { id: "Token" });
export type TokenOut = z.infer<typeof tokenOut>;

export const tokensAnswer = z
  .object({ tokens: z.array(tokenOut), now: msOut.describe("the gateway's clock") })
  .register(answers, { id: "TokensAnswer" });
export type TokensAnswer = z.infer<typeof tokensAnswer>;

const NETWORKS = `must be a list of at most ${MOST} addresses and networks`;

export const tokenRequest = z
  .object({
    kind: oneOf(TOKEN_KINDS).default("publish").describe(KIND),
    city: id.optional().describe("of a publisher's"),
    feed: z
      .string("must be a text")
      .max(100, "is too long")
      .optional()
      .describe("of a publisher's: one of the city's systems; `*`: all"),
    backfill: z
      .boolean("must be true or false")
      .optional()
      .describe("a publisher's: may bring readings older than 31 days"),
    expires: ms.nullish().describe("when it ends, ms since 1970; never when left out"),
    addresses: z
      .array(z.string("must be a text").max(60, "is too long"), NETWORKS)
      .min(1, "must name one, or be left out")
      .max(MOST, NETWORKS)
      .nullish()
      .describe("addresses and networks such as 10.0.0.0/8 that it may come from; any when left out"),
    note: z
      .string("must be a text")
      .max(LONGEST, `must have at most ${LONGEST} characters`)
      .regex(PLAIN_TEXT, NOT_PLAIN)
      .optional(),
  })
  .register(requests, { id: "TokenRequest" });
export type TokenRequest = z.input<typeof tokenRequest>;

export const rotationRequest = z
  .object({
    grace: z
      .number("must be a number of seconds")
      .min(0, "must not be negative")
      .max(GRACE.most, `must be at most ${GRACE.most} seconds`)
      .default(GRACE.usual)
      .describe("seconds for which the older one goes on being valid"),
  })
  .register(requests, { id: "RotationRequest" });

const secret = z.string().describe("told this once, and kept nowhere");
export const madeToken = z.object({ token: tokenOut, secret }).register(answers, { id: "MadeToken" });
export type MadeToken = z.infer<typeof madeToken>;
export const rotatedToken = z
  .object({ token: tokenOut, secret, until: msOut.describe("when the older one ends") })
  .register(answers, { id: "RotatedToken" });
export type RotatedToken = z.infer<typeof rotatedToken>;

const named = z.object({ id: z.string() });

/** Tokens of programs: publishers, and those that look after the gateway. */
export const tokenRoutes = {
  tokens: route({
    method: "get",
    path: "/api/v1/tokens",
    rule: RULE,
    tag: TAG,
    summary: "Tokens by what they are for, by city and feed; those that have ended as well",
    answers: { 200: { description: "OK", body: tokensAnswer } },
    problems: { 401: "", 403: "", 503: AWAY },
  }),
  makeToken: route({
    method: "post",
    path: "/api/v1/tokens",
    rule: RULE,
    tag: TAG,
    summary: "Make a token of a publisher or a monitor",
    body: tokenRequest,
    answers: { 201: { description: "The token, its secret told this once", body: madeToken } },
    problems: { 400: "", 401: "", 403: "", 413: "", 503: AWAY },
  }),
  rotateToken: route({
    method: "post",
    path: "/api/v1/tokens/{id}/rotation",
    rule: RULE,
    tag: TAG,
    summary: "Make the token that follows another; both are valid for a while",
    params: named,
    body: rotationRequest,
    answers: { 201: { description: "The token, its secret told this once", body: rotatedToken } },
    problems: { 400: "", 401: "", 403: "", 404: "", 409: "It has ended, or was rotated already", 413: "", 503: AWAY },
  }),
  revokeToken: route({
    method: "delete",
    path: "/api/v1/tokens/{id}",
    rule: RULE,
    tag: TAG,
    summary: "Take a token back: nobody is let in by it any more",
    params: named,
    answers: { 200: { description: "It is valid no more", body: z.object({ ok: z.literal(true) }) } },
    problems: { 401: "", 403: "", 404: "", 503: AWAY },
  }),
};
