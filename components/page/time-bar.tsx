"use client";
import { useCallback, useEffect, useRef, useState, type PointerEvent } from "react";
import { dayStart, localDate, zoned } from "@/lib/clock";
import type { ExtentAnswer } from "@/lib/contract/api/history";
import { eraAt, type CityFacts } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import { eventsTopic } from "@/lib/contract/topics";
import { gatewayPast, SPEEDS, type PastPlayer, type PlayerState } from "@/lib/live/replay-player";
import { usePageContext } from "@/components/ui/page-context";
import { eventKind, formatTime, t, twoDigits } from "@/components/ui/i18n";
import { SEVERITY } from "@/components/ui/theme";
import { useRenderTask } from "@/components/ui/use-render-task";
import { goLive, showSplit, typing, usePageTime, usePlayerState } from "./page-time";
import { unavailable } from "./time-track";
import { useAnswer } from "./use-answer";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How far back a second moment can be put with one press, and what that is called. A year is 52 weeks: weekdays meet weekdays. */
const BACK = [
  [DAY, { zh: "前一日", en: "−1 d" }],
  [7 * DAY, { zh: "上周", en: "−7 d" }],
  [28 * DAY, { zh: "四周前", en: "−28 d" }],
  [364 * DAY, { zh: "去年", en: "−1 y" }],
] as const;
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];

/** Events of a day worth jumping to: when each was opened. */
function useDayEvents(city: CityFacts, day: number): CityEvent[] {
  const [events, setEvents] = useState<CityEvent[]>([]);
  useEffect(() => {
    let gone = false;
    void gatewayPast()
      .changes({ from: day - 1, to: day + DAY - 1, knowledge: "since", downsample: 0, topics: [eventsTopic(city.id)] })
      .then(
        (changes) => {
          if (!gone)
            setEvents(
              changes.events
                .map(({ event }) => event)
                .filter((event) => event.stage === event.stages[0] && event.severity >= 3)
                .sort((a, b) => a.at - b.at),
            );
        },
        () => {
          if (!gone) setEvents([]);
        },
      );
    return () => {
      gone = true;
    };
  }, [city.id, day]);
  return events;
}

/** How the past is shown: not yet there, coarsely, or by what was known when. */
function shownAs({ loading, coarse, knowledge }: PlayerState) {
  if (loading) return "loadingPast";
  if (coarse) return "byMinute";
  return knowledge === "then" ? "knownThen" : "knownSince";
}

/**
 * The time machine's controls, and the mark that what is shown is not live, which nothing can switch off.
 * @param splitView whether the page can show a second moment beside this one
 */
export function TimeBar({
  city,
  player,
  splitView = false,
}: {
  city: CityFacts;
  player: PastPlayer;
  splitView?: boolean;
}) {
  const { lang } = usePageContext();
  const state = usePlayerState(player);
  const bar = useRef<HTMLElement>(null);
  const clock = useRef<HTMLTimeElement>(null);
  const date = useRef<HTMLSpanElement>(null);
  const head = useRef<HTMLElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const [day, setDay] = useState(() => dayStart(state.at, city.timeZone));
  const events = useDayEvents(city, day);
  const lost = useRef<HTMLElement>(null);
  const ahead = useRef<HTMLElement>(null);
  const kept = useKeptSince(city);

  useRenderTask(bar, { rank: "figure", every: 100, topics: [], beat: true }, () => {
    const { at } = player.state();
    const z = zoned(at, city.timeZone);
    if (clock.current) {
      clock.current.textContent = `${twoDigits(z.hour)}:${twoDigits(z.minute)}:${twoDigits(z.second)}`;
      clock.current.dateTime = new Date(at).toISOString();
    }
    const written = localDate(at, city.timeZone);
    const era = eraAt(city, written);
    if (date.current) date.current.textContent = era ? `${written} · ${era.name[lang]}` : written;
    const start = dayStart(at, city.timeZone);
    if (start !== day) setDay(start);
    const none = unavailable(start, DAY, kept, player.end());
    for (const [place, { left, width }] of [
      [lost.current, none.before],
      [ahead.current, none.ahead],
    ] as const) {
      if (!place) continue;
      place.style.left = `${left * 100}%`;
      place.style.width = `${width * 100}%`;
    }
    if (head.current) head.current.style.left = `${((at - start) / DAY) * 100}%`;
  });

  const step = useCallback((ms: number) => player.seek(player.state().at + ms), [player]);
  const jump = useCallback(
    (by: 1 | -1) => {
      const { at } = player.state();
      const found =
        by > 0
          ? events.find((event) => event.at > at + 1_000)
          : [...events].reverse().find((event) => event.at < at - 1_000);
      if (found) player.seek(found.at);
    },
    [player, events],
  );
  const faster = useCallback(
    (by: 1 | -1) => {
      const next = SPEEDS[SPEEDS.indexOf(player.state().speed) + by];
      if (next) player.setSpeed(next);
    },
    [player],
  );

  useEffect(() => {
    const keys: Record<string, () => void> = {
      " ": () => player.play(!player.state().playing),
      ",": () => step(-MINUTE),
      ".": () => step(MINUTE),
      "[": () => jump(-1),
      "]": () => jump(1),
      "-": () => faster(-1),
      "=": () => faster(1),
      "+": () => faster(1),
    };
    const onKey = (event: KeyboardEvent): void => {
      const act = keys[event.key];
      if (!act || event.altKey || event.ctrlKey || event.metaKey || typing(event)) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [player, step, jump, faster]);

  const seekAt = (event: PointerEvent): void => {
    const box = track.current?.getBoundingClientRect();
    if (box && event.buttons === 1)
      player.seek(Math.max(kept ?? 0, day + Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * DAY));
  };

  return (
    <footer ref={bar} className="time-bar" data-past data-playing={state.playing} data-loading={state.loading}>
      <div className="time-mark">
        <strong>{t(lang, "notLive")}</strong>
        <span>{state.error ?? t(lang, shownAs(state))}</span>
      </div>
      <div className="time-now">
        <span ref={date} className="figure" />
        <time ref={clock} className="figure" />
      </div>
      <div className="time-keys">
        <button
          type="button"
          onClick={() => jump(-1)}
          aria-label={t(lang, "lastEvent")}
          title={`${t(lang, "lastEvent")} [`}
        >
          <svg viewBox="0 0 24 24">
            <path d="M6 5h2.4v14H6zm12.5 0v14L9.5 12z" />
          </svg>
        </button>
        <button
          type="button"
          onClick={() => step(-MINUTE)}
          aria-label={t(lang, "earlier")}
          title={`${t(lang, "earlier")} ,`}
        >
          <svg viewBox="0 0 24 24">
            <path d="M12.5 5v14L4 12zm8 0v14L12 12z" />
          </svg>
        </button>
        <button
          type="button"
          className="time-play"
          onClick={() => player.play(!state.playing)}
          aria-label={t(lang, state.playing ? "pause" : "play")}
        >
          <svg viewBox="0 0 24 24">
            {state.playing ? <path d="M6 5h4v14H6zm8 0h4v14h-4z" /> : <path d="M7 4.5v15L20 12z" />}
          </svg>
        </button>
        <button
          type="button"
          onClick={() => step(MINUTE)}
          aria-label={t(lang, "later")}
          title={`${t(lang, "later")} .`}
        >
          <svg viewBox="0 0 24 24">
            <path d="M11.5 5v14L20 12zm-8 0v14L12 12z" />
          </svg>
        </button>
        <button
          type="button"
          onClick={() => jump(1)}
          aria-label={t(lang, "nextEvent")}
          title={`${t(lang, "nextEvent")} ]`}
        >
          <svg viewBox="0 0 24 24">
            <path d="M15.6 5H18v14h-2.4zM5.5 5v14l9-7z" />
          </svg>
        </button>
      </div>
      <div className="time-speeds" role="group" aria-label={t(lang, "speed")}>
        {SPEEDS.map((speed) => (
          <button
            key={speed}
            type="button"
            className="figure"
            aria-pressed={state.speed === speed}
            onClick={() => player.setSpeed(speed)}
          >
            {speed}×
          </button>
        ))}
      </div>
      <button
        type="button"
        className="time-day"
        onClick={() => step(-DAY)}
        disabled={kept !== null && day <= kept}
        aria-label={t(lang, "dayBefore")}
        title={t(lang, "dayBefore")}
      >
        ‹
      </button>
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
            style={{ left: `${((event.at - day) / DAY) * 100}%`, background: SEVERITY[event.severity - 1] }}
            title={`${formatTime(event.at, city.timeZone)} ${eventKind(lang, event.kind)} ${event.title}`}
            onPointerDown={(e) => e.stopPropagation()}
            onClick={() => player.seek(event.at)}
            aria-label={`${formatTime(event.at, city.timeZone)} ${eventKind(lang, event.kind)}`}
          />
        ))}
        <i ref={head} className="time-head" />
      </div>
      <button
        type="button"
        className="time-day"
        onClick={() => step(DAY)}
        disabled={day + DAY > player.end()}
        aria-label={t(lang, "dayAfter")}
        title={t(lang, "dayAfter")}
      >
        ›
      </button>
      {splitView && <SplitViewKeys since={kept === null ? null : kept - day} />}
      <button
        type="button"
        className="time-knowledge"
        onClick={() => player.setKnowledge(state.knowledge === "then" ? "since" : "then")}
      >
        {t(lang, state.knowledge === "then" ? "knownThen" : "knownSince")}
      </button>
      <button type="button" className="time-live" onClick={goLive}>
        {t(lang, "backToLive")}
        <kbd>T</kbd>
      </button>
    </footer>
  );
}

/** Since when (ms) a city's past is kept; null while that is not known. */
function useKeptSince(city: CityFacts): number | null {
  const { answer } = useAnswer<ExtentAnswer>(`/api/v1/history/extent/${city.id}`);
  return answer?.from ? Date.parse(answer.from) : null;
}

/** Puts a second moment beside the first, or takes it away. @param since from where on there is a past, ms from the start of the day shown */
function SplitViewKeys({ since }: { since: number | null }) {
  const { lang } = usePageContext();
  const split = usePageTime()?.split ?? null;
  if (!split)
    return (
      <button type="button" className="time-knowledge" onClick={() => showSplit(-7 * DAY)}>
        {t(lang, "beside")}
      </button>
    );
  return (
    <div className="time-speeds time-split" role="group" aria-label={t(lang, "beside")}>
      {BACK.map(([ms, name]) => (
        <button
          key={ms}
          type="button"
          aria-pressed={split.offset === -ms}
          disabled={since !== null && DAY - ms <= since}
          onClick={() => showSplit(-ms)}
        >
          {name[lang]}
        </button>
      ))}
      <button type="button" onClick={() => showSplit(null)} aria-label={t(lang, "oneTime")} title={t(lang, "oneTime")}>
        ×
      </button>
    </div>
  );
}
