"use client";
import { useLayoutEffect, useRef, useState } from "react";
import { placesUnder, type CityFacts } from "@/lib/contract/city";
import { systemOf } from "@/lib/contract/widget";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readMetric } from "@/lib/live/read-metric";
import { changeText, comparedNow, comparisonName } from "@/components/ui/comparison";
import { formatTime, rankWords, t } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";
import { readingData, readingText } from "@/components/ui/paint-value";
import { QualityBadge } from "@/components/ui/quality-badge";
import { rem } from "@/components/ui/theme";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useVersion } from "@/components/ui/use-version";
import { cardPlace } from "./camera-option";
import type { MapSettings } from "./definition";
import type { Room } from "./layer";
import { rankOf } from "./place-facts-option";
import type { Hover } from "./wishes";

/** Between a card and what it is about, rem. */
const GAP = 1.2;

interface CardProps {
  hover: Hover;
  settings: MapSettings;
  city: CityFacts;
  metric: string;
  /** the part of the map that it may lie in, CSS pixels */
  room: () => Room;
}

/** What is known of the place that is chosen, beside it; what it tells is live. */
export default function MapCard({ hover, settings, city, metric: id, room }: CardProps) {
  const { lang } = usePageContext();
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  useLayoutEffect(() => {
    const { offsetWidth: width, offsetHeight: height } = card.current ?? { offsetWidth: 0, offsetHeight: 0 };
    setPlace(cardPlace(hover, { width, height }, room(), rem() * GAP));
  }, [hover, room]);
  const name = placesUnder(city, settings.subdivisions).find(({ adcode }) => adcode === hover.adcode)?.name[lang];
  const where = place ?? { left: 0, top: 0 };
  return (
    <div
      ref={card}
      className="map-card"
      data-place={hover.adcode}
      style={{ transform: `translate(${where.left}px, ${where.top}px)`, visibility: place ? "visible" : "hidden" }}
    >
      <strong>{name}</strong>
      <Facts adcode={hover.adcode} settings={settings} city={city} metric={id} />
    </div>
  );
}

/** The value with its unit, its rank, its change, how fresh it is and who says so. */
function Facts({ adcode, settings, city, metric: id }: Omit<CardProps, "hover" | "room"> & { adcode: string }) {
  const { live, lang } = usePageContext();
  const places = placesUnder(city, settings.subdivisions);
  const topicOf = (place: string): string => readingTopic(city.id, place, id);
  const topic = topicOf(adcode);
  const wish = { topic };
  useComparisons(city, [wish]);
  useVersion(
    places.map((place) => topicOf(place.adcode)),
    500,
    true,
  );
  const metric = metricFacts(city, id);
  const reading = readMetric(live, city, topic);
  const rank = rankOf(places, (place) => readMetric(live, city, topicOf(place)).counted, adcode);
  const compared = comparedNow(live, city, wish);
  const system = city.systems[systemOf(city, topic) ?? ""];
  const { quality, at, freshness } = reading;
  return (
    <>
      <div>{metric.name[lang]}</div>
      <div className="map-card-value">
        <span className="figure" data-topic={topic} {...readingData(reading, lang)}>
          {readingText(reading, lang)}
        </span>
        {metric.unit[lang] && <span className="unit">{metric.unit[lang]}</span>}
        {rank && <span>{rankWords(rank.place, rank.of, lang)}</span>}
      </div>
      {compared && (
        <div className="comparison" data-compare={compared.which} data-good={compared.good ?? ""}>
          {comparisonName(compared, metric, lang)} <span className="figure">{changeText(compared, metric, lang)}</span>
        </div>
      )}
      <div className="map-card-source">
        {freshness !== "live" && (
          <span className="badge" data-freshness={freshness}>
            {t(lang, freshness)}
          </span>
        )}
        <QualityBadge doubts={{ bad: Number(quality === "bad"), uncertain: Number(quality === "uncertain") }} />
        {at !== null && (
          <span>
            {t(lang, "observed")} <span className="figure">{formatTime(at, city.timeZone, true)}</span>
          </span>
        )}
        {system && <span>{system.name[lang]}</span>}
      </div>
    </>
  );
}
