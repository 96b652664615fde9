"use client";
import { zoneOffset } from "@/lib/clock";
import type { Lang } from "@/lib/contract/city";
import { t } from "@/components/ui/i18n";

/** A range to the minute, in the city's zone. */
export function Moments({ from, to, timeZone, lang, onChange }: { from: number; to: number; timeZone: string; lang: Lang; onChange: (range: [number, number]) => void }) {
  const local = (at: number): string => new Date(at + zoneOffset(at, timeZone)).toISOString().slice(0, 16);
  const parse = (text: string): number => {
    const at = Date.parse(`${text}:00Z`);
    return at - zoneOffset(at, timeZone);
  };
  return (
    <span className="analysis-moments figure">
      <input type="datetime-local" value={local(from)} aria-label={t(lang, "from")} onChange={(event) => event.target.value && parse(event.target.value) < to && onChange([parse(event.target.value), to])} />
      <i>–</i>
      <input type="datetime-local" value={local(to)} aria-label={t(lang, "until")} onChange={(event) => event.target.value && parse(event.target.value) > from && onChange([from, parse(event.target.value)])} />
    </span>
  );
}
