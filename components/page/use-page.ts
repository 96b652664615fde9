"use client";
import { useMemo } from "react";
import type { CityFacts, Lang } from "@/lib/contract/city";
import type { PlaceTheme } from "@/lib/contract/theme";
import type { PastPlayer } from "@/lib/live/replay-player";
import type { PageContext } from "@/components/ui/page-context";
import { connectEarly } from "./page-live";
import { usePageTime, type PageTime } from "./page-time";
import { useTheme } from "./page-theme";
import { useLang } from "./use-lang";
import { useNumbers } from "./use-numbers";

// Whatever page this script is part of will ask for it.
connectEarly();

/** What every page of a city begins with: the moment it shows, its language, its way of writing numbers; its theme is in use. */
export interface Page {
  /** null while the page is rendered on the server */
  time: PageTime | null;
  pageContext: PageContext | null;
  /** what shows the past; null while the present is shown */
  player: PastPlayer | null;
  lang: Lang;
  toggleLang: () => void;
  turnNumbers: () => void;
}

/**
 * The page's moment, language, numbers and theme, and the pageContext to hand down.
 * @param city its place; null where it is about none @param told how that looks, where it is newer than what `city` says
 */
export function usePage(initialLang: Lang, city: CityFacts | null, told?: PlaceTheme): Page {
  const time = usePageTime();
  const [lang, toggleLang] = useLang(initialLang);
  const [numbers, turnNumbers] = useNumbers();
  const live = time?.live;
  const scheduler = time?.page.scheduler;
  const theme = useTheme(city, told, time?.page.socket.store).key;
  const pageContext = useMemo(
    () => (live && scheduler ? { live, scheduler, lang, numbers, theme } : null),
    [live, scheduler, lang, numbers, theme],
  );
  return { time, pageContext, player: time?.player ?? null, lang, toggleLang, turnNumbers };
}
