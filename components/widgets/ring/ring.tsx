"use client";
import { useRef } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refName, refTopic } from "@/lib/contract/widget-settings";
import { readingOf } from "@/lib/live/live";
import { Chart } from "@/components/ui/chart";
import { useSurroundings } from "@/components/ui/context";
import { paintValue } from "@/components/ui/paint-value";
import { SERIES } from "@/components/ui/theme";
import { usePainter } from "@/components/ui/use-painter";
import { definition, type RingSettings } from "./definition";
import { ringOption, shares } from "./ring-option";

export default function Ring({ settings, city }: WidgetProps<RingSettings>) {
  const { live, lang } = useSurroundings();
  const list = useRef<HTMLDivElement>(null);
  const topics = definition.topics(settings, city);
  const parts = () => settings.parts.map((ref) => ({ name: refName(city, ref)[lang], value: readingOf(live, refTopic(city, ref))?.last?.value ?? 0 }));

  usePainter(list, { rank: "figure", every: 500, topics, beat: true }, () => {
    const percents = shares(parts());
    settings.parts.forEach((ref, i) => {
      const row = list.current?.children[i];
      const [value, share] = row ? [row.children[2] as HTMLElement, row.children[3] as HTMLElement] : [];
      if (!value || !share) return;
      const metric = metricFacts(city, ref.metric);
      paintValue(value, live, refTopic(city, ref), metric, lang);
      share.textContent = `${(percents[i] ?? 0).toFixed(1)}%`;
    });
  });

  return (
    <div className="ring-box">
      <div className="ring-chart"><Chart topics={topics} build={() => ringOption(parts())} /></div>
      <div ref={list} className="ring-list">
        {settings.parts.map((ref, i) => (
          <div key={`${ref.metric}${ref.district}`} className="ring-row">
            <i style={{ background: SERIES[i % SERIES.length] }} />
            <span>{refName(city, ref)[lang]}</span>
            <span className="figure" data-topic={refTopic(city, ref)} data-at="" data-freshness="offline">–</span>
            <span className="figure ring-share" />
          </div>
        ))}
      </div>
    </div>
  );
}
