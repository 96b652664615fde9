import { cache } from "react";
import { cookies, headers } from "next/headers";
import { now } from "@/lib/clock";
import { forbidden } from "next/navigation";
import type { Me } from "@/lib/contract/api/accounts";
import { districtCodes, placesAround, type CityFacts, type Lang } from "@/lib/contract/city";
import { ASKED, PAGES_KEY, VISITOR } from "@/lib/contract/page-headers";
import { pickLang } from "@/lib/contract/page-lang";
import { may, type Permission, type Principal } from "@/lib/contract/rights";
import { THEMES } from "@/lib/contract/theme";
import { makePalette, type Palette } from "@/components/ui/theme";
import { DEFAULT_THEME, themeAt } from "@/components/ui/theme/theme-at";

/** The language of the page that is asked for, whatever of it is made: its frame, itself, or what says that there is none. */
export async function pageLang(): Promise<Lang> {
  const [asked, kept] = [await headers(), await cookies()];
  return pickLang(asked.get(ASKED.lang), kept.get("lang")?.value, asked.get("accept-language"));
}

/** What browsers keep of who they are (lib/gateway/cookies.ts), and how such a secret is written. */
const IDENTITY = /^(?:__Host-)?citywall-(?:session|display)$/;
const SECRET = /^[\w-]{43}$/;

/** Says to the gateway for whom a page is made: it gives what he may see, and counts him instead of who makes it. */
async function asVisitor(): Promise<Record<string, string>> {
  const kept = (await cookies()).getAll().filter(({ name, value }) => IDENTITY.test(name) && SECRET.test(value));
  const visitor = (await headers()).get(VISITOR);
  return {
    [PAGES_KEY]: process.env.CITYWALL_PAGES_KEY ?? "",
    ...(visitor === null ? {} : { [VISITOR]: visitor }),
    ...(kept.length === 0 ? {} : { cookie: kept.map(({ name, value }) => `${name}=${value}`).join("; ") }),
  };
}

/** What the gateway answers and under which status; the answer is null where it refuses. @throws when it cannot be reached */
export async function askGateway<T>(path: string): Promise<{ status: number; answer: T | null }> {
  const response = await fetch(`${process.env.CITYWALL_GATEWAY ?? "http://127.0.0.1:3000"}${path}`, {
    cache: "no-store",
    headers: {
      // Both are on one machine: packing would cost both and save nothing.
      "accept-encoding": "identity",
      ...(await asVisitor()),
    },
  });
  return { status: response.status, answer: response.ok ? ((await response.json()) as T) : null };
}

/** What the gateway answers; null where it has no such thing. @throws when it cannot be reached */
export async function fromGateway<T>(path: string): Promise<T | null> {
  return (await askGateway<T>(path)).answer;
}

/** Who asks for the page; null while that cannot be told. */
export const pageMe = cache((): Promise<Me | null> => fromGateway<Me>("/api/v1/me").catch(() => null));

/** Ends with the page that says that there is no right, where who asks may do none of these with anything. */
export async function mustBeAllowed(...permissions: readonly Permission[]): Promise<void> {
  const me = await pageMe();
  if (me && !permissions.some((permission) => me.may.includes(permission))) forbidden();
}

/**
 * The places of a city that may be looked at, by code and `all` for the whole of it; null: every one. What a page is made of is given by
 * the gateway, which has the last word: this says what is made of it.
 */
export async function placesSeen(city: CityFacts): Promise<string[] | null> {
  const me = await pageMe();
  // Screens that are open, and those of displays, show what they show: other pages are not led to.
  if (me?.kind !== "account" || me.role === null) return null;
  const who: Principal = { kind: "account", id: "", name: "", role: me.role, scopes: me.scopes, session: "" };
  const isSeen = (place: string) => may(who, "look", { city: city.id, within: placesAround(city, place) });
  return isSeen("all") ? null : districtCodes(city).filter(isSeen);
}

/** Ends with the page that says that there is no right, where a place is none of those that may be looked at. */
export function mustBeSeen(seen: readonly string[] | null, place: string): void {
  if (seen && !seen.includes(place)) forbidden();
}

/**
 * The place that this page's address names; null where it names none, or none that its visitor may know of: a page that is not there must
 * be the same for both. A place that cannot be asked for now still has a page: it is told there.
 */
export const pagePlace = cache(async (): Promise<CityFacts | null> => {
  const place = (await headers()).get(ASKED.place);
  return place ? fromGateway<CityFacts>(`/api/v1/cities/${encodeURIComponent(place)}`).catch(() => null) : null;
});

/** How this request's page looks at first; components/page/page-theme.ts goes on from there by the same rule. */
export const pageLook = cache(async (): Promise<Palette> => {
  const [asked, kept] = [await headers(), await cookies()];
  const named = [asked.get(ASKED.theme), kept.get("theme")?.value].map((text) =>
    THEMES.find((theme) => theme === text),
  );
  const city = await pagePlace();
  const theme = named[0] ?? named[1] ?? (city ? themeAt(city.theme, now(), city) : DEFAULT_THEME);
  return makePalette(theme, city?.ownThemes);
});
