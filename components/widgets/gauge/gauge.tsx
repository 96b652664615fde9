"use client";
import { useRef } from "react";
import { freshness } from "@/lib/contract/freshness";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refTopic } from "@/lib/contract/widget-settings";
import { readingOf } from "@/lib/live/live";
import { Chart } from "@/components/ui/chart";
import { useSurroundings } from "@/components/ui/context";
import { shortNumber } from "@/components/ui/i18n";
import { paintValue } from "@/components/ui/paint-value";
import { usePainter } from "@/components/ui/use-painter";
import { definition, type GaugeSettings } from "./definition";
import { arcStep, gaugeOption, isWarning } from "./gauge-option";

export default function Gauge({ settings, city }: WidgetProps<GaugeSettings>) {
  const { live, lang } = useSurroundings();
  const value = useRef<HTMLSpanElement>(null);
  const metric = metricFacts(city, settings.metric);
  const topic = refTopic(city, settings);

  function present() {
    const last = readingOf(live, topic)?.last ?? null;
    const state = freshness(last?.at ?? null, live.now(), metric, live.connected());
    return { last, fresh: state === "live" || state === "late", warning: last !== null && isWarning(last.value, settings.warn, metric.better) };
  }

  usePainter(value, { rank: "figure", every: 30, topics: definition.topics(settings, city), beat: true }, () => {
    if (value.current) paintValue(value.current, live, topic, metric, lang);
  });

  return (
    <div className="gauge">
      <Chart
        topics={definition.topics(settings, city)}
        every={500}
        look={(size) => {
          const { last, fresh, warning } = present();
          return last ? `${arcStep(last.value, settings.min, settings.max)} ${fresh} ${warning} ${size.width}x${size.height}` : "";
        }}
        build={(_px, size) => {
          const { last, fresh, warning } = present();
          return last && gaugeOption({ value: last.value, min: settings.min, max: settings.max, size: Math.min(size.width, size.height), warning, fresh });
        }}
      />
      <div className="gauge-text">
        <span ref={value} className="figure gauge-value" data-topic={topic} data-at="" data-freshness="offline">–</span>
        <span className="gauge-unit">{metric.unit[lang]}</span>
      </div>
      <div className="gauge-ends figure"><span>{shortNumber(settings.min, lang)}</span><span>{shortNumber(settings.max, lang)}</span></div>
    </div>
  );
}
