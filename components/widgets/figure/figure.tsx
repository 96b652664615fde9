"use client";
import { useRef } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refTopic } from "@/lib/contract/widget-settings";
import { readingOf } from "@/lib/live/live";
import { useSurroundings } from "@/components/ui/context";
import { formatMetric, formatValue, t } from "@/components/ui/i18n";
import { Era } from "@/components/ui/era";
import { paintValue } from "@/components/ui/paint-value";
import { usePainter } from "@/components/ui/use-painter";
import type { FigureSettings } from "./definition";
import { definition } from "./definition";
import { sparkFrom, sparkPath, trendOf, yesterdayOf } from "./figure-option";

const ARROWS = { up: "▲", down: "▼", flat: "■" } as const;
/** A trend moves over hours: computing it with every reading would only cost. */
const TREND_EVERY = 5_000;

/** One value: painted straight into the page, before any chart gets its turn. */
export default function Figure({ settings, city }: WidgetProps<FigureSettings>) {
  const { live, lang } = useSurroundings();
  const host = useRef<HTMLDivElement>(null);
  const value = useRef<HTMLSpanElement>(null);
  const trend = useRef<HTMLSpanElement>(null);
  const before = useRef<HTMLSpanElement>(null);
  const spark = useRef<SVGPathElement>(null);
  const trendAt = useRef(0);
  const metric = metricFacts(city, settings.metric);
  const topic = refTopic(city, settings);
  // A target is the whole city's; for a district it holds only where it is a level and not a count.
  const era = metric.era ? city.eras[metric.era] : undefined;
  const target = metric.target !== undefined && (settings.district === "all" || metric.kind === "gauge") ? metric.target : null;

  usePainter(host, { rank: "figure", every: 30, topics: definition.topics(settings, city), beat: true }, () => {
    const state = readingOf(live, topic);
    const now = live.now();
    const place = value.current;
    if (!place) return;
    paintValue(place, live, topic, metric, lang);
    if (!state || now - trendAt.current < TREND_EVERY) return;
    trendAt.current = state.coarse.length > 0 ? now : 0;
    const change = settings.trend ? trendOf(metric, state.coarse, now) : null;
    if (trend.current) {
      trend.current.textContent = change ? `${ARROWS[change.direction]} ${change.text}` : "";
      trend.current.dataset.good = change?.good === null || !change ? "" : String(change.good);
    }
    const whole = settings.yesterday ? yesterdayOf(metric.kind, state.hourly, now, city.timeZone) : null;
    if (before.current?.parentElement) {
      before.current.parentElement.hidden = whole === null;
      before.current.textContent = whole === null ? "" : formatMetric(metric, settings.district, whole, lang);
    }
    spark.current?.setAttribute("d", settings.spark ? sparkPath(state.coarse, sparkFrom(metric.kind, now, city.timeZone), now) : "");
  });

  return (
    <div ref={host} className="figure-box">
      <div className="figure-line">
        <span ref={value} className="figure figure-value" data-topic={topic} data-at="" data-freshness="offline">–</span>
        <span className="figure-unit">{metric.unit[lang]}</span>
      </div>
      <div className="figure-foot">
        {era && <Era era={era} city={city} />}
        {target !== null && <span>{t(lang, "target")} <span className="figure">{formatValue(target, metric.decimals, lang)}</span></span>}
        <span ref={trend} className="figure figure-trend" title={t(lang, "hourAgo")} />
        <span hidden>{t(lang, "yesterday")} <span ref={before} className="figure" /></span>
      </div>
      {settings.spark && (
        <svg className="figure-spark" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
          <path ref={spark} fill="none" stroke="currentColor" vectorEffect="non-scaling-stroke" />
        </svg>
      )}
    </div>
  );
}
