import type { z } from "zod";
import type { Catalogue } from "../cities/catalogue";
import type { tokenRequest } from "../contract/api/tokens";
import type { TokenScope } from "../control/methods/tokens";
import type { ControlAsk } from "../control/remote";
import { byOf } from "./audit";
import { mustBeThere } from "./audit-api";
import { badParameter } from "./http";
import type { Handlers } from "./router";
import { ANY_FEED } from "./tokens";
import { isNetwork } from "./visitor";

interface Parts {
  /** null: there are no tokens to look at */
  control: ControlAsk | null;
  catalogue: Pick<Catalogue, "city" | "cities">;
  now: () => number;
}

/** Why there can be no token for a feed, with the field that is wrong; null where there can. */
export function feedFault(
  catalogue: Pick<Catalogue, "city" | "cities">,
  { city, feed }: { city: string; feed: string },
): { field: "city" | "feed"; detail: string } | null {
  const facts = catalogue.city(city)?.facts;
  if (!facts) {
    const known = catalogue.cities().map(({ id }) => id);
    return { field: "city", detail: `"${city}" is not configured; there is ${known.join(", ") || "none"}` };
  }
  const feeds = Object.keys(facts.systems);
  if (feed === ANY_FEED || feeds.includes(feed)) return null;
  return { field: "feed", detail: `"${feed}" is not a system of ${city}; there is ${feeds.join(", ")}` };
}

function mustBeNetworks(addresses: readonly string[]): void {
  for (const [i, address] of addresses.entries())
    if (!isNetwork(address))
      throw badParameter(`addresses[${i}]`, `"${address}" is no address, nor a network such as 10.0.0.0/8`);
}

/** What a token that is asked for is to be for. @throws HttpError 400 that names the field */
function scopeOf(catalogue: Pick<Catalogue, "city" | "cities">, asked: z.output<typeof tokenRequest>): TokenScope {
  const { kind, city, feed, backfill } = asked;
  if (kind === "monitor") {
    const [field] = Object.entries({ city, feed, backfill }).find(([, value]) => value !== undefined) ?? [];
    if (field !== undefined) throw badParameter(field, "is of a publisher's token, and this one is a monitor's");
    return { kind, city: null, feed: null, backfill: false };
  }
  if (city === undefined) throw badParameter("city", "is missing");
  if (feed === undefined) throw badParameter("feed", "is missing");
  const fault = feedFault(catalogue, { city, feed });
  if (fault) throw badParameter(fault.field, fault.detail);
  return { kind, city, feed, backfill: backfill ?? false };
}

/** Tokens of publishers and monitors, for who may make them. */
export function tokenApi({
  control,
  catalogue,
  now,
}: Parts): Handlers<"tokens" | "makeToken" | "rotateToken" | "revokeToken"> {
  return {
    tokens: async () => ({
      status: 200,
      body: { tokens: await mustBeThere(control).call("tokenList", {}), now: now() },
    }),
    makeToken: async ({ body }, exchange) => {
      const scope = scopeOf(catalogue, body);
      const { expires = null, addresses = null, note = "" } = body;
      mustBeNetworks(addresses ?? []);
      const wish = { ...scope, expires, addresses, note: note.trim() };
      const made = await mustBeThere(control).call("tokenCreate", { ...wish, by: byOf(exchange) });
      return { status: 201, body: made };
    },
    rotateToken: async ({ params: { id }, body: { grace } }, exchange) => {
      const rotation = { by: byOf(exchange), id, grace: Math.round(grace * 1_000) };
      return { status: 201, body: await mustBeThere(control).call("tokenRotate", rotation) };
    },
    revokeToken: async ({ params: { id } }, exchange) => {
      await mustBeThere(control).call("tokenRevoke", { by: byOf(exchange), id });
      return { status: 200, body: { ok: true } };
    },
  };
}
