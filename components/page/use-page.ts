"use client";
import { useMemo } from "react";
import type { Lang } from "@/lib/contract/city";
import type { PastPlayer } from "@/lib/live/replay-player";
import type { PageContext } from "@/components/ui/page-context";
import { connectEarly } from "./page-live";
import { usePageTime, type PageTime } from "./page-time";
import { useLang } from "./use-lang";
import { useNumbers } from "./use-numbers";

// Whatever page this script is part of will ask for it.
connectEarly();

/** What every page of a city begins with: the moment it shows, its language, its way of writing numbers. */
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

/** The page's moment, language and numbers, and the pageContext to hand down. */
export function usePage(initialLang: Lang): Page {
  const time = usePageTime();
  const [lang, toggleLang] = useLang(initialLang);
  const [numbers, turnNumbers] = useNumbers();
  const live = time?.live;
  const scheduler = time?.page.scheduler;
  const pageContext = useMemo(
    () => (live && scheduler ? { live, scheduler, lang, numbers } : null),
    [live, scheduler, lang, numbers],
  );
  return { time, pageContext, player: time?.player ?? null, lang, toggleLang, turnNumbers };
}
