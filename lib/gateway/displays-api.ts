import type { IncomingMessage } from "node:http";
import type { Catalogue } from "../cities/catalogue";
import type { DisplayItem } from "../contract/api/displays";
import { may, type Principal } from "../contract/rights";
import { byOf, needed } from "./accounts-api";
import type { ApiParts } from "./api";
import { cookieOf, hashOfSecret, setCookie } from "./cookies";
import { hiding, HttpError, refusal } from "./http";
import { noRight } from "./principals";
import type { Handlers } from "./router";
import { unknownCity } from "./topic-check";
import { addressOf, visitorOf } from "./visitor";

/** Seconds that a browser keeps a display's secret: each that is given to it begins them anew. */
const KEPT = 365 * 86_400;
/** Ms between two questions of a display that waits to be named. */
const POLL = 2_000;
/** Ms after which a display that was not heard of counts as silent: three of its reports. */
const SILENT = 90_000;

type Names =
  | "pairBegin"
  | "pairFinish"
  | "display"
  | "displayReport"
  | "displays"
  | "claimDisplay"
  | "changeDisplay"
  | "withdrawDisplay";

/** Whether somebody looks after the displays of the whole of a city: what a display shows is not a district's alone. */
const looksAfter = (who: Principal, city: string): boolean => may(who, "displays", { city, within: [] });

/** @throws HttpError 403, 404 where somebody may give nobody this screen, or there is none of it */
function checkScreen(catalogue: Catalogue, who: Principal, { city, screen }: { city: string; screen: string }): void {
  // A city that somebody may know nothing of is as one that is not there.
  if (!looksAfter(who, city) && !may(who, "look", { city })) throw hiding(unknownCity(city));
  if (!catalogue.city(city)) throw unknownCity(city);
  if (!looksAfter(who, city)) throw noRight(who, `city: there is no right to the displays of ${city}`);
  if (!catalogue.message(city, screen)) throw refusal(404, "unknown-screen", "screen", `${city} has no "${screen}"`);
}

type Parts = Pick<ApiParts, "control" | "catalogue" | "build" | "now">;

/** What displays ask themselves; they are nobody until they are paired, and are known by their cookie alone. */
function ownApi({ control, now }: Parts): Handlers<"pairBegin" | "pairFinish" | "display" | "displayReport"> {
  const given = (request: IncomingMessage, secret: string | null) => ({
    "set-cookie": setCookie(request, "display", secret, KEPT),
  });
  return {
    pairBegin: async (_input, { request }) => {
      const begun = await needed(control).call("pairBegin", { network: addressOf(request) });
      // What it was before, it is no longer: a withdrawn one that begins anew is nobody until it is named.
      const headers = cookieOf(request, "display") === null ? {} : { headers: given(request, null) };
      return { status: 201, body: { ...begun, now: now(), every: POLL }, ...headers };
    },
    pairFinish: async ({ body: { secret } }, { request }) => {
      const found = await needed(control).call("pairFinish", { secret, address: visitorOf(request).address });
      if (!found) return { status: 202, body: { state: "waiting" } };
      const { id, title, city, screen } = found.display;
      const body = { state: "paired" as const, id, title, city, screen };
      return { status: 200, body, headers: given(request, found.secret) };
    },
    display: async (_input, { request }) => {
      const secret = cookieOf(request, "display");
      if (secret === null) return { status: 200, body: { state: "none" } };
      const { address } = visitorOf(request);
      const [standing] = await needed(control).call("displayStandings", { hashes: [hashOfSecret(secret)], address });
      return { status: 200, body: standing ?? { state: "none" } };
    },
    displayReport: async ({ body }, { request }) => {
      const secret = cookieOf(request, "display");
      const { address } = visitorOf(request);
      const told =
        secret === null
          ? null
          : await needed(control).call("displayReport", { hash: hashOfSecret(secret), address, ...body });
      if (!told || told.standing.state === "none")
        throw new HttpError(401, "no-display", "this is no display of this wall");
      const headers = told.secret === null ? {} : { headers: given(request, told.secret) };
      return { status: 200, body: told.standing, ...headers };
    },
  };
}

/** Displays: what they ask themselves, and what those ask who look after them. */
export function displaysApi(parts: Parts): Handlers<Names> {
  const { control, catalogue, build, now } = parts;
  const list = async (who: Principal): Promise<DisplayItem[]> => {
    const all = await needed(control).call("displays", {});
    return all.filter(({ city }) => looksAfter(who, city));
  };
  /** @throws HttpError 404 also where it is of a city that somebody does not look after */
  const known = async (who: Principal, id: string): Promise<void> => {
    if (!(await list(who)).some((display) => display.id === id && display.withdrawn === null))
      throw refusal(404, "not-there", "id", `there is no display "${id}"`);
  };
  return {
    ...ownApi(parts),
    displays: async (_input, { who }) => ({
      status: 200,
      body: { now: now(), build, silent: SILENT, displays: await list(who) },
    }),
    claimDisplay: async ({ body }, { who, request }) => {
      checkScreen(catalogue, who, body);
      return { status: 201, body: await needed(control).call("pairClaim", { ...body, by: byOf(who, request) }) };
    },
    changeDisplay: async ({ params: { id }, body: { title, city, screen } }, { who, request }) => {
      await known(who, id);
      const at = city === undefined || screen === undefined ? undefined : { city, screen };
      if (at) checkScreen(catalogue, who, at);
      const asked = { id, ...(title === undefined ? {} : { title }), ...(at ? { at } : {}) };
      return { status: 200, body: await needed(control).call("displayChange", { ...asked, by: byOf(who, request) }) };
    },
    withdrawDisplay: async ({ params: { id } }, { who, request }) => {
      await known(who, id);
      return { status: 200, body: await needed(control).call("displayWithdraw", { id, by: byOf(who, request) }) };
    },
  };
}
