import type { IncomingMessage } from "node:http";
import type { Catalogue } from "../cities/catalogue";
import type { Me } from "../contract/api/accounts";
import {
  EVERYWHERE,
  isEnrolling,
  may,
  mayAnywhere,
  PERMISSIONS,
  toldOf,
  type Permission,
  type Principal,
  type Scope,
} from "../contract/rights";
import type { By } from "../control/context";
import type { Begun } from "../control/sessions";
import type { ControlAsk } from "../control/remote";
import { ControlAway } from "../control/refusal";
import { districtOf } from "../contract/city";
import { cookieOf, hashOfSecret, setCookie } from "./cookies";
import { HttpError, refusal } from "./http";
import { mustBeAllowed, noRight } from "./principals";
import type { Handlers, RouterOptions } from "./router";
import { addressOf, visitorOf } from "./visitor";

export interface AccountsParts extends Pick<RouterOptions, "identify" | "denied" | "now"> {
  catalogue: Catalogue;
  /** null where there is no control data: nobody has an account */
  control: ControlAsk | null;
  /** everybody has to sign in */
  closed: boolean;
}

type Account = Extract<Principal, { kind: "account" }>;

/** Who makes a request and where from, as the audit log has it. */
export function byOf(who: Principal, request: IncomingMessage): By {
  return { who: toldOf(who), address: visitorOf(request).address };
}

/** Where a browser signs in from, and what it had before. */
export function browserOf(request: IncomingMessage) {
  const before = cookieOf(request, "session");
  return {
    address: visitorOf(request).address,
    agent: request.headers["user-agent"] ?? "",
    before: before === null ? null : hashOfSecret(before),
  };
}

/** How far the rights reach that somebody may give. */
const reachOf = (who: Principal) => (who.kind === "account" ? who.scopes : EVERYWHERE);

/** @throws HttpError 403 where who asks is somebody, but no account */
export function accountOf(who: Principal): Account {
  if (who.kind !== "account") throw new HttpError(403, "no-right", `there is no account of one's own: ${toldOf(who)}`);
  return who;
}

function meOf(who: Principal, title: string | null, closed: boolean): Me {
  const all = (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => mayAnywhere(who, permission));
  const none = { name: null, title: null, role: null, scopes: [], may: all, closed, enrolling: false };
  // It is known by routes alone that take its token.
  if (who.kind === "monitor") throw noRight(who);
  if (who.kind === "display") return { ...none, kind: who.kind, title: who.name };
  if (who.kind !== "account") return { ...none, kind: who.kind };
  const { kind, name, role } = who;
  return { kind, name, title, role, scopes: [...who.scopes], may: all, closed, enrolling: isEnrolling(who) };
}

/** Gives a browser its session. */
export function sessionCookie(
  request: IncomingMessage,
  { secret, expires }: Begun,
  now: number,
): Record<string, string> {
  return { "set-cookie": setCookie(request, "session", secret, (expires - now) / 1_000) };
}

/** A browser keeps nothing of what it was told (Clear-Site-Data; OWASP ASVS 5.0, 14.3.1): who sits there next is somebody else. */
const FORGET = { "clear-site-data": '"cache"' } as const;

const OK = { status: 200, body: { ok: true } } as const;

type SessionRoutes = "me" | "signIn" | "signOut" | "invitation" | "acceptInvitation";
type OwnRoutes = "ownSessions" | "endSession" | "endOtherSessions" | "ownPassword";
type PeopleRoutes = "people" | "invite" | "uninvite" | "changePerson" | "resetPerson";
type OpenRoutes = "openScreens" | "openScreen" | "closeScreen";

/** The control data. @throws ControlAway where there is none */
export function needed(control: ControlAsk | null): ControlAsk {
  if (!control) throw new ControlAway("this gateway has none");
  return control;
}

/** What the places are called that rights name; those that are not configured any more are left out. */
function namesIn(catalogue: Catalogue, scopes: readonly Scope[]) {
  return scopes.flatMap(({ city, districts }) => {
    const facts = catalogue.city(city)?.facts;
    if (!facts) return [];
    const places = (districts === "*" ? [] : districts).flatMap((code) => {
      const name = districtOf(facts, code)?.name;
      return name ? [{ city, district: code, name }] : [];
    });
    return [{ city, district: "all", name: facts.name }, ...places];
  });
}

/** How one gets in and out. */
function sessionApi({ control, catalogue, closed, now, identify }: AccountsParts): Handlers<SessionRoutes> {
  return {
    me: async (_input, { request }) => {
      const who = await identify(request);
      const title = who.kind === "account" ? await needed(control).call("titleOf", { account: who.id }) : null;
      return { status: 200, body: meOf(who, title, closed) };
    },
    signIn: async ({ body }, { request }) => {
      const asked = { ...body, ...browserOf(request), network: addressOf(request) };
      const result = await needed(control).call("signIn", asked);
      if (result.kind === "refused") throw new HttpError(401, "sign-in-refused", "name or password is wrong");
      if (result.kind === "second-factor")
        throw refusal(401, "second-factor", "code", body.code === undefined ? "is needed" : "is wrong");
      const { name, title, session } = result;
      return { status: 200, headers: sessionCookie(request, session, now()), body: { name, title } };
    },
    signOut: async (_input, { request }) => {
      const { before, address } = browserOf(request);
      if (before !== null) await needed(control).call("signOut", { hash: before, address });
      return { ...OK, headers: { "set-cookie": setCookie(request, "session", null, 0), ...FORGET } };
    },
    invitation: async ({ body: { secret } }) => {
      const told = await needed(control).call("invitation", { hash: hashOfSecret(secret) });
      return { status: 200, body: { ...told, names: namesIn(catalogue, told.scopes) } };
    },
    acceptInvitation: async ({ body: { secret, ...typed } }, { request }) => {
      const asked = { ...typed, ...browserOf(request), hash: hashOfSecret(secret) };
      const { name, title, session } = await needed(control).call("acceptInvitation", asked);
      return { status: 200, headers: sessionCookie(request, session, now()), body: { name, title } };
    },
  };
}

/** One's own account. */
function ownApi({ control }: AccountsParts): Handlers<OwnRoutes> {
  const own = (who: Principal, request: IncomingMessage) => {
    const { id: account, session } = accountOf(who);
    return { by: byOf(who, request), account, session };
  };
  return {
    ownSessions: async (_input, { who, request }) => {
      const me = own(who, request);
      return { status: 200, body: { sessions: await needed(control).call("ownSessions", me) } };
    },
    endSession: async ({ params: { id } }, { who, request }) => {
      await needed(control).call("endSession", { ...own(who, request), id });
      return OK;
    },
    endOtherSessions: async (_input, { who, request }) => ({
      status: 200,
      body: { ended: await needed(control).call("endOtherSessions", own(who, request)) },
    }),
    ownPassword: async ({ body }, { who, request }) => {
      await needed(control).call("ownPassword", { ...own(who, request), ...body, network: addressOf(request) });
      return OK;
    },
  };
}

/** @throws HttpError 400 that names the scope whose city or district is not configured */
export function checkScopes(
  catalogue: Catalogue,
  scopes: readonly { city: string; districts: "*" | readonly string[] }[],
): void {
  scopes.forEach(({ city, districts }, i) => {
    if (city === "*") return;
    const facts = catalogue.city(city)?.facts;
    if (!facts) throw refusal(400, "bad-parameter", `scopes[${i}].city`, `"${city}" is not configured`);
    if (districts === "*") return;
    districts.forEach((code, k) => {
      if (!districtOf(facts, code))
        throw refusal(400, "bad-parameter", `scopes[${i}].districts[${k}]`, `"${code}" is no place of ${city}`);
    });
  });
}

/** Accounts of others. */
function peopleApi({ control, catalogue }: AccountsParts): Handlers<PeopleRoutes> {
  const giver = (who: Principal, request: IncomingMessage) => ({ by: byOf(who, request), scopes: reachOf(who) });
  const pathOf = (secret: string): string => `/invite#${secret}`;
  return {
    people: async (_input, { who }) => {
      const reach = { scopes: reachOf(who) };
      const [people, invitations] = await Promise.all([
        needed(control).call("people", reach),
        needed(control).call("invitations", reach),
      ]);
      return { status: 200, body: { people, invitations } };
    },
    invite: async ({ body: { role, scopes } }, { who, request }) => {
      checkScopes(catalogue, scopes);
      const link = await needed(control).call("invite", { ...giver(who, request), role, given: scopes });
      return { status: 201, body: { path: pathOf(link.secret), expires: link.expires } };
    },
    uninvite: async ({ params: { id } }, { who, request }) => {
      await needed(control).call("uninvite", { ...giver(who, request), id });
      return OK;
    },
    changePerson: async ({ params: { id }, body }, { who, request }) => {
      if (body.scopes) checkScopes(catalogue, body.scopes);
      return {
        status: 200,
        body: await needed(control).call("changePerson", { ...giver(who, request), id, change: body }),
      };
    },
    resetPerson: async ({ params: { id } }, { who, request }) => {
      const link = await needed(control).call("resetPerson", { ...giver(who, request), id });
      return { status: 201, body: { path: pathOf(link.secret), expires: link.expires } };
    },
  };
}

/** Screens that anybody may look at: who opens one shows all that is on it, so he has to have a right to the whole city. */
function openApi({ control, catalogue }: AccountsParts): Handlers<OpenRoutes> {
  const mayOpen = (who: Principal, city: string): void => mustBeAllowed(who, "open", { city, within: [] });
  return {
    openScreens: async (_input, { who }) => {
      const screens = await needed(control).call("openScreensTold", {});
      return { status: 200, body: { screens: screens.filter(({ city }) => may(who, "open", { city, within: [] })) } };
    },
    openScreen: async ({ body: { city, screen } }, { who, request }) => {
      mayOpen(who, city);
      if (!catalogue.city(city)) throw refusal(404, "unknown-city", "city", `"${city}" is not configured`);
      if (!catalogue.message(city, screen))
        throw refusal(404, "unknown-screen", "screen", `${city} has no screen "${screen}"`);
      await needed(control).call("openScreen", { by: byOf(who, request), city, screen });
      return OK;
    },
    closeScreen: async ({ params: { city, screen } }, { who, request }) => {
      mayOpen(who, city);
      await needed(control).call("closeScreen", { by: byOf(who, request), city, screen });
      return OK;
    },
  };
}

/** Accounts: how one signs in, one's own, those of others, and screens that ask for none. */
export function accountsApi(parts: AccountsParts): Handlers<SessionRoutes | OwnRoutes | PeopleRoutes | OpenRoutes> {
  return { ...sessionApi(parts), ...ownApi(parts), ...peopleApi(parts), ...openApi(parts) };
}
