"use client";
import "./event-story.css";
import { lazy, Suspense } from "react";
import { useRouter } from "next/navigation";
import { districtOf } from "@/lib/contract/city";
import { isClosed } from "@/lib/contract/events";
import { eventsTopic } from "@/lib/contract/topics";
import type { WidgetProps } from "@/lib/contract/widget";
import { isChosen } from "@/lib/contract/widget-settings";
import { eventsOf } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import {
  eventKind,
  formatAge,
  formatTime,
  levelWord,
  ownTitle,
  readsIn,
  stageName,
  t,
  type Word,
} from "@/components/ui/i18n";
import { useEvent, type FoundEvent } from "@/components/ui/use-event";
import { useVersion } from "@/components/ui/use-version";
import { definition, type EventStorySettings } from "./definition";
import { chapters, chosen } from "./event-story-option";

const Reporters = lazy(() => import("./reporters"));

/** Why there is no event to tell of. */
function noneWord(asked: string | undefined, state: FoundEvent["state"], past: boolean, told: boolean): Word {
  if (asked === undefined) return told ? "noEvents" : "noData";
  if (state === "unknown") return past ? "eventUnknownThen" : "eventUnknown";
  return state === "away" ? "eventAway" : "loadingEvent";
}

export default function EventStory({ settings, city }: WidgetProps<EventStorySettings>) {
  const { live, lang } = usePageContext();
  const router = useRouter();
  // The heartbeat as well: what tells that the feed is alive has to be asked for like anything else.
  useVersion(
    definition.topics(settings, city).map((wanted) => wanted.topic),
    1_000,
    true,
  );
  const now = live.now();
  const state = eventsOf(live, eventsTopic(city.id));
  const shown = chosen(state, settings.event, (e) => isChosen(e, settings), now);
  // A page is sent the newest events; an older one is looked up.
  const found = useEvent(city.id, shown ? null : (settings.event ?? null));
  const event = shown ?? found.event;
  if (!event)
    return <p className="empty">{t(lang, noneWord(settings.event, found.state, live.past, state !== undefined))}</p>;
  const where = districtOf(city, event.district)?.name[lang] ?? levelWord(city, "whole", lang);
  const title = ownTitle(lang, event);
  const told = chapters(event, now);
  const what = `${eventKind(lang, event.kind)} · ${where}`;
  return (
    <div className="story" data-event={event.id}>
      <header
        onClick={() =>
          settings.event === undefined && router.push(`/events/${city.id}/${encodeURIComponent(event.id)}`)
        }
      >
        <i className="event-mark" data-severity={event.severity}>
          {event.severity}
        </i>
        <h2>{title ?? what}</h2>
        <p>
          {title === null ? `No. ${event.id.split("-").slice(-2).join("-")}` : what}
          {readsIn(lang, event.source) && ` · ${t(lang, "reportedBy")} ${event.source}`}
        </p>
        <b className="figure">
          {t(lang, isClosed(event) ? "since" : "openFor")}{" "}
          {formatAge((isClosed(event) ? event.updated : now) - event.at, lang)}
        </b>
      </header>
      <ol style={{ gridTemplateColumns: `repeat(${event.stages.length}, minmax(0, 1fr))` }}>
        {told.map(({ stage, state, at, took, unit }) => (
          <li key={stage} data-state={state} data-stage={stage}>
            <i />
            <strong>{stageName(lang, stage)}</strong>
            <time className="figure">{at === null ? "" : formatTime(at, city.timeZone, true)}</time>
            <span>{took === null ? "" : formatAge(took, lang)}</span>
            {unit !== null && readsIn(lang, unit) && <small>{unit}</small>}
          </li>
        ))}
      </ol>
      {/* On a wall, where events take turns, it is told what happens: who reported it is for who looks at the one event. */}
      {settings.event !== undefined && (
        <Suspense>
          <Reporters event={event} chapters={told} city={city} now={now} />
        </Suspense>
      )}
    </div>
  );
}
