"use client";
import { placesUnder } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readMetric } from "@/lib/live/read-metric";
import { Chart } from "@/components/ui/chart";
import { usePageContext } from "@/components/ui/page-context";
import { readingText } from "@/components/ui/paint-value";
import { barOption, cut, rank, type Bar } from "./bar-option";
import { definition, type BarSettings } from "./definition";

export default function BarWidget({ settings, city }: WidgetProps<BarSettings>) {
  const { live, lang } = usePageContext();

  function bars(): Bar[] {
    const only = settings.metrics.length === 1 ? settings.metrics[0] : undefined;
    const parts = only
      ? placesUnder(city, settings.of).map((district) => ({
          name: district.name[lang],
          metric: only,
          district: district.adcode,
        }))
      : settings.metrics.map((metric) => ({ name: metricFacts(city, metric).name[lang], metric, district: "all" }));
    const all = parts.map(({ name, metric, district }) => {
      const reading = readMetric(live, city, readingTopic(city.id, district, metric));
      return {
        name,
        text: readingText(reading, lang),
        value: reading.counted,
        quality: reading.quality,
        highlight: district === settings.highlight,
      };
    });
    return cut(settings.ranked ? rank(all) : all, settings.limit);
  }

  return (
    <Chart
      topics={definition.topics(settings, city)}
      beat
      look={({ width, height }) => `${width}x${height} ${JSON.stringify(bars())}`}
      build={(px) => barOption(bars(), px)}
    />
  );
}
