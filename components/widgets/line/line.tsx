"use client";
import { LineChart } from "echarts/charts";
import { LegendPlainComponent } from "echarts/components";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refColor, refName, refTopic, type MetricRef } from "@/lib/contract/widget-settings";
import { seriesOf } from "@/lib/contract/reduce";
import { readingOf, readMetric } from "@/lib/live/read-metric";
import { Chart } from "@/components/ui/chart";
import { echarts } from "@/components/ui/echarts";
import { lineRhythm } from "@/components/ui/line-points";
import { rem } from "@/components/ui/theme";
import { usePageContext } from "@/components/ui/page-context";
import { definition, type LineSettings } from "./definition";
import { lineLook, lineOption, PLOT_MARGIN } from "./line-option";

echarts.use([LineChart, LegendPlainComponent]);

/** Repaints once a second at the fastest: its series hold one point a second, and no oftener than can be seen. */
export default function Line({ settings, city }: WidgetProps<LineSettings>) {
  const { live, lang } = usePageContext();
  const known = (ref: MetricRef): boolean => readMetric(live, city, refTopic(city, ref)).at !== null;
  // A page that first asked for a shorter past gets the longer one a moment later, which no passing time would tell.
  const begins = (ref: MetricRef): number | null => {
    const state = known(ref) ? readingOf(live, refTopic(city, ref)) : null;
    return state ? seriesOf(state, settings.span).at(0) || live.now() : null;
  };
  return (
    <Chart
      topics={definition.topics(settings, city)}
      every={settings.span > 900 ? 5_000 : 1_000}
      look={({ width, height }) =>
        lineLook({
          now: live.now(),
          span: settings.span,
          width: width - PLOT_MARGIN * rem(),
          height,
          lang,
          begins: settings.series.map(begins),
        })
      }
      build={(px, { width }) =>
        !settings.series.some((ref) => known(ref))
          ? null
          : lineOption({
              lines: settings.series.map((ref) => {
                const state = readingOf(live, refTopic(city, ref));
                const series = state ? seriesOf(state, settings.span) : null;
                return {
                  name: refName(city, ref)[lang],
                  series,
                  rhythm: lineRhythm(live, settings.span, series, metricFacts(city, ref.metric)),
                  color: refColor(city, ref),
                };
              }),
              span: settings.span,
              area: settings.area,
              now: live.now(),
              timeZone: city.timeZone,
              lang,
              px,
              width,
            })
      }
    />
  );
}
