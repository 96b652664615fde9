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
import { changeText, comparedNow, comparisonName, wholeOfYesterday } from "@/components/ui/comparison";
import { formatMetric, t } from "@/components/ui/i18n";
import { readingText } from "@/components/ui/paint-value";
import { rem } from "@/components/ui/theme";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useRenderTask } from "@/components/ui/use-render-task";
import { useSize } from "@/components/ui/use-size";
import { barOption, cut, rank, roomForChanges, type Bar } from "./bar-option";
import { barsOfYesterday } from "./bar-yesterday";
import { definition, type BarSettings } from "./definition";

echarts.use([BarChart]);

/** A bar, and the name of what it is compared with. */
type ComparedBar = Bar & { against: string | null };

interface Shown {
  bars: ComparedBar[];
  /** whether they are by what yesterday came to */
  yesterday: boolean;
}

/** A bar for each place of one metric, or for each of several metrics; by what yesterday came to while today's counts say little. */
function barsOf(settings: BarSettings, city: CityFacts, live: Live, lang: Lang): Shown {
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
    const whole = settings.yesterday ? wholeOfYesterday(live, city, topic) : null;
    return {
      whole: whole && { ...whole, text: formatMetric(facts, district, whole.value, lang) },
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
  const before = barsOfYesterday(
    all,
    all.map(({ whole }) => whole),
  );
  const led = before ?? all;
  return { bars: cut(settings.ranked ? rank(led) : led, settings.limit), yesterday: before !== null };
}

export default function BarWidget({ settings, city }: WidgetProps<BarSettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const names = useRef<HTMLParagraphElement>(null);
  const width = useSize(host, 0, (element) => element.clientWidth / rem());
  const topics = definition.topics(settings, city);
  const { compare } = settings;
  const days = settings.yesterday && settings.metrics.some((id) => metricFacts(city, id).kind === "day");
  useComparisons(
    city,
    topics.map(({ topic }) => ({ topic, chosen: compare, yesterday: days })),
  );

  /** What is drawn: without changes where they would leave the bars too little room. */
  function shown(): Shown {
    const { bars, yesterday } = barsOf(settings, city, live, lang);
    return {
      bars: roomForChanges(bars, width) ? bars : bars.map((bar) => ({ ...bar, change: null, against: null })),
      yesterday,
    };
  }

  useRenderTask(host, { rank: "figure", every: 1_000, topics, beat: true }, () => {
    const { bars, yesterday } = shown();
    const text = yesterday
      ? t(lang, "wholeYesterday")
      : [...new Set(bars.flatMap(({ against }) => against ?? []))].join(" · ");
    if (!names.current) return;
    if (names.current.textContent !== text) names.current.textContent = text;
    // Where only yesterday would be named, it takes no room from today's bars.
    const hidden = text === "" && compare === "none";
    if (names.current.hidden !== hidden) names.current.hidden = hidden;
  });

  const chart = (
    <Chart
      topics={topics}
      beat
      look={(size) => `${size.width}x${size.height} ${JSON.stringify(shown().bars)}`}
      build={(px) => barOption(shown().bars, px)}
    />
  );
  if (compare === "none" && !days) return chart;
  return (
    <div ref={host} className="bar-box">
      <div>{chart}</div>
      <p ref={names} className="comparison" data-compare={compare} hidden={compare === "none"} />
    </div>
  );
}
