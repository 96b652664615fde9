"use client";
import { PieChart } from "echarts/charts";
import { useRef } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { refColor, refName, refTopic } from "@/lib/contract/widget-settings";
import { readMetric } from "@/lib/live/read-metric";
import { Chart } from "@/components/ui/chart";
import { echarts } from "@/components/ui/echarts";
import { t } from "@/components/ui/i18n";
import { usePageContext } from "@/components/ui/page-context";
import { MissingNote } from "@/components/ui/missing-note";
import { paintValue, setData } from "@/components/ui/paint-value";
import { seriesVariable } from "@/components/ui/theme";
import { useRenderTask } from "@/components/ui/use-render-task";
import { definition, type RingSettings } from "./definition";
import { ringOption, ringTold, shares } from "./ring-option";

echarts.use([PieChart]);

/** Of nothing there are no shares. */
function shareText(percent: number | null, told: ReturnType<typeof ringTold>): string {
  return percent === null || told !== "parts" ? "–" : `${percent.toFixed(1)}%`;
}

export default function Ring({ settings, city }: WidgetProps<RingSettings>) {
  const { live, lang } = usePageContext();
  const list = useRef<HTMLDivElement>(null);
  const said = useRef<HTMLParagraphElement>(null);
  const topics = definition.topics(settings, city);
  const parts = () =>
    settings.parts.map((ref) => ({
      name: refName(city, ref)[lang],
      value: readMetric(live, city, refTopic(city, ref)).counted,
      color: refColor(city, ref),
    }));

  useRenderTask(list, { rank: "figure", every: 500, topics, beat: true }, () => {
    const percents = shares(parts());
    const told = ringTold(parts());
    if (said.current) {
      said.current.hidden = told !== "none";
      setData(said.current, "told", told);
    }
    settings.parts.forEach((ref, i) => {
      const row = list.current?.children[i];
      const [value, share] = row ? [row.children[2] as HTMLElement, row.children[3] as HTMLElement] : [];
      if (!value || !share) return;
      const { withheld } = paintValue(value, live, city, refTopic(city, ref), lang);
      share.textContent = withheld ? "" : shareText(percents[i] ?? null, told);
    });
  });

  return (
    <div className="ring-box">
      <div className="ring-chart">
        <Chart
          topics={topics}
          beat
          look={({ width, height }) => `${width}x${height} ${JSON.stringify(parts())}`}
          build={() => ringOption(parts())}
        />
        <p ref={said} className="ring-said" hidden>
          {t(lang, "nothingYet")}
        </p>
      </div>
      <div ref={list} className="ring-list">
        {settings.parts.map((ref, i) => (
          <div key={`${ref.metric}${ref.district}`} className="ring-row">
            <i style={{ background: seriesVariable(i, refColor(city, ref)) }} />
            <span>{refName(city, ref)[lang]}</span>
            <span className="figure" data-topic={refTopic(city, ref)} data-at="" data-freshness="offline">
              –
            </span>
            <span className="figure ring-share" />
          </div>
        ))}
      </div>
      <MissingNote topics={topics.map(({ topic }) => topic)} city={city} />
    </div>
  );
}
