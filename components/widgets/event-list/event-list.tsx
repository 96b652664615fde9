"use client";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { dayStart, localDate } from "@/lib/clock";
import { districtOf, type CityFacts } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import { eventsTopic } from "@/lib/contract/topics";
import type { WidgetProps } from "@/lib/contract/widget";
import { eventsOf } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import {
  eventKind,
  eventTitle,
  formatAge,
  formatNumber,
  levelWord,
  ownTitle,
  stageName,
  t,
} from "@/components/ui/i18n";
import { useMovedRows } from "@/components/ui/moved-rows";
import { rem } from "@/components/ui/theme";
import { useSize } from "@/components/ui/use-size";
import { useVersion } from "@/components/ui/use-version";
import { definition, type EventListSettings } from "./definition";
import { dotsFor, fitted, listed, pageOf, pinned, rowsIn, totalOf } from "./event-list-option";

const DWELL = 8_000;
/** An event opened this recently is pointed out, once. */
const NEW_MS = 10_000;

export default function EventList({ settings, city }: WidgetProps<EventListSettings>) {
  const { live, lang } = usePageContext();
  const count = (words: "inAll" | "andMore", n: number): string =>
    [t(lang, words), formatNumber(n, 0, lang), t(lang, `${words}After`)].filter((word) => word !== "").join(" ");
  const host = useRef<HTMLDivElement>(null);
  const room = useSize<{ width: number; height: number } | null>(host, null, ({ clientWidth, clientHeight }) => ({
    width: clientWidth / rem(),
    height: clientHeight / rem(),
  }));
  const { narrow, lines, fits } = rowsIn(room, lang);
  // The heartbeat as well: what tells that the feed is alive has to be asked for like anything else.
  useVersion(
    definition.topics(settings, city).map((wanted) => wanted.topic),
    1_000,
    true,
  );

  const today = { date: localDate(live.now(), city.timeZone), midnight: dayStart(live.now(), city.timeZone) };
  const state = eventsOf(live, eventsTopic(city.id));
  const events = listed(state, settings, today);
  const fixed = pinned(events, fits);
  const { items: turning, page, pages } = pageOf(events.slice(fixed.length), fits - fixed.length, live.now(), DWELL);
  const items = [...fixed, ...turning];
  const total = totalOf(state, settings, today);
  const counted = `${count("inAll", total)} · ${count("andMore", total - items.length)}`;
  const dots = dotsFor(pages, counted, room?.width ?? 0);
  useMovedRows(
    host,
    items.map(({ id }) => id),
  );
  return (
    <div ref={host} className="rows" data-narrow={narrow} data-title-lines={lines}>
      {items.length === 0 && <p className="empty">{t(lang, state ? "noEvents" : "noData")}</p>}
      {items.map((event) => (
        <EventRow key={event.id} event={event} city={city} width={narrow ? (room?.width ?? null) : null} />
      ))}
      {total > items.length && (
        <div className="pager">
          <span className="figure" data-total={total}>
            {counted}
          </span>
          {Array.from({ length: dots }, (_, i) => (
            <i key={i} data-on={i === page} />
          ))}
        </div>
      )}
    </div>
  );
}

/** One event; opens its page. @param width of a list in which its title has one line of its own, rem; else null */
function EventRow({ event, city, width }: { event: CityEvent; city: CityFacts; width: number | null }) {
  const { live, lang } = usePageContext();
  const router = useRouter();
  const age = live.now() - event.at;
  const title = eventTitle(lang, event);
  return (
    <div
      className={`row event-row ${age < NEW_MS ? "event-new" : ""}`}
      data-event={event.id}
      onClick={() => router.push(`/events/${city.id}/${encodeURIComponent(event.id)}`)}
    >
      <i className="event-mark" data-severity={event.severity}>
        {event.severity}
      </i>
      <div>
        <div className="event-title" title={title}>
          {width === null ? title : fitted(title, width)}
        </div>
        <div className="event-sub">
          {districtOf(city, event.district)?.short[lang] ?? levelWord(city, "whole", lang)}
          <span className="event-kind">
            {" · "}
            {ownTitle(lang, event) === null ? `No. ${event.id.split("-").pop()}` : eventKind(lang, event.kind)}
          </span>
        </div>
      </div>
      <div className="text-right">
        <div className="event-stage">{stageName(lang, event.stage)}</div>
        <div className="event-sub event-age figure">{formatAge(age, lang)}</div>
      </div>
    </div>
  );
}
