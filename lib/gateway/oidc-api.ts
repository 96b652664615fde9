import type { IncomingMessage } from "node:http";
import type { OidcRefusal } from "../contract/oidc-refusals";
import { sitePath } from "../contract/site-path";
import { browserOf, byOf, checkScopes, needed, sessionCookie, type AccountsParts } from "./accounts-api";
import { cookieOf, setCookie } from "./cookies";
import { HttpError } from "./http";
import type { FileReply, Handlers } from "./router";
import { visitorOf } from "./visitor";

const CALLBACK = "/api/v1/oidc/callback";
/** Seconds that a browser has at the issuer: as long as what is asked for is waited for. */
const AT_ISSUER = 300;

/** Where the issuer sends a browser back to, under the name that it asked under. */
function redirectUri(request: IncomingMessage): string {
  const scheme = visitorOf(request).secure ? "https" : "http";
  return new URL(CALLBACK, `${scheme}://${request.headers.host}`).href;
}

function redirect(location: string, ...cookies: (string | undefined)[]): FileReply {
  const headers = { location, ...(cookies.length > 0 ? { "set-cookie": cookies as unknown as string } : {}) };
  return { status: 302, type: "text/plain", pieces: [], headers };
}

/** Back to the sign-in page, which says what is the matter. */
const back = (refused: OidcRefusal, ...cookies: string[]): FileReply =>
  redirect(`/sign-in?refused=${refused}`, ...cookies);

type Names = "oidcStart" | "oidcReturn" | "roleMappings" | "addRoleMapping" | "removeRoleMapping";

/** Sign-in by the site's own issuer of identities, and which of its claims give which role. */
export function oidcApi({ control: asked, catalogue, now }: AccountsParts): Handlers<Names> {
  const issuer = async () => {
    const control = needed(asked);
    const title = await control.call("issuerTitle", {});
    if (title === null) throw new HttpError(404, "not-there", "there is no issuer of identities");
    return control;
  };
  return {
    oidcStart: async ({ query: { to } }, { request }) => {
      const control = await issuer();
      const begun = await control.call("oidcBegin", { redirectUri: redirectUri(request), to: sitePath(to) });
      if (begun.kind === "away") return back("issuer-away");
      return redirect(begun.url, setCookie(request, "oidc", begun.secret, AT_ISSUER));
    },
    oidcReturn: async (_input, { request }) => {
      const control = await issuer();
      const secret = cookieOf(request, "oidc");
      const gone = setCookie(request, "oidc", null, 0);
      if (secret === null) return back("issuer-refused", gone);
      const [, query = ""] = (request.url ?? "").split("?", 2);
      const found = await control.call("oidcFinish", { secret, query, ...browserOf(request) });
      if (found.kind !== "signed-in") return back(`issuer-${found.kind}`, gone);
      return redirect(found.to, gone, sessionCookie(request, found.session, now())["set-cookie"]);
    },
    roleMappings: async () => {
      const control = needed(asked);
      const [title, mappings] = await Promise.all([control.call("issuerTitle", {}), control.call("roleMappings", {})]);
      return { status: 200, body: { issuer: title, mappings } };
    },
    addRoleMapping: async ({ body }, { request, who }) => {
      checkScopes(catalogue, body.scopes);
      const made = await needed(asked).call("addRoleMapping", { by: byOf(who, request), mapping: body });
      return { status: 201, body: made };
    },
    removeRoleMapping: async ({ params: { id } }, { request, who }) => {
      await needed(asked).call("removeRoleMapping", { by: byOf(who, request), id });
      return { status: 200, body: { ok: true } };
    },
  };
}
