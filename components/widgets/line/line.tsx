"use client";
import type { WidgetProps } from "@/lib/contract/widget";
import { refName, refTopic } from "@/lib/contract/widget-settings";
import { seriesOf } from "@/lib/contract/reduce";
import { readingOf } from "@/lib/live/live";
import { Chart } from "@/components/ui/chart";
import { useSurroundings } from "@/components/ui/context";
import { definition, type LineSettings } from "./definition";
import { lineOption } from "./line-option";

/** Repaints once a second at the fastest: its series hold one point a second. */
export default function Line({ settings, city }: WidgetProps<LineSettings>) {
  const { live, lang } = useSurroundings();
  return (
    <Chart
      topics={definition.topics(settings, city)}
      every={settings.span > 900 ? 5_000 : 1_000}
      build={(px, { width }) => (settings.series.every((ref) => !readingOf(live, refTopic(city, ref))?.last) ? null : lineOption({
        lines: settings.series.map((ref) => {
          const state = readingOf(live, refTopic(city, ref));
          return { name: refName(city, ref)[lang], series: state ? seriesOf(state, settings.span) : null };
        }),
        span: settings.span, area: settings.area, now: live.now(), timeZone: city.timeZone, lang, px, width,
      }))}
    />
  );
}
