"use client";
import { useRef, type RefObject } from "react";
import type { CityFacts, Lang } from "@/lib/contract/city";
import { targetOf } from "@/lib/contract/compare";
import type { PastValue } from "@/lib/contract/values";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refTopic } from "@/lib/contract/widget-settings";
import { readingOf, readMetric } from "@/lib/live/read-metric";
import { comparedNow, wholeOfYesterday, yesterdayCompared } from "@/components/ui/comparison";
import { leadsYesterday } from "@/components/ui/leads-yesterday";
import { usePageContext } from "@/components/ui/page-context";
import { formatMetric, formatValue, t } from "@/components/ui/i18n";
import { Era } from "@/components/ui/era";
import { lineRhythm } from "@/components/ui/line-points";
import { paintComparison } from "@/components/ui/paint-comparison";
import { paintValue, setData } from "@/components/ui/paint-value";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useRenderTask } from "@/components/ui/use-render-task";
import { useRollingDigits } from "@/components/ui/use-rolling-digits";
import type { FigureSettings } from "./definition";
import { definition } from "./definition";
import { SPARK, sparkFrom, sparkPath } from "./figure-option";

/**
 * Comparisons and lines move over hours: computing them with every reading would only cost. Real ms, and ms of what is
 * shown.
 */
const COMPARE_EVERY = 1_000;
const SPARK_EVERY = 5_000;

/** One value: painted straight into the page, before any chart gets its turn. */
export default function Figure({ settings, city }: WidgetProps<FigureSettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const value = useRef<HTMLSpanElement>(null);
  const compared = useRef<HTMLSpanElement>(null);
  const before = useRef<HTMLSpanElement>(null);
  const lead = useRef<HTMLSpanElement>(null);
  const today = useRef<HTMLSpanElement>(null);
  const spark = useRef<SVGPathElement>(null);
  const sparkDrawn = useRef({ at: 0, epoch: 0 });
  const write = useRollingDigits(host);
  const metric = metricFacts(city, settings.metric);
  const topic = refTopic(city, settings);
  const wish = { topic, chosen: settings.trend ? settings.compare : ("none" as const), yesterday: settings.yesterday };

  useComparisons(city, [wish]);
  useRenderTask(host, { rank: "figure", every: 30, topics: definition.topics(settings, city), beat: true }, () => {
    // Of the two that may show the value only the one that is seen.
    const seen = host.current?.dataset.lead === "yesterday" ? today.current : value.current;
    if (seen) write(seen, seen === value.current, () => paintValue(seen, live, city, topic, lang));
  });
  useRenderTask(
    host,
    { rank: "figure", every: COMPARE_EVERY, topics: definition.topics(settings, city), beat: true },
    () => {
      const state = readingOf(live, topic);
      const now = live.now();
      const whole = settings.yesterday ? wholeOfYesterday(live, city, topic) : null;
      const leading = leadsYesterday(readMetric(live, city, topic).counted, whole?.value ?? null);
      if (host.current) setData(host.current, "lead", leading ? "yesterday" : "today");
      if (today.current && value.current) {
        const [seen, hidden] = leading ? [today.current, value.current] : [value.current, today.current];
        // Before the next reading: it may have been out of sight for hours.
        paintValue(seen, live, city, topic, lang);
        setData(seen, "topic", topic);
        delete hidden.dataset.topic;
      }
      if (lead.current) paintLead(lead.current, whole, settings, city, lang);
      if (compared.current) {
        const found = leading && settings.trend ? yesterdayCompared(live, city, topic) : comparedNow(live, city, wish);
        const name = leading ? t(lang, "vsSameDay") : undefined;
        paintComparison(compared.current, found, metric, city.timeZone, lang, name);
      }
      if (before.current?.parentElement) {
        before.current.parentElement.hidden = whole === null || leading;
        before.current.textContent = whole === null ? "" : formatMetric(metric, settings.district, whole.value, lang);
      }
      // A jump in a replay brings a state of another epoch.
      const drawn = sparkDrawn.current;
      if (!settings.spark || !state || (state.epoch === drawn.epoch && Math.abs(now - drawn.at) < SPARK_EVERY)) return;
      sparkDrawn.current = { at: state.coarse.length > 0 ? now : 0, epoch: state.epoch };
      const rhythm = lineRhythm(live, SPARK / 1000, state.coarse, metric);
      const from = sparkFrom(metric.kind, now, city.timeZone);
      spark.current?.setAttribute("d", sparkPath(state.coarse, from, now, rhythm));
    },
  );

  return (
    <div ref={host} className="figure-box">
      <Line topic={topic} unit={metric.unit[lang]} lead={lead} value={value} />
      <Foot settings={settings} city={city} compared={compared} before={before} today={today} />
      {settings.spark && (
        <svg className="figure-spark" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
          <path ref={spark} fill="none" stroke="currentColor" vectorEffect="non-scaling-stroke" />
        </svg>
      )}
    </div>
  );
}

/** The value with its unit; what yesterday came to, until today says something. */
function Line({
  topic,
  unit,
  lead,
  value,
}: { topic: string; unit: string } & Record<"lead" | "value", RefObject<HTMLSpanElement | null>>) {
  const { lang } = usePageContext();
  return (
    <div className="figure-line">
      <span ref={lead} className="figure figure-value figure-lead" data-observed="" />
      <span className="figure-now">
        <span ref={value} className="figure figure-value" data-topic={topic} data-at="" data-freshness="offline">
          –
        </span>
      </span>
      <span className="figure-unit">{unit}</span>
      <span className="figure-whole">{t(lang, "wholeYesterday")}</span>
    </div>
  );
}

/** Writes what yesterday came to, and when that was observed. */
function paintLead(
  element: HTMLElement,
  whole: PastValue | null,
  { metric: id, district }: FigureSettings,
  city: CityFacts,
  lang: Lang,
): void {
  const text = whole === null ? "" : formatMetric(metricFacts(city, id), district, whole.value, lang);
  if (element.textContent !== text) element.textContent = text;
  setData(element, "observed", whole === null ? "" : new Date(whole.at).toISOString());
}

/** Under the value: its era, what it is compared with, its target, the whole of yesterday. */
function Foot({
  settings,
  city,
  compared,
  before,
  today,
}: WidgetProps<FigureSettings> & Record<"compared" | "before" | "today", RefObject<HTMLElement | null>>) {
  const { lang } = usePageContext();
  const metric = metricFacts(city, settings.metric);
  const era = metric.era ? city.eras[metric.era] : undefined;
  const target = targetOf(metric, settings.district);
  return (
    <div className="figure-foot">
      {era && <Era era={era} city={city} />}
      {metric.kind === "day" && settings.yesterday && (
        <span className="figure-today">
          {t(lang, "soFarToday")}{" "}
          <span ref={today} className="figure" data-at="" data-freshness="offline">
            –
          </span>
        </span>
      )}
      <span ref={compared} className="comparison" hidden>
        <span /> <span className="figure" />
      </span>
      {target !== null && (
        <span>
          {t(lang, "target")} <span className="figure">{formatValue(target, metric.decimals, lang)}</span>
        </span>
      )}
      <span hidden>
        {t(lang, "yesterday")} <span ref={before} className="figure" />
      </span>
    </div>
  );
}
