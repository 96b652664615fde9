"use client";
import "./sparklines.css";
import { useRef } from "react";
import { seriesOf } from "@/lib/contract/reduce";
import type { CityFacts } from "@/lib/contract/city";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refColor, refName, refTopic, type MetricRef } from "@/lib/contract/widget-settings";
import { readingOf, readMetric } from "@/lib/live/read-metric";
import { comparedNow } from "@/components/ui/comparison";
import { lineRhythm } from "@/components/ui/line-points";
import { usePageContext } from "@/components/ui/page-context";
import { paintComparison } from "@/components/ui/paint-comparison";
import { paintValue } from "@/components/ui/paint-value";
import { palette, rem, seriesColor } from "@/components/ui/theme";
import { useComparisons } from "@/components/ui/use-comparisons";
import { useRenderTask } from "@/components/ui/use-render-task";
import { useSize } from "@/components/ui/use-size";
import { definition, type SparklinesSettings } from "./definition";
import { roomForComparison, sparkOf, type Spark } from "./sparklines-option";

/** Canvas by hand: forty small ECharts would cost more than the rest of the wall. */
export default function Sparklines({ settings, city }: WidgetProps<SparklinesSettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const topics = definition.topics(settings, city);
  const rows = Math.ceil(settings.items.length / settings.columns);
  const roomy = useSize(host, false, (element) => roomForComparison(element.clientHeight / rem(), rows));
  const wishes = settings.items.map((ref) => ({ topic: refTopic(city, ref), chosen: ref.compare ?? settings.compare }));
  useComparisons(city, wishes);

  useRenderTask(host, { rank: "figure", every: 250, topics, beat: true }, () => {
    settings.items.forEach((ref, i) => {
      const target = host.current?.children[i]?.querySelector<HTMLElement>("[data-topic]");
      if (target) paintValue(target, live, city, refTopic(city, ref), lang);
      const compared = host.current?.children[i]?.querySelector<HTMLElement>(".comparison");
      const wish = wishes[i];
      if (compared && wish)
        paintComparison(compared, comparedNow(live, city, wish), metricFacts(city, ref.metric), city.timeZone, lang);
    });
  });

  useRenderTask(host, { rank: "chart", every: 3_000, topics }, () => {
    if (settings.items.every((ref) => readMetric(live, city, refTopic(city, ref)).at === null)) return false;
    settings.items.forEach((ref, i) => {
      const canvas = host.current?.children[i]?.querySelector("canvas");
      const state = readingOf(live, refTopic(city, ref));
      const series = state && seriesOf(state, settings.span);
      const [from, to] = [live.now() - settings.span * 1000, live.now()];
      const rhythm = lineRhythm(live, settings.span, series ?? null, metricFacts(city, ref.metric));
      if (canvas)
        draw(canvas, seriesColor(0, refColor(city, ref)), (width, height, apart) =>
          series ? sparkOf(series, { from, to, ...rhythm }, { width, height, apart }) : { lines: [], marks: [] },
        );
    });
    return true;
  });

  return (
    <div ref={host} className="sparks" style={{ gridTemplateColumns: `repeat(${settings.columns}, minmax(0, 1fr))` }}>
      {settings.items.map((ref, i) => (
        <Item
          key={`${ref.metric}${ref.district}`}
          item={ref}
          city={city}
          compared={roomy && wishes[i]?.chosen !== "none"}
        />
      ))}
    </div>
  );
}

/** A metric's name, value and line; painted by the widget. */
function Item({ item, city, compared }: { item: MetricRef; city: CityFacts; compared: boolean }) {
  const { lang } = usePageContext();
  return (
    <div className="spark">
      <div className="spark-name">{refName(city, item)[lang]}</div>
      <div className="spark-line">
        <span className="figure spark-value" data-topic={refTopic(city, item)} data-at="" data-freshness="offline">
          –
        </span>
        <span className="spark-unit">{metricFacts(city, item.metric).unit[lang]}</span>
      </div>
      <canvas />
      {compared && (
        <p className="comparison spark-compared" hidden>
          <span /> <span className="figure" />
        </p>
      )}
    </div>
  );
}

/** Width of a mark and the least distance of two, rem. */
const MARK = 0.5;
const APART = 0.8;

function draw(
  canvas: HTMLCanvasElement,
  color: string,
  sparkIn: (width: number, height: number, apart: number) => Spark,
): void {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, width, height);
  context.strokeStyle = color;
  context.lineWidth = Math.max(1, ratio * rem() * 0.1);
  context.lineJoin = "round";
  const unit = ratio * rem();
  const { lines, marks } = sparkIn(width, height, unit * APART);
  context.beginPath();
  for (const line of lines) {
    line.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    // One value between two gaps is a dot, or it would not be seen.
    if (line.length === 1 && line[0]) context.lineTo(line[0][0] + context.lineWidth, line[0][1]);
  }
  context.stroke();
  for (const { x, quality } of marks) drawMark(context, quality, x, height - unit * MARK, unit * MARK);
}

/** A mark's shape as in tiles and tables, from its upper left corner. */
function drawMark(
  context: CanvasRenderingContext2D,
  quality: Spark["marks"][number]["quality"],
  middle: number,
  y: number,
  size: number,
): void {
  const x = middle - size / 2;
  const strokes: [number, number][][] =
    quality === "bad"
      ? [
          [
            [0.1, 0.1],
            [0.9, 0.9],
          ],
          [
            [0.9, 0.1],
            [0.1, 0.9],
          ],
        ]
      : [
          [
            [0.5, 0.05],
            [0.95, 0.9],
            [0.05, 0.9],
            [0.5, 0.05],
          ],
        ];
  context.strokeStyle = quality === "bad" ? palette().stale : palette().late;
  context.beginPath();
  for (const stroke of strokes)
    stroke.forEach(([px, py], i) =>
      i === 0 ? context.moveTo(x + px * size, y + py * size) : context.lineTo(x + px * size, y + py * size),
    );
  context.stroke();
}
