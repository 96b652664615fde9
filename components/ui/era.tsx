"use client";
import { useRef } from "react";
import { localDate } from "@/lib/clock";
import type { City } from "@/lib/contract/city";
import { usePageContext } from "./page-context";
import { t } from "./i18n";
import { setData } from "./paint-value";
import { useRenderTask } from "./use-render-task";

/** Says which time a historical figure belongs to: that it is history, or, in a replay of its era, the era's name. */
export function Era({ era, city }: { era: City["eras"][string]; city: Pick<City, "timeZone"> }) {
  const { live, lang } = usePageContext();
  const mark = useRef<HTMLSpanElement>(null);
  useRenderTask(mark, { rank: "figure", every: 1_000, topics: [], beat: true }, () => {
    const date = localDate(live.now(), city.timeZone);
    const within = live.past && era.from <= date && date <= era.until;
    const text = within ? era.name[lang] : `${t(lang, "historical")} ${era.from.slice(0, 4)}–${era.until.slice(0, 4)}`;
    if (!mark.current) return;
    setData(mark.current, "era", within ? "within" : "past");
    if (mark.current.textContent !== text) mark.current.textContent = text;
  });
  // Never empty: what takes no room counts as out of sight and would not be painted.
  return (
    <span ref={mark} className="era" title={era.note?.[lang] ?? era.name[lang]}>
      {"\u00a0"}
    </span>
  );
}
