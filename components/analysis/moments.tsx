"use client";
import { useRef, useState } from "react";
import { instantOf, zoneOffset } from "@/lib/clock";
import type { Lang } from "@/lib/contract/city";
import { t } from "@/components/ui/i18n";

interface MomentsProps {
  /** ms */
  from: number;
  to: number;
  timeZone: string;
  lang: Lang;
  onChange: (range: [number, number]) => void;
}

/** A range to the minute, in the city's zone: typed, or picked from a calendar. */
export function Moments({ from, to, timeZone, lang, onChange }: MomentsProps) {
  return (
    <span className="analysis-moments figure">
      <Moment at={from} timeZone={timeZone} label={t(lang, "from")} onChange={(at) => at < to && onChange([at, to])} />
      <i>–</i>
      <Moment
        at={to}
        timeZone={timeZone}
        label={t(lang, "until")}
        onChange={(at) => at > from && onChange([from, at])}
      />
    </span>
  );
}

const WRITTEN = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2})$/;

/** The moment (ms) that a text like 2026-11-22 08:30 means on a zone's clocks; NaN where they never show it. */
export function readMoment(text: string, timeZone: string): number {
  const [, ...parts] = WRITTEN.exec(text.trim()) ?? [];
  if (parts.length === 0) return NaN;
  const [year, month, day, hour, minute] = parts.map(Number) as [number, number, number, number, number];
  const at = instantOf(Date.UTC(year, month - 1, day, hour, minute), timeZone);
  // Date.UTC lets the 31st of February be in March and 08:75 be 09:15, and clocks leave hours out.
  const [years, ...rest] = parts as [string, ...string[]];
  const [months, days, hours, minutes] = rest.map((part) => part.padStart(2, "0"));
  return writeMoment(at, timeZone) === `${years}-${months}-${days} ${hours}:${minutes}` ? at : NaN;
}

/** A moment as the zone's clocks show it: 2026-11-22 08:30. */
export function writeMoment(at: number, timeZone: string): string {
  return new Date(at + zoneOffset(at, timeZone)).toISOString().slice(0, 16).replace("T", " ");
}

/** The browser's own field writes dates in the machine's language, so it only lends its calendar. */
function Moment({
  at,
  timeZone,
  label,
  onChange,
}: {
  at: number;
  timeZone: string;
  label: string;
  onChange: (at: number) => void;
}) {
  const written = writeMoment(at, timeZone);
  const [draft, setDraft] = useState<string | null>(null);
  const calendar = useRef<HTMLInputElement>(null);
  const take = (text: string): void => {
    const read = readMoment(text, timeZone);
    setDraft(null);
    if (Number.isFinite(read)) onChange(read);
  };
  return (
    <span className="analysis-moment">
      <input
        type="text"
        size={16}
        value={draft ?? written}
        aria-label={label}
        aria-invalid={draft !== null && !Number.isFinite(readMoment(draft, timeZone))}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => draft !== null && take(draft)}
        onKeyDown={(event) => event.key === "Enter" && draft !== null && take(draft)}
      />
      <input
        ref={calendar}
        type="datetime-local"
        tabIndex={-1}
        aria-hidden="true"
        value={written.replace(" ", "T")}
        onChange={(event) => take(event.target.value)}
      />
      <button type="button" aria-label={label} onClick={() => calendar.current?.showPicker()}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M7 2v3H4v16h16V5h-3V2h-2v3H9V2zM6 10h12v9H6z" fill="currentColor" />
        </svg>
      </button>
    </span>
  );
}
