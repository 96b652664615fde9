"use client";
import { zoned } from "@/lib/clock";
import type { City } from "@/lib/contract/city";
import { useSurroundings } from "./context";
import { t, twoDigits } from "./i18n";

/**
 * Says which time a historical figure belongs to: outside of its era that it is history, in a replay of it the era's name.
 * Looked at anew when the page is drawn anew: an era ends with a day and not with a second.
 */
export function Era({ era, city }: { era: City["eras"][string]; city: Pick<City, "timeZone"> }) {
  const { live, lang } = useSurroundings();
  const now = zoned(live.now(), city.timeZone);
  const date = `${now.year}-${twoDigits(now.month)}-${twoDigits(now.day)}`;
  const within = live.past && era.from <= date && date <= era.until;
  return <span className="era" data-era={within ? "within" : "past"} title={era.note?.[lang] ?? era.name[lang]}>{within ? era.name[lang] : `${t(lang, "historical")} ${era.from.slice(0, 4)}–${era.until.slice(0, 4)}`}</span>;
}
