"use client";
import { useEffect, useImperativeHandle, useRef, type Ref } from "react";
import type { EChartsOption } from "echarts";
import type { ECharts } from "echarts/core";
import { onFont, onPalette, palette, rem } from "@/components/ui/theme";
import { explorer } from "./explorer-echarts";

/** What was clicked: the item's place in its series, the series, the item's or the region's name. */
export interface Picked {
  index: number;
  series: string;
  name: string;
}

interface StaticChartProps {
  option: (px: (rems: number) => number) => EChartsOption;
  /** draw over the chart to choose a range of time (ms) */
  onRange?: (from: number, to: number) => void;
  /** a click on an item or a region of a map */
  onPick?: (picked: Picked) => void;
  /** gets what draws the chart as it stands onto a canvas, twice as fine as the screen; null without a chart */
  picture?: Ref<() => HTMLCanvasElement | null>;
  label: string;
}

/** A chart that is drawn when its data changes, with tooltips, and a range that can be drawn with the mouse. */
export function StaticChart({ option, onRange, onPick, picture, label }: StaticChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const latest = useRef({ option, onRange, onPick });
  useImperativeHandle(
    picture,
    () => () => chart.current?.renderToCanvas({ pixelRatio: 2, backgroundColor: palette().panel }) ?? null,
    [],
  );

  useEffect(() => {
    latest.current = { option, onRange, onPick };
    draw(chart.current, option, onRange !== undefined);
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = explorer.init(element, null, { renderer: "canvas" });
    chart.current = made;
    made.on("datazoom", (raw) => {
      const { batch } = raw as { batch?: { startValue?: number; endValue?: number }[] };
      const [range] = batch ?? [];
      if (range?.startValue !== undefined && range.endValue !== undefined && range.endValue > range.startValue)
        latest.current.onRange?.(range.startValue, range.endValue);
    });
    made.on("click", ({ dataIndex, seriesName, name }) =>
      latest.current.onPick?.({ index: dataIndex, series: seriesName ?? "", name }),
    );
    const again = (): void => draw(made, latest.current.option, latest.current.onRange !== undefined);
    const observer = new ResizeObserver(() => {
      made.resize();
      again();
    });
    observer.observe(element);
    const ends = [onFont(again), onPalette(again)];
    return () => {
      for (const end of ends) end();
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  return <div ref={host} className="chart" role="img" aria-label={label} />;
}

function draw(chart: ECharts | null, option: StaticChartProps["option"], ranged: boolean): void {
  if (!chart) return;
  const unit = rem();
  chart.setOption({ animation: false, ...option((rems) => Math.round(rems * unit * 10) / 10) }, { notMerge: true });
  if (ranged) chart.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
}
