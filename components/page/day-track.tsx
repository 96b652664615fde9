"use client";
import { useRef, type PointerEvent } from "react";
import { dayStart } from "@/lib/clock";
import type { CityFacts } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import type { PastPlayer } from "@/lib/live/replay-player";
import { eventKind, eventTitle, formatTime, t, twoDigits } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";
import { severityVariable } from "@/components/ui/theme";
import { useRenderTask } from "@/components/ui/use-render-task";
import { unavailable, type Stretch } from "./time-track";

const DAY = 86_400_000;
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];

function place(element: HTMLElement | null, { left, width }: Stretch): void {
  if (!element) return;
  element.style.left = `${left * 100}%`;
  element.style.width = `${width * 100}%`;
}

interface DayTrackProps {
  city: CityFacts;
  player: PastPlayer;
  /** start of the day shown, ms */
  day: number;
  /** events of the day */
  events: CityEvent[];
  /** since when the past is kept, ms; null while that is not known */
  kept: number | null;
}

/** The day as a line: the moment on it, its events, and what cannot be shown of it. A press or a drag goes there. */
export function DayTrack({ city, player, day, events, kept }: DayTrackProps) {
  const { lang } = usePageContext();
  const track = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLElement>(null);
  const lost = useRef<HTMLElement>(null);
  const ahead = useRef<HTMLElement>(null);
  useRenderTask(track, { rank: "figure", every: 100, topics: [], beat: true }, () => {
    const { at } = player.state();
    const start = dayStart(at, city.timeZone);
    const none = unavailable(start, DAY, kept, player.end());
    place(lost.current, none.before);
    place(ahead.current, none.ahead);
    if (head.current) head.current.style.left = `${((at - start) / DAY) * 100}%`;
  });
  const seekAt = (event: PointerEvent): void => {
    const box = track.current?.getBoundingClientRect();
    if (!box || event.buttons !== 1) return;
    const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    player.seek(Math.max(kept ?? 0, day + part * DAY));
  };
  return (
    <div ref={track} className="time-track" onPointerDown={seekAt} onPointerMove={seekAt}>
      <i ref={lost} className="time-none" title={t(lang, "notKept")} />
      <i ref={ahead} className="time-none" title={t(lang, "stillToCome")} />
      {HOURS.map((hour) => (
        <span key={hour} className="time-hour figure" style={{ left: `${(hour / 24) * 100}%` }}>
          {twoDigits(hour)}
        </span>
      ))}
      {events.map((event) => (
        <button
          key={event.id}
          type="button"
          className="time-event"
          style={{ left: `${((event.at - day) / DAY) * 100}%`, background: severityVariable(event.severity) }}
          title={`${formatTime(event.at, city.timeZone)} ${eventTitle(lang, event)}`}
          onPointerDown={(e) => e.stopPropagation()}
          onClick={() => player.seek(event.at)}
          aria-label={`${formatTime(event.at, city.timeZone)} ${eventKind(lang, event.kind)}`}
        />
      ))}
      <i ref={head} className="time-head" />
    </div>
  );
}
