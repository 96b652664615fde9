"use client";
import { useRef } from "react";
import { seriesOf } from "@/lib/contract/reduce";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refName, refTopic } from "@/lib/contract/widget-settings";
import { readingOf, readMetric } from "@/lib/live/live";
import { useSurroundings } from "@/components/ui/context";
import { paintValue } from "@/components/ui/paint-value";
import { COLORS, rem } from "@/components/ui/theme";
import { usePainter } from "@/components/ui/use-painter";
import { definition, type SparklinesSettings } from "./definition";
import { sparkPoints } from "./sparklines-option";

/** Canvas by hand: forty small ECharts would cost more than the rest of the wall. */
export default function Sparklines({ settings, city }: WidgetProps<SparklinesSettings>) {
  const { live, lang } = useSurroundings();
  const host = useRef<HTMLDivElement>(null);
  const topics = definition.topics(settings, city);

  usePainter(host, { rank: "figure", every: 250, topics, beat: true }, () => {
    settings.items.forEach((ref, i) => {
      const target = host.current?.children[i]?.querySelector<HTMLElement>("[data-topic]");
      if (target) paintValue(target, live, city, refTopic(city, ref), lang);
    });
  });

  usePainter(host, { rank: "chart", every: 3_000, topics }, () => {
    if (settings.items.every((ref) => readMetric(live, city, refTopic(city, ref)).at === null)) return false;
    settings.items.forEach((ref, i) => {
      const canvas = host.current?.children[i]?.querySelector("canvas");
      const state = readingOf(live, refTopic(city, ref));
      if (canvas) draw(canvas, state ? (width, height) => sparkPoints(seriesOf(state, settings.span), live.now() - settings.span * 1000, live.now(), width, height) : () => []);
    });
    return true;
  });

  return (
    <div ref={host} className="sparks" style={{ gridTemplateColumns: `repeat(${settings.columns}, minmax(0, 1fr))` }}>
      {settings.items.map((ref) => {
        const metric = metricFacts(city, ref.metric);
        return (
          <div key={`${ref.metric}${ref.district}`} className="spark">
            <div className="spark-name">{refName(city, ref)[lang]}</div>
            <div className="spark-line">
              <span className="figure spark-value" data-topic={refTopic(city, ref)} data-at="" data-freshness="offline">–</span>
              <span className="spark-unit">{metric.unit[lang]}</span>
            </div>
            <canvas />
          </div>
        );
      })}
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, points: (width: number, height: number) => [number, number][]): void {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, width, height);
  context.strokeStyle = COLORS.accent;
  context.lineWidth = Math.max(1, ratio * rem() * 0.1);
  context.lineJoin = "round";
  context.beginPath();
  points(width, height).forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}
