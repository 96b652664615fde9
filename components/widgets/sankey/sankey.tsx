"use client";
import { SankeyChart } from "echarts/charts";
import type { WidgetProps } from "@/lib/contract/widget";
import { refTopic } from "@/lib/contract/widget-settings";
import { readMetric } from "@/lib/live/read-metric";
import { Chart } from "@/components/ui/chart";
import { echarts } from "@/components/ui/echarts";
import { usePageContext } from "@/components/ui/page-context";
import { MissingNote } from "@/components/ui/missing-note";
import { definition, type SankeySettings } from "./definition";
import { sankeyOption, type Flow } from "./sankey-option";

echarts.use([SankeyChart]);

export default function Sankey({ settings, city }: WidgetProps<SankeySettings>) {
  const { live, lang } = usePageContext();
  const topics = definition.topics(settings, city);
  const flows = (): Flow[] =>
    settings.links.flatMap((link) => {
      const { counted } = readMetric(live, city, refTopic(city, link));
      return counted === null ? [] : [{ from: link.from[lang], to: link.to[lang], value: counted }];
    });
  return (
    <>
      <Chart
        topics={topics}
        every={3_000}
        beat
        look={({ width, height }) => `${width}x${height} ${JSON.stringify(flows())}`}
        build={(px) => (flows().some((flow) => flow.value > 0) ? sankeyOption(flows(), lang, px) : null)}
      />
      <MissingNote topics={topics.map(({ topic }) => topic)} city={city} />
    </>
  );
}
