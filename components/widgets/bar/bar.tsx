"use client";
import { isSmallCell, placesUnder } from "@/lib/contract/city";
import { freshness } from "@/lib/contract/freshness";
import { readingTopic } from "@/lib/contract/topics";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts } from "@/lib/contract/widget-settings";
import { judgedAt, readingOf } from "@/lib/live/live";
import { Chart } from "@/components/ui/chart";
import { useSurroundings } from "@/components/ui/context";
import { barOption, cut, rank, type Bar } from "./bar-option";
import { definition, type BarSettings } from "./definition";

export default function BarWidget({ settings, city }: WidgetProps<BarSettings>) {
  const { live, lang } = useSurroundings();

  function bars(): Bar[] {
    const only = settings.metrics.length === 1 ? settings.metrics[0] : undefined;
    const parts = only
      ? placesUnder(city, settings.of).map((district) => ({ name: district.name[lang], metric: only, district: district.adcode }))
      : settings.metrics.map((metric) => ({ name: metricFacts(city, metric).name[lang], metric, district: "all" }));
    return parts.map(({ name, metric, district }) => {
      const facts = metricFacts(city, metric);
      const last = readingOf(live, readingTopic(city.id, district, metric))?.last ?? null;
      const state = freshness(last?.at ?? null, judgedAt(live), facts, live.connected());
      return { name, value: last?.value ?? null, decimals: facts.decimals, hidden: last && isSmallCell(facts, district, last.value) ? `<${facts.smallCell}` : undefined, highlight: district === settings.highlight, fresh: state === "live" || state === "late" };
    });
  }

  return <Chart topics={definition.topics(settings, city)} build={(px) => barOption(cut(settings.ranked ? rank(bars()) : bars(), settings.limit), lang, px)} />;
}
