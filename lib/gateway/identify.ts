import type { IncomingMessage } from "node:http";
import type { Principal } from "../contract/rights";
import { shownToken, showsToken, type BearerParts } from "./bearer";
import { cookieOf } from "./cookies";
import type { Principals } from "./principals";

/**
 * Tells who makes a request: by what his browser keeps, or where a route takes tokens and he is not signed in, by the token that is
 * shown. A token counts for nothing on other routes.
 */
export function identifying(principals: Pick<Principals, "of">, parts: BearerParts) {
  return async (request: IncomingMessage, token?: "monitor"): Promise<Principal> => {
    if (token === undefined || !showsToken(request) || cookieOf(request, "session") !== null)
      return principals.of(request);
    const { id } = await shownToken(parts, request, token);
    return { kind: "monitor", id };
  };
}
