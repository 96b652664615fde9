"use client";
import "./event-card.css";
import Link from "next/link";
import { districtOf, type CityFacts, type Lang, type Text } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import type { Severity } from "@/lib/contract/severity";
import { eventsTopic } from "@/lib/contract/topics";
import { eventsWanted } from "@/lib/contract/widget";
import { eventsOf, isPulseWithheld, readSign } from "@/lib/live/read-metric";
import { eventTitle, formatAge, formatNumber, levelWord, stageName, t } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";
import { SEVERITY_SHAPES } from "@/components/ui/severity-shapes";
import { stamp } from "@/components/ui/stamp";
import { severityVariable } from "@/components/ui/theme";
import { useVersion } from "@/components/ui/use-version";
import { CardFrame } from "./card-frame";
import { eventFacts } from "./event-facts-option";
import type { Room } from "./layer";
import type { EventsHover } from "./wishes";

/** How many events a list shows at the most: the gravest. */
const ROWS = 8;
/** A card's own words come with it: no wall needs them before a hand is there. */
const WORDS = {
  open: { zh: "点击查看详情", en: "Click or tap for details" },
  zoom: { zh: "点击放大查看", en: "Click or tap to zoom in" },
  list: { zh: "点击列出全部", en: "Click or tap to list them" },
  events: { zh: "在办事件", en: "Open events" },
  gravest: { zh: "最高等级：", en: "Most severe: " },
} as const satisfies Record<string, Text>;

interface CardProps {
  hover: EventsHover;
  city: CityFacts;
  /** the part of the map that it may lie in, CSS pixels */
  room: () => Room;
}

/** What is known of events under a hand: of one what and since when, of several how many, how grave, and the gravest. */
export default function EventCard({ hover, city, room }: CardProps) {
  const { live, lang } = usePageContext();
  const topic = eventsTopic(city.id);
  useVersion(
    eventsWanted(city).map((wanted) => wanted.topic),
    500,
    true,
  );
  const { open, severities } = eventFacts(eventsOf(live, topic), hover.events);
  const [first] = open;
  if (!first) return null;
  const { freshness } = readSign(live, city, topic);
  return (
    <CardFrame hover={hover} room={room} data-events={open.length} data-listed={hover.listed === true}>
      {open.length === 1 ? <strong>{eventTitle(lang, first)}</strong> : <Counts total={open.length} by={severities} />}
      {hover.listed ? (
        <Rows events={open} city={city} />
      ) : (
        <Gravest event={first} alone={open.length === 1} city={city} />
      )}
      {freshness !== "live" && !isPulseWithheld(live, city, topic) && (
        <span className="badge" data-freshness={freshness}>
          {t(lang, freshness)}
        </span>
      )}
      {!hover.listed && <div className="map-event-hint">{WORDS[hover.then][lang]}</div>}
    </CardFrame>
  );
}

function SeverityMark({ severity, children }: { severity: Severity; children?: React.ReactNode }) {
  const { lang } = usePageContext();
  return (
    <span className="map-severity">
      <svg viewBox="0 0 64 64" role="img" aria-label={t(lang, `severity${severity}`)}>
        <path d={SEVERITY_SHAPES[severity]} fill={severityVariable(severity)} />
      </svg>
      {children}
    </span>
  );
}

/** How many events there are, and of which severity. */
function Counts({ total, by }: { total: number; by: [Severity, number][] }) {
  const { lang } = usePageContext();
  return (
    <>
      <div className="map-card-value">
        <strong>{WORDS.events[lang]}</strong>
        <span className="figure">{formatNumber(total, 0, lang)}</span>
        {lang === "zh" && <span className="unit">件</span>}
      </div>
      <ul className="map-event-counts">
        {by.map(([severity, many]) => (
          <li key={severity}>
            <SeverityMark severity={severity}>
              {t(lang, `severity${severity}`)} <span className="figure">{formatNumber(many, 0, lang)}</span>
            </SeverityMark>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Since when an event is open. */
function since(event: CityEvent, now: number, lang: Lang): string {
  return `${t(lang, "openFor")} ${formatAge(now - event.at, lang)}`;
}

/** Of one event what it is, where it stands and since when; of several this of the gravest. */
function Gravest({ event, alone, city }: { event: CityEvent; alone: boolean; city: CityFacts }) {
  const { live, lang } = usePageContext();
  const place = districtOf(city, event.district)?.short[lang] ?? levelWord(city, "whole", lang);
  return (
    <>
      {!alone && (
        <div>
          {WORDS.gravest[lang]}
          <SeverityMark severity={event.severity}>{eventTitle(lang, event)}</SeverityMark>
        </div>
      )}
      <div className="map-card-source">
        {alone && <SeverityMark severity={event.severity}>{t(lang, `severity${event.severity}`)}</SeverityMark>}
        <span>{stageName(lang, event.stage)}</span>
        <span>{place}</span>
      </div>
      <div className="map-card-source">
        <span className="figure">{stamp(event.at, city.timeZone)}</span>
        <span>{since(event, live.now(), lang)}</span>
      </div>
    </>
  );
}

/** Events to choose from, the gravest first; each leads to its page. */
function Rows({ events, city }: { events: CityEvent[]; city: CityFacts }) {
  const { live, lang } = usePageContext();
  const more = events.length - ROWS;
  return (
    <>
      <ul className="map-event-list">
        {events.slice(0, ROWS).map((event) => (
          <li key={event.id}>
            <Link href={`/events/${city.id}/${encodeURIComponent(event.id)}`} prefetch={false} data-event={event.id}>
              <SeverityMark severity={event.severity} />
              <span>{eventTitle(lang, event)}</span>
              <span className="figure">{formatAge(live.now() - event.at, lang)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <div className="map-event-hint">
          {t(lang, "andMore")} <span className="figure">{formatNumber(more, 0, lang)}</span> {t(lang, "andMoreAfter")}
        </div>
      )}
    </>
  );
}
