"use client";
import { HeatmapChart } from "echarts/charts";
import { VisualMapComponent } from "echarts/components";
import { zoned } from "@/lib/clock";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refTopic } from "@/lib/contract/widget-settings";
import { readingOf } from "@/lib/live/read-metric";
import { Chart } from "@/components/ui/chart";
import { echarts } from "@/components/ui/echarts";
import { usePageContext } from "@/components/ui/page-context";
import { definition, type HeatCalendarSettings } from "./definition";
import { heatCells, heatOption } from "./heat-calendar-option";

echarts.use([HeatmapChart, VisualMapComponent]);

export default function HeatCalendar({ settings, city }: WidgetProps<HeatCalendarSettings>) {
  const { live, lang } = usePageContext();
  const metric = metricFacts(city, settings.metric);
  return (
    <Chart
      topics={definition.topics(settings, city)}
      every={15_000}
      build={(px) => {
        const state = readingOf(live, refTopic(city, settings));
        const cells = state ? heatCells(state.hourly, metric, live.now(), city.timeZone) : [];
        // Where the last reading came before its past nothing is drawn yet: a picture stands until it is due again.
        if (cells.length === 0) return null;
        return heatOption(cells, zoned(live.now(), city.timeZone).weekday, lang, px);
      }}
    />
  );
}
