import type { IncomingMessage } from "node:http";
import type { KnownToken, TokenKind } from "../control/methods/tokens";
import { HttpError, tooMany } from "./http";
import type { RateLimit } from "./rate-limit";
import type { Refusals } from "./refusals";
import type { Refused, Tokens } from "./tokens";
import { addressOf, visitorOf } from "./visitor";

/** What tokens that requests show are judged by. */
export interface BearerParts {
  tokens: Pick<Tokens, "of" | "again">;
  limit: RateLimit;
  now: () => number;
  /** null: nothing is audited */
  refusals: Refusals | null;
}

const WHOSE: Record<TokenKind, string> = { publish: "a publisher's", monitor: "a monitor's" };

/** Refuses who shows no token that lets him in. What is wrong with it is for the audit log: who found it is told nothing. */
function refuse({ refusals }: BearerParts, request: IncomingMessage, refused: Refused, kind: TokenKind): HttpError {
  const who = refused.because === "unknown" ? "anonymous" : `token ${refused.id}`;
  const { address } = visitorOf(request);
  refusals?.add({ who, action: "token.refuse", object: `token: ${refused.because}`, address });
  return new HttpError(401, "no-token", `${WHOSE[kind]} token is needed: Authorization: Bearer <token>`, {
    "www-authenticate": "Bearer",
  });
}

/** Whether a request shows a token at all (RFC 6750, 2.1). */
export const showsToken = ({ headers }: IncomingMessage): boolean => /^Bearer /i.test(headers.authorization ?? "");

/** The token that a request shows, of the kind that is needed, if it may ask now. @throws HttpError 401, 429; ControlAway */
export async function shownToken<K extends TokenKind>(
  parts: BearerParts,
  request: IncomingMessage,
  kind: K,
): Promise<KnownToken<K>> {
  const { tokens, limit, now } = parts;
  const { authorization } = request.headers;
  const { address } = visitorOf(request);
  const shown = tokens.of(authorization, address);
  const isIn = !("because" in shown);
  const wait = limit.take(isIn ? `token ${shown.id}` : `address ${addressOf(request)}`, now());
  if (wait > 0) throw tooMany(wait);
  const isUnknown = !isIn && shown.because === "unknown";
  const looked = isUnknown ? await tokens.again(authorization, address) : shown;
  if ("because" in looked) throw refuse(parts, request, looked, kind);
  if (!isOf(looked, kind)) throw refuse(parts, request, { because: "kind", id: looked.id }, kind);
  return looked;
}

function isOf<K extends TokenKind>(token: KnownToken, kind: K): token is KnownToken<K> {
  return token.kind === kind;
}
