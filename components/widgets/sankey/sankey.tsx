"use client";
import type { WidgetProps } from "@/lib/contract/widget";
import { refTopic } from "@/lib/contract/widget-settings";
import { readingOf } from "@/lib/live/live";
import { Chart } from "@/components/ui/chart";
import { useSurroundings } from "@/components/ui/context";
import { definition, type SankeySettings } from "./definition";
import { sankeyOption } from "./sankey-option";

export default function Sankey({ settings, city }: WidgetProps<SankeySettings>) {
  const { live, lang } = useSurroundings();
  const flows = () => settings.links.map((link) => ({ from: link.from[lang], to: link.to[lang], value: readingOf(live, refTopic(city, link))?.last?.value ?? 0 }));
  return <Chart topics={definition.topics(settings, city)} every={3_000} build={(px) => (flows().some((flow) => flow.value > 0) ? sankeyOption(flows(), lang, px) : null)} />;
}
