import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Proof } from "../control/factors/proof";
import type { Site } from "../control/factors/passkeys";
import type { Principal } from "../contract/rights";
import { accountOf, browserOf, byOf, needed, sessionCookie, type AccountsParts } from "./accounts-api";
import { hostName } from "./hosts";
import { HttpError } from "./http";
import type { Handlers } from "./router";
import { addressOf, visitorOf } from "./visitor";

/**
 * The site as passkeys know it, by the name that a request asked under: browsers take none for an address, and none that came without TLS
 * but from this machine (Web Authentication, level 3, 5.1.3 and 13.4.9). That the name is one of this gateway's was looked at before.
 */
export function siteOf(request: IncomingMessage): Site | null {
  const { host = "" } = request.headers;
  const name = hostName(host);
  const { secure } = visitorOf(request);
  if (name === null || isIP(name) > 0 || (!secure && !/(?:^|\.)localhost$/.test(name))) return null;
  return { id: name, origin: new URL(`${secure ? "https" : "http"}://${host}`).origin };
}

/** @throws HttpError 409 */
function mustBeSite(request: IncomingMessage): Site {
  const site = siteOf(request);
  if (site) return site;
  throw new HttpError(409, "refused", "passkeys need a name and TLS: they are of no use under an address");
}

function proofIn({ current, code }: Pick<Proof, "current" | "code">, request: IncomingMessage): Proof {
  return { current, code, network: addressOf(request) };
}

/** Whose own factors a request is about. */
function ownOf(who: Principal, request: IncomingMessage) {
  return { account: accountOf(who).id, by: byOf(who, request) };
}

type Names =
  | "signInWays"
  | "passkeyQuestion"
  | "passkeySignIn"
  | "secondFactors"
  | "offerTotp"
  | "acceptTotp"
  | "removeTotp"
  | "passkeyOptions"
  | "addPasskey"
  | "removePasskey"
  | "makeRecoveryCodes";

/** Passkeys and codes: signing in with them, and one's own. */
export function secondFactorsApi({ control, denied, now }: AccountsParts): Handlers<Names> {
  return {
    signInWays: async (_input, { request }) => {
      const title = (await control?.call("issuerTitle", {})) ?? null;
      return { status: 200, body: { passkey: siteOf(request) !== null, oidc: title === null ? null : { title } } };
    },
    passkeyQuestion: async (_input, { request }) => {
      const body = await needed(control).call("passkeyQuestion", { site: mustBeSite(request) });
      return { status: 200, body: { ...body } };
    },
    passkeySignIn: async ({ body: { response } }, { request }) => {
      const asked = { site: mustBeSite(request), response, ...browserOf(request) };
      const found = await needed(control).call("passkeySignIn", asked);
      if (found === null) {
        denied({ who: "anonymous", route: "POST /api/v1/session/passkey", request });
        throw new HttpError(401, "sign-in-refused", "this passkey is not one that counts here");
      }
      const { name, title, session } = found;
      return { status: 200, headers: sessionCookie(request, session, now()), body: { name, title } };
    },
    secondFactors: async (_input, { request, who }) => {
      const { account } = ownOf(who, request);
      const factors = await needed(control).call("secondFactors", { account });
      return { status: 200, body: { ...factors, name: siteOf(request) !== null } };
    },
    offerTotp: async ({ body }, { request, who }) => {
      const { account } = ownOf(who, request);
      const asked = { account, proof: proofIn(body, request) };
      return { status: 200, body: await needed(control).call("offerTotp", asked) };
    },
    acceptTotp: async ({ body: { offer, code } }, { request, who }) => {
      const asked = { ...ownOf(who, request), ...browserOf(request), offer, code };
      const session = await needed(control).call("acceptTotp", asked);
      return { status: 200, headers: sessionCookie(request, session, now()), body: { ok: true } };
    },
    removeTotp: async ({ body }, { request, who }) => {
      await needed(control).call("removeTotp", { ...ownOf(who, request), proof: proofIn(body, request) });
      return { status: 200, body: { ok: true } };
    },
    passkeyOptions: async ({ body }, { request, who }) => {
      const { account } = ownOf(who, request);
      const asked = { account, proof: proofIn(body, request), site: mustBeSite(request) };
      return { status: 200, body: { ...(await needed(control).call("passkeyOptions", asked)) } };
    },
    addPasskey: async ({ body: { title, response } }, { request, who }) => {
      const of = { ...ownOf(who, request), ...browserOf(request), site: mustBeSite(request) };
      const { passkey, session } = await needed(control).call("addPasskey", { ...of, title: title.trim(), response });
      return { status: 201, headers: sessionCookie(request, session, now()), body: passkey };
    },
    removePasskey: async ({ params: { id }, body }, { request, who }) => {
      await needed(control).call("removePasskey", { ...ownOf(who, request), id, proof: proofIn(body, request) });
      return { status: 200, body: { ok: true } };
    },
    makeRecoveryCodes: async ({ body }, { request, who }) => {
      const asked = { ...ownOf(who, request), proof: proofIn(body, request) };
      return { status: 201, body: await needed(control).call("makeRecoveryCodes", asked) };
    },
  };
}
