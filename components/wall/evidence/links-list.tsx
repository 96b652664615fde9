"use client";
import Link from "next/link";
import type { MouseEvent } from "react";
import type { CityFacts } from "@/lib/contract/city";
import type { PlayerState } from "@/lib/live/replay-player";
import { usePageContext } from "@/components/ui/page-context";
import { goTo } from "../../page/page-time";
import { csvUrl, districtUrl, metricUrl, replayUrl } from "./links";
import { say } from "./words";

/** Where one goes on from a number: the moment again, its metric, its place, its readings as a file. */
export function Links({ city, topic, past }: { city: CityFacts; topic: string; past: PlayerState | null }) {
  const { live, lang } = usePageContext();
  const now = Math.floor(live.now() / 1000) * 1000;
  const [metric, district, csv] = [
    metricUrl(city, topic),
    districtUrl(city, topic),
    csvUrl(topic, past && { at: now, knowledge: past.knowledge }, lang),
  ];
  const replay = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(now);
  };
  return (
    <nav className="evidence-links" aria-label={say(lang, "further")}>
      {past === null && (
        <a href={replayUrl(window.location.href, now)} onClick={replay}>
          {say(lang, "replayThis")}
        </a>
      )}
      {metric !== null && (
        <Link href={metric} prefetch={false}>
          {say(lang, "metricPage")}
        </Link>
      )}
      {district !== null && (
        <Link href={district} prefetch={false}>
          {say(lang, "districtPage")}
        </Link>
      )}
      {csv !== null && (
        <a href={csv} download data-needs="export">
          {say(lang, "csv")}
        </a>
      )}
    </nav>
  );
}
