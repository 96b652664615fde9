"use client";
import { useRef } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refTopic } from "@/lib/contract/widget-settings";
import { readMetric } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { shortNumber } from "@/components/ui/i18n";
import { paintValue, setData } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { definition, type GaugeSettings } from "./definition";
import { ARC, gaugeOption, isWarning } from "./gauge-option";

/** An arc in SVG: one attribute changes, where a chart library would lay out the whole drawing again. */
export default function Gauge({ settings, city }: WidgetProps<GaugeSettings>) {
  const { live, lang } = usePageContext();
  const value = useRef<HTMLSpanElement>(null);
  const arc = useRef<SVGPathElement>(null);
  const metric = metricFacts(city, settings.metric);
  const topic = refTopic(city, settings);
  const topics = definition.topics(settings, city);

  useRenderTask(value, { rank: "figure", every: 30, topics, beat: true }, () => {
    if (value.current) paintValue(value.current, live, city, topic, lang);
  });

  useRenderTask(arc, { rank: "chart", every: 500, topics, beat: true }, () => {
    const { value: shown, quality, counted } = readMetric(live, city, topic);
    if (!arc.current || shown === null) return false;
    const { part, tone } = gaugeOption({
      value: quality === "bad" ? null : shown,
      min: settings.min,
      max: settings.max,
      warning: isWarning(shown, settings.warn, metric.better),
      fresh: counted !== null,
    });
    const dashes = `${part * 100} 200`;
    if (arc.current.getAttribute("stroke-dasharray") !== dashes) arc.current.setAttribute("stroke-dasharray", dashes);
    setData(arc.current, "tone", tone);
    return true;
  });

  return (
    <div className="gauge">
      <svg className="gauge-arc" viewBox="0 0 100 100" aria-hidden="true">
        <path d={ARC} />
        <path ref={arc} d={ARC} pathLength={100} strokeDasharray="0 200" data-tone="none" />
      </svg>
      <div className="gauge-text">
        <span ref={value} className="figure gauge-value" data-topic={topic} data-at="" data-freshness="offline">
          –
        </span>
        <span className="gauge-unit">{metric.unit[lang]}</span>
      </div>
      <div className="gauge-ends figure">
        <span>{shortNumber(settings.min, lang)}</span>
        <span>{shortNumber(settings.max, lang)}</span>
      </div>
    </div>
  );
}
