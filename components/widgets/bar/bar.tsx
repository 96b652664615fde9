"use client";
import { useRef } from "react";
import { placesUnder } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readMetric } from "@/lib/live/read-metric";
import { Chart } from "@/components/ui/chart";
import { usePageContext } from "@/components/ui/page-context";
import { changeText, comparedNow, comparisonName } from "@/components/ui/comparison";
import { readingText } from "@/components/ui/paint-value";
import { rem } from "@/components/ui/theme";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useRenderTask } from "@/components/ui/use-render-task";
import { useSize } from "@/components/ui/use-size";
import { barOption, cut, rank, roomForChanges, type Bar, type Change } from "./bar-option";
import { definition, type BarSettings } from "./definition";

export default function BarWidget({ settings, city }: WidgetProps<BarSettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const names = useRef<HTMLParagraphElement>(null);
  const width = useSize(host, 0, (element) => element.clientWidth / rem());
  const topics = definition.topics(settings, city);
  const { compare } = settings;
  useComparisons(city, compare === "none" ? [] : topics.map(({ topic }) => ({ topic, chosen: compare })));

  /** What a reading is compared with, and how far it lies from it. */
  function compared(metric: string, topic: string): { name: string; change: Change } | null {
    const found = compare === "none" ? null : comparedNow(live, city, { topic, chosen: compare });
    if (!found) return null;
    const facts = metricFacts(city, metric);
    return {
      name: comparisonName(found, facts, lang),
      change: { text: changeText(found, facts, lang), good: found.good },
    };
  }

  function allBars(): (Bar & { against: string | null })[] {
    const only = settings.metrics.length === 1 ? settings.metrics[0] : undefined;
    const parts = only
      ? placesUnder(city, settings.of).map((district) => ({
          name: district.name[lang],
          metric: only,
          district: district.adcode,
        }))
      : settings.metrics.map((metric) => ({ name: metricFacts(city, metric).name[lang], metric, district: "all" }));
    const all = parts.map(({ name, metric, district }) => {
      const topic = readingTopic(city.id, district, metric);
      const reading = readMetric(live, city, topic);
      const found = compared(metric, topic);
      return {
        change: found?.change ?? null,
        against: found?.name ?? null,
        name,
        text: readingText(reading, lang),
        value: reading.counted,
        quality: reading.quality,
        highlight: district === settings.highlight,
      };
    });
    return cut(settings.ranked ? rank(all) : all, settings.limit);
  }

  /** What is drawn: without changes where they would leave the bars too little room. */
  function bars(): ReturnType<typeof allBars> {
    const all = allBars();
    return roomForChanges(all, width) ? all : all.map((bar) => ({ ...bar, change: null, against: null }));
  }

  useRenderTask(host, { rank: "figure", every: 1_000, topics, beat: true }, () => {
    const text = [...new Set(bars().flatMap(({ against }) => against ?? []))].join(" · ");
    if (names.current && names.current.textContent !== text) names.current.textContent = text;
  });

  const chart = (
    <Chart
      topics={topics}
      beat
      look={(size) => `${size.width}x${size.height} ${JSON.stringify(bars())}`}
      build={(px) => barOption(bars(), px)}
    />
  );
  if (compare === "none") return chart;
  return (
    <div ref={host} className="bar-box">
      <div>{chart}</div>
      <p ref={names} className="comparison" data-compare={compare} />
    </div>
  );
}
