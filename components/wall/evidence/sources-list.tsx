"use client";
import type { CityFacts } from "@/lib/contract/city";
import { worst, type Freshness } from "@/lib/contract/freshness";
import { isPulseWithheld, isWithheld, readSign, type Live } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { noRightWord } from "@/components/ui/no-right";
import { sourcesOf, type SourceItem } from "./sources";
import { say } from "./words";

interface SourcesProps {
  city: CityFacts;
  /** the one that is told of above */
  topic: string;
  topics: string[];
  /** of the screen, and not of a tile alone */
  whole: boolean;
  /** topics that are not in the list */
  more: number;
  onAsk: (topic: string) => void;
}

/** Null where there is no right to any of it, or to what it could be told by. */
function worstOf(live: Live, city: CityFacts, { topics }: SourceItem): Freshness | null {
  const told = topics.filter((one) => !isWithheld(live, one) && !isPulseWithheld(live, city, one));
  return told.length === 0 ? null : told.map((one) => readSign(live, city, one).freshness).reduce(worst, "live");
}

/** How alive an item is, or that there is no right to it. */
function State({ city, item }: { city: CityFacts; item: SourceItem }) {
  const { live, lang } = usePageContext();
  const freshness = worstOf(live, city, item);
  return freshness === null ? (
    <span className="badge-withheld">{noRightWord("noRight", lang)}</span>
  ) : (
    <span className="badge" data-freshness={freshness}>
      {t(lang, freshness)}
    </span>
  );
}

/** Where everything comes from that is shown beside a number, and how alive each of it is. */
export function Sources({ city, topic, topics, whole, more, onAsk }: SourcesProps) {
  const { lang } = usePageContext();
  if (topics.length < 2) return null;
  return (
    <section className="evidence-sources">
      <h3>{say(lang, whole ? "screenSources" : "tileSources")}</h3>
      {sourcesOf(city, topics, lang).map(({ system, name, owner, items }) => (
        <div key={system} data-system={system}>
          <h4>
            {name} <small>{owner}</small>
          </h4>
          <ul>
            {items.map((item) => (
              <li key={item.topic}>
                <button type="button" aria-current={item.topics.includes(topic)} onClick={() => onAsk(item.topic)}>
                  {item.name}
                  {item.topics.length > 1 && <small> ×{item.topics.length}</small>}
                </button>
                <State city={city} item={item} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      {more > 0 && <p>+ {more}</p>}
    </section>
  );
}
