"use client";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { dayStart, localDate, zoned } from "@/lib/clock";
import { eraAt, type CityFacts, type Lang } from "@/lib/contract/city";
import type { ExtentAnswer } from "@/lib/contract/api/history";
import type { CityEvent } from "@/lib/contract/events";
import { eventsTopic } from "@/lib/contract/topics";
import { gatewayPast } from "@/lib/live/past-source";
import type { PastPlayer, PlayerState } from "@/lib/live/replay-player";
import { usePageContext } from "@/components/ui/page-context";
import { formatTime, t, twoDigits } from "@/components/ui/i18n";
import { useRenderTask } from "@/components/ui/use-render-task";
import { DayTrack } from "./day-track";
import { goLive, showSplit, usePageTime, usePlayerState } from "./page-time";
import { Speeds, TimeKeys } from "./time-keys";
import { useMoves } from "./time-moves";
import { useAnswer } from "./use-answer";

const DAY = 86_400_000;
/**
 * How far back a second moment can be put with one press, and what that is called. A year is 52 weeks: weekdays meet
 * weekdays.
 */
const BACK = [
  [DAY, { zh: "1天前", en: "−1 d" }],
  [7 * DAY, { zh: "1周前", en: "−1 w" }],
  [28 * DAY, { zh: "4周前", en: "−4 w" }],
  [364 * DAY, { zh: "1年前", en: "−1 y" }],
] as const;

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

/** How the past is shown: not yet there, not in full, coarsely, or by what was known when. */
function shownAs({ loading, completeUntil, coarse, knowledge }: PlayerState, lang: Lang, timeZone: string): string {
  if (loading) return t(lang, "loadingPast");
  if (completeUntil !== null) return `${t(lang, "completeTo")} ${formatTime(completeUntil, timeZone, true)}`;
  if (coarse) return t(lang, "byMinute");
  return t(lang, knowledge === "then" ? "knownThen" : "knownSince");
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
  const [day, setDay] = useState(() => dayStart(state.at, city.timeZone));
  const events = useDayEvents(city, day);
  const kept = useKeptSince(city);
  const moves = useMoves(player, events);
  const knowledge = state.knowledge === "then" ? "since" : "then";
  const bar = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // A rule with `:has()` would be looked up at each change of a text.
    const wall = bar.current?.closest<HTMLElement>(".wall");
    if (!wall) return;
    wall.dataset.pastLoading = String(state.loading);
    return () => void delete wall.dataset.pastLoading;
  }, [state.loading]);
  return (
    <footer
      ref={bar}
      className="time-bar"
      data-past
      data-playing={state.playing}
      data-loading={state.loading}
      data-incomplete={state.completeUntil !== null}
    >
      <div className="time-mark">
        <strong>{t(lang, "notLive")}</strong>
        <span>{state.error ?? shownAs(state, lang, city.timeZone)}</span>
      </div>
      <TimeNow city={city} player={player} onDay={setDay} />
      <TimeKeys moves={moves} playing={state.playing} />
      <Speeds player={player} />
      <DayStep word="dayBefore" off={kept !== null && day <= kept} onPress={() => moves.step(-DAY)} />
      <DayTrack city={city} player={player} day={day} events={events} kept={kept} />
      <DayStep word="dayAfter" off={day + DAY > player.end()} onPress={() => moves.step(DAY)} />
      {splitView && <SplitViewKeys since={kept === null ? null : kept - day} />}
      <button type="button" className="time-knowledge" onClick={() => player.setKnowledge(knowledge)}>
        {t(lang, state.knowledge === "then" ? "knownThen" : "knownSince")}
      </button>
      <button type="button" className="time-live" onClick={goLive}>
        {t(lang, "backToLive")}
        <kbd>T</kbd>
      </button>
    </footer>
  );
}

/** The moment that is shown, with the era it is of. @param onDay is told the start (ms) of its day */
function TimeNow({ city, player, onDay }: { city: CityFacts; player: PastPlayer; onDay: (day: number) => void }) {
  const { lang } = usePageContext();
  const box = useRef<HTMLDivElement>(null);
  const clock = useRef<HTMLTimeElement>(null);
  const date = useRef<HTMLSpanElement>(null);
  useRenderTask(box, { rank: "figure", every: 100, topics: [], beat: true }, () => {
    const { at } = player.state();
    const z = zoned(at, city.timeZone);
    if (clock.current) {
      clock.current.textContent = `${twoDigits(z.hour)}:${twoDigits(z.minute)}:${twoDigits(z.second)}`;
      clock.current.dateTime = new Date(at).toISOString();
    }
    const written = localDate(at, city.timeZone);
    const era = eraAt(city, written);
    if (date.current) date.current.textContent = era ? `${written} · ${era.name[lang]}` : written;
    onDay(dayStart(at, city.timeZone));
  });
  return (
    <div ref={box} className="time-now">
      <span ref={date} className="figure" />
      <time ref={clock} className="figure" />
    </div>
  );
}

function DayStep({ word, off, onPress }: { word: "dayBefore" | "dayAfter"; off: boolean; onPress: () => void }) {
  const { lang } = usePageContext();
  return (
    <button
      type="button"
      className="time-day"
      onClick={onPress}
      disabled={off}
      aria-label={t(lang, word)}
      title={t(lang, word)}
    >
      {word === "dayBefore" ? "‹" : "›"}
    </button>
  );
}

/** Since when (ms) a city's past is kept; null while that is not known. */
function useKeptSince(city: CityFacts): number | null {
  const { answer } = useAnswer<ExtentAnswer>(`/api/v1/history/extent/${city.id}`);
  return answer?.from ? Date.parse(answer.from) : null;
}

/**
 * Puts a second moment beside the first, or takes it away.
 * @param since from where on there is a past, ms from the start of the day shown
 */
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
