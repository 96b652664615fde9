"use client";
import { placesUnder, type CityFacts } from "@/lib/contract/city";
import { systemOf } from "@/lib/contract/widget";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { isWithheld, readMetric } from "@/lib/live/read-metric";
import { changeText, comparedNow, comparisonName } from "@/components/ui/comparison";
import { formatTime, rankWords, t } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";
import { readingData, readingText } from "@/components/ui/paint-value";
import { QualityBadge } from "@/components/ui/quality-badge";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useVersion } from "@/components/ui/use-version";
import { CardFrame } from "./card-frame";
import type { MapSettings } from "./definition";
import type { Room } from "./layer";
import { rankOf } from "./place-facts-option";
import type { PlaceHover } from "./wishes";

interface CardProps {
  hover: PlaceHover;
  settings: MapSettings;
  city: CityFacts;
  metric: string;
  /** the part of the map that it may lie in, CSS pixels */
  room: () => Room;
}

/** What is known of the place that is chosen, beside it; what it tells is live. */
export default function MapCard({ hover, settings, city, metric: id, room }: CardProps) {
  const { lang } = usePageContext();
  const name = placesUnder(city, settings.subdivisions).find(({ adcode }) => adcode === hover.adcode)?.name[lang];
  return (
    <CardFrame hover={hover} room={room} data-place={hover.adcode}>
      <strong>{name}</strong>
      <Facts adcode={hover.adcode} settings={settings} city={city} metric={id} />
    </CardFrame>
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
  // Among those alone that one may look at, no place has a rank.
  const whole = places.every((place) => !isWithheld(live, topicOf(place.adcode)));
  const rank = whole ? rankOf(places, (place) => readMetric(live, city, topicOf(place)).counted, adcode) : null;
  const compared = comparedNow(live, city, wish);
  const system = city.systems[systemOf(city, topic) ?? ""];
  const { quality, at, freshness, withheld } = reading;
  return (
    <>
      <div>{metric.name[lang]}</div>
      <div className="map-card-value">
        <span className="figure" data-topic={topic} {...readingData(reading, lang)}>
          {readingText(reading, lang)}
        </span>
        {metric.unit[lang] && !withheld && <span className="unit">{metric.unit[lang]}</span>}
        {rank && <span>{rankWords(rank.place, rank.of, lang)}</span>}
      </div>
      {compared && (
        <div className="comparison" data-compare={compared.which} data-good={compared.good ?? ""}>
          {comparisonName(compared, metric, lang)} <span className="figure">{changeText(compared, metric, lang)}</span>
        </div>
      )}
      <div className="map-card-source">
        {freshness !== "live" && !withheld && (
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
