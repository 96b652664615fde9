"use client";
import { useEffect, useRef } from "react";
import type { EChartsOption } from "echarts";
import type { ECharts } from "echarts/core";
import { rem } from "@/components/ui/theme";
import { explorer } from "./explorer-echarts";

interface StaticChartProps {
  option: (px: (rems: number) => number) => EChartsOption;
  /** draw over the chart to choose a range of time (ms) */
  onRange?: (from: number, to: number) => void;
  /** a click on an item tells its place in its series */
  onPick?: (index: number) => void;
  label: string;
}

/** A chart that is drawn when its data changes, with tooltips, and a range that can be drawn with the mouse. */
export function StaticChart({ option, onRange, onPick, label }: StaticChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const latest = useRef({ option, onRange, onPick });

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
      if (range?.startValue !== undefined && range.endValue !== undefined && range.endValue > range.startValue) latest.current.onRange?.(range.startValue, range.endValue);
    });
    made.on("click", (event) => latest.current.onPick?.(event.dataIndex));
    const observer = new ResizeObserver(() => {
      made.resize();
      draw(made, latest.current.option, latest.current.onRange !== undefined);
    });
    observer.observe(element);
    return () => {
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
