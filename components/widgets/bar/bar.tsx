"use client";
import { BarChart } from "echarts/charts";
import { useRef } from "react";
import { placesUnder, type CityFacts, type Lang } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readMetric, type Live } from "@/lib/live/read-metric";
import { Chart } from "@/components/ui/chart";
import { echarts } from "@/components/ui/echarts";
import { usePageContext } from "@/components/ui/page-context";
import { changeText, comparedNow, comparisonName } from "@/components/ui/comparison";
import { readingText } from "@/components/ui/paint-value";
import { rem } from "@/components/ui/theme";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useRenderTask } from "@/components/ui/use-render-task";
import { useSize } from "@/components/ui/use-size";
import { barOption, cut, rank, roomForChanges, type Bar } from "./bar-option";
import { definition, type BarSettings } from "./definition";

echarts.use([BarChart]);

/** A bar, and the name of what it is compared with. */
type ComparedBar = Bar & { against: string | null };

/** A bar for each place of one metric, or for each of several metrics. */
function barsOf(settings: BarSettings, city: CityFacts, live: Live, lang: Lang): ComparedBar[] {
  const { metrics, of, compare } = settings;
  const [only] = metrics;
  const parts =
    only !== undefined && metrics.length === 1
      ? placesUnder(city, of).map(({ name, adcode }) => ({ name: name[lang], metric: only, district: adcode }))
      : metrics.map((metric) => ({ name: metricFacts(city, metric).name[lang], metric, district: "all" }));
  const all = parts.map(({ name, metric, district }) => {
    const topic = readingTopic(city.id, district, metric);
    const reading = readMetric(live, city, topic);
    const found = compare === "none" ? null : comparedNow(live, city, { topic, chosen: compare });
    const facts = metricFacts(city, metric);
    return {
      change: found && { text: changeText(found, facts, lang), good: found.good },
      against: found && comparisonName(found, facts, lang),
      name,
      text: readingText(reading, lang),
      value: reading.counted,
      quality: reading.quality,
      highlight: district === settings.highlight,
      color: facts.color,
    };
  });
  return cut(settings.ranked ? rank(all) : all, settings.limit);
}

export default function BarWidget({ settings, city }: WidgetProps<BarSettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const names = useRef<HTMLParagraphElement>(null);
  const width = useSize(host, 0, (element) => element.clientWidth / rem());
  const topics = definition.topics(settings, city);
  const { compare } = settings;
  useComparisons(city, compare === "none" ? [] : topics.map(({ topic }) => ({ topic, chosen: compare })));

  /** What is drawn: without changes where they would leave the bars too little room. */
  function bars(): ComparedBar[] {
    const all = barsOf(settings, city, live, lang);
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
