"use client";
import { memo } from "react";
import { placesUnder, type CityFacts } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { isWithheld, readMetric } from "@/lib/live/read-metric";
import { rankWords, t } from "@/components/ui/i18n";
import { noRightWord } from "@/components/ui/no-right";
import { usePageContext } from "@/components/ui/page-context";
import { qualityWords, readingText } from "@/components/ui/paint-value";
import { useVersion } from "@/components/ui/use-version";
import { fillMetric, type MapSettings } from "./definition";
import { rankOf } from "./place-facts-option";

/** How often what is read aloud is written anew, ms. */
const EVERY = 5_000;

interface PlacesProps {
  settings: MapSettings;
  city: CityFacts;
  onChoose: (adcode: string | null) => void;
  onOpen: (adcode: string) => void;
}

/** A map's places for who cannot see or point: buttons that are read aloud, choose a place by focus and open it when pressed. */
export default memo(function MapPlaces({ settings, city, onChoose, onOpen }: PlacesProps) {
  const { live, lang } = usePageContext();
  const places = placesUnder(city, settings.subdivisions);
  const id = fillMetric(settings);
  const topics = id ? places.map(({ adcode }) => readingTopic(city.id, adcode, id)) : [];
  useVersion(topics, EVERY, true);
  const counted = (adcode: string): number | null =>
    id ? readMetric(live, city, readingTopic(city.id, adcode, id)).counted : null;
  // Among those alone that one may look at, no place has a rank.
  const whole = topics.every((topic) => !isWithheld(live, topic));
  const wordsOf = (adcode: string): string => {
    if (!id) return "";
    const reading = readMetric(live, city, readingTopic(city.id, adcode, id));
    if (reading.withheld) return noRightWord("noRight", lang);
    const { name, unit } = metricFacts(city, id);
    const rank = whole ? rankOf(places, counted, adcode) : null;
    const value =
      reading.value === null
        ? t(lang, "noData")
        : `${readingText(reading, lang)}${lang === "zh" ? "" : " "}${unit[lang]}`;
    const state =
      reading.value !== null && reading.counted === null && reading.quality !== "bad" ? t(lang, reading.freshness) : "";
    return [
      name[lang],
      value.trim(),
      rank && rankWords(rank.place, rank.of, lang),
      state,
      qualityWords(reading.quality, lang),
    ]
      .filter(Boolean)
      .join(" ");
  };
  return (
    <ul className="map-places">
      {places.map(({ adcode, name }) => (
        <li key={adcode}>
          <button
            type="button"
            aria-label={`${name[lang]} ${wordsOf(adcode)}`}
            onFocus={() => onChoose(adcode)}
            onBlur={() => onChoose(null)}
            onClick={() => onOpen(adcode)}
          />
        </li>
      ))}
    </ul>
  );
});
