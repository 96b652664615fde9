"use client";
import type { CityFacts } from "@/lib/contract/city";
import { usePageContext } from "@/components/ui/page-context";
import { readingData, readingText } from "@/components/ui/paint-value";
import { PlaceLink } from "@/components/ui/place-link";
import { splitOf, splitWord } from "./split";
import { say } from "./words";

/** The number by place: each leads to its place's page, and its value to its own evidence. */
export function Split({ city, topic }: { city: CityFacts; topic: string }) {
  const { live, lang } = usePageContext();
  const rows = splitOf(live, city, topic, lang);
  if (rows.length === 0) return null;
  return (
    <section className="evidence-split">
      <h3>
        {say(lang, "byDistrict")} · {splitWord(city, topic, lang)}
      </h3>
      <ul>
        {rows.map(({ adcode, name, topic: own, reading, part, own: isOwn }) => (
          <li key={adcode} data-own={isOwn}>
            <PlaceLink city={city.id} place={adcode} name={name} />
            <i>{part !== null && <b style={{ width: `${part * 100}%` }} />}</i>
            <span className="figure" data-topic={own} {...readingData(reading, lang)}>
              {readingText(reading, lang)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
