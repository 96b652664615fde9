"use client";
import { useEffect, useRef } from "react";
import type { EChartsOption } from "echarts";
import type { ECharts } from "echarts/core";
import type { Wanted } from "@/lib/contract/widget";
import { hasCome } from "@/lib/live/read-metric";
import { echarts } from "./echarts";
import { usePageContext } from "./page-context";
import { FONT, palette, rem } from "./theme";
import { useRenderTask } from "./use-render-task";

interface ChartProps {
  topics: Wanted[];
  /** also looked at twice a second although nothing came, because what is drawn ages; needs a `look` */
  beat?: boolean;
  /** ms between two paintings at the least */
  every?: number;
  /**
   * What can be seen of the present state, as text: while it is the same nothing is drawn, since ECharts would lay
   * everything out again for a change of less than a pixel.
   */
  look?: (size: { width: number; height: number }) => string;
  /** The whole option for the present state; `px` turns rem into canvas pixels. Null while there is nothing to draw. */
  build: (px: (rems: number) => number, size: { width: number; height: number }) => EChartsOption | null;
}

/** An ECharts canvas that is updated in place within the repaint budget. */
export function Chart({ topics, beat = false, every = 1000, look, build }: ChartProps) {
  const { live } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const resized = useRef(false);
  // Told by the observer: asking the element would make the page lay itself out in the middle of a frame.
  const measured = useRef({ width: 0, height: 0 });
  const drawn = useRef<string | null>(null);

  const handle = useRenderTask(host, { rank: "chart", every, topics, beat }, () => {
    const element = host.current;
    const size = measured.current;
    if (!element || size.width === 0 || size.height === 0) return false;
    // Empty axes would be drawn before the page's first numbers, and take the time from them.
    if (topics.length > 0 && !hasCome(live, topics)) return false;
    const seen = look ? `${FONT.text} ${palette().key} ${look(size)}` : null;
    if (chart.current && !resized.current && seen !== null && seen === drawn.current) return true;
    chart.current ??= echarts.init(element, null, { renderer: "canvas" });
    if (resized.current) {
      resized.current = false;
      chart.current.resize();
    }
    const unit = rem();
    const option = build((rems) => Math.round(rems * unit * 10) / 10, size);
    if (!option) return false;
    drawn.current = seen;
    chart.current.setOption({ animation: false, ...option }, { lazyUpdate: false, silent: true });
    // Drawn by now, and nothing moves by itself: without this it asks for ten more frames, which is most of what a
    // quiet wall would do.
    chart.current.getZr().animation.stop();
    return true;
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      measured.current = { width: element.clientWidth, height: element.clientHeight };
      resized.current = true;
      handle.current?.renew();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [handle]);

  return <div ref={host} className="chart" />;
}
