"use client";
import { useEffect, useLayoutEffect, useSyncExternalStore } from "react";
import { every, now } from "@/lib/clock";
import type { CityFacts } from "@/lib/contract/city";
import { THEMES, type PlaceTheme, type Theme } from "@/lib/contract/theme";
import type { Live } from "@/lib/live/read-metric";
import { makePalette, onPalette, palette, putToUse, styleOf, type Palette } from "@/components/ui/theme";
import { DEFAULT_THEME, themeAt } from "@/components/ui/theme/theme-at";

/**
 * Which theme the page has: the address's (`?theme=`), else the one that a person chose here, else the place's own
 * setting. The server makes the page's first picture by the same rule (app/request.ts), so that nothing flashes.
 */
const YEAR = 31_536_000;
/** How often the time of day is looked at, ms: nobody sees that a wall turned half a minute late. */
const LOOK_EVERY = 30_000;

interface Place extends PlaceTheme {
  city: CityFacts;
}

let place: Place | null = null;
/** the gateway's time, by which all walls turn together */
let time: () => number = now;
/** undefined until the address was read */
let address: Theme | null | undefined;
/** undefined until the cookie was; a browser that keeps no cookies still turns */
let chosen: Theme | null | undefined;

const named = (text: string | null | undefined): Theme | null => THEMES.find((theme) => theme === text) ?? null;

function asked(): Theme | null {
  if (address === undefined) address = named(new URL(window.location.href).searchParams.get("theme"));
  if (chosen === undefined) chosen = named(/(?:^|; )theme=(\w+)/.exec(document.cookie)?.[1]);
  return address ?? chosen;
}

/** What the place itself has now. */
function ofPlace(): Theme {
  return place ? themeAt(place.setting, time(), place.city) : DEFAULT_THEME;
}

/** Puts the theme that is due to use, for the page's style sheets and for all that is drawn. */
function apply(): void {
  const next = makePalette(asked() ?? ofPlace(), place?.own);
  const { style, dataset } = document.documentElement;
  const own = styleOf(next);
  if (dataset.theme !== next.base) dataset.theme = next.base;
  for (const name of [...style]) if (name.startsWith("--color-") && !(name in own)) style.removeProperty(name);
  for (const [name, color] of Object.entries(own)) style.setProperty(name, color);
  putToUse(next);
}

/** A page that was reached by a link shows the same theme, and says so in its address. */
function writeAddress(): void {
  const url = new URL(window.location.href);
  if (address) url.searchParams.set("theme", address);
  else url.searchParams.delete("theme");
  if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
}

/** The next theme, in a cookie so that the next page has it as well; back at the place's own, nothing is kept. */
export function turnTheme(): void {
  const next = THEMES[(THEMES.indexOf(palette().theme) + 1) % THEMES.length] as Theme;
  address = null;
  chosen = next === ofPlace() ? null : next;
  document.cookie = `theme=${chosen ?? ""}; path=/; max-age=${chosen ? YEAR : 0}; samesite=lax`;
  writeAddress();
  apply();
}

/**
 * The palette in use, and another one when the theme turns: by the time of day, by the place's files or by a person.
 * @param city the page's place; null where it is about none
 * @param told how it looks, where that is newer than what `city` says @param live whose time it is
 */
export function useTheme(city: CityFacts | null, told?: PlaceTheme, live?: Live): Palette {
  const inUse = useSyncExternalStore(onPalette, palette, palette);
  // Before the page is shown: what it is about may have another theme than the page that was left.
  useLayoutEffect(() => {
    const { setting, own } = told ?? { setting: city?.theme, own: city?.ownThemes };
    place = city && { city, ...(setting && { setting }), ...(own && { own }) };
    time = () => (live?.connected() ? live.now() : now());
    apply();
    if (address) writeAddress();
  }, [city, told, live]);
  useEffect(() => every(LOOK_EVERY, apply), []);
  return inUse;
}
