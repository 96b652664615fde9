"use client";
import "./clock.css";
import { useRef } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { usePageContext } from "@/components/ui/page-context";
import { useRenderTask } from "@/components/ui/use-render-task";
import { clockText } from "./clock-option";
import type { ClockSettings } from "./definition";

export default function Clock({ settings, city }: WidgetProps<ClockSettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  useRenderTask(host, { rank: "figure", every: 250, topics: [], beat: true }, () => {
    const [time, date] = [host.current?.children[0], host.current?.children[1]];
    const text = live.connected()
      ? clockText(live.now(), city.timeZone, lang, settings.seconds)
      : { time: "--:--", date: "" };
    if (time && time.textContent !== text.time) time.textContent = text.time;
    if (date && date.textContent !== text.date) date.textContent = settings.date ? text.date : "";
  });
  return (
    <div ref={host} className="clock">
      <div className="figure clock-time">--:--</div>
      <div className="clock-date" />
    </div>
  );
}
