"use client";
import "./feed-matrix.css";
import { readingTopic } from "@/lib/contract/topics";
import type { WidgetProps } from "@/lib/contract/widget";
import { readMetric } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { formatAge, t } from "@/components/ui/i18n";
import { QualityBadge } from "@/components/ui/quality-badge";
import { useVersion } from "@/components/ui/use-version";
import { definition, type FeedMatrixSettings } from "./definition";
import { columnsFor, feedStates } from "./feed-matrix-option";

export default function FeedMatrix({ settings, city }: WidgetProps<FeedMatrixSettings>) {
  const { live, lang } = usePageContext();
  useVersion(
    definition.topics(settings, city).map((wanted) => wanted.topic),
    1_000,
    true,
  );
  const states = feedStates(city, settings.systems, (metric) =>
    readMetric(live, city, readingTopic(city.id, "all", metric)),
  );
  const columns = columnsFor(states.length);
  return (
    <div className="feeds" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
      {states.map((state) => (
        <div
          key={state.system}
          className="feed"
          data-feed={state.system}
          data-freshness={state.freshness}
          data-quality={state.quality}
        >
          <div className="feed-name">{city.systems[state.system]?.name[lang]}</div>
          <div className="feed-line">
            <span className="badge" data-freshness={state.freshness}>
              {t(lang, state.freshness)}
            </span>
            <QualityBadge doubts={state.doubts} />
            <span className="figure">{state.at === null ? "–" : formatAge(live.now() - state.at, lang)}</span>
          </div>
        </div>
      ))}
    </div>
  );
}
