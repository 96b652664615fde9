"use client";
import "./capacity.css";
import { useRef } from "react";
import type { CityFacts } from "@/lib/contract/city";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refTopic } from "@/lib/contract/widget-settings";
import type { Series } from "@/lib/contract/series";
import { readMetric, readingOf, type Live } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { t } from "@/components/ui/i18n";
import { setData } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { outlook, slopeOf, type CapacityInput } from "./capacity-option";
import { adviceText, countText, ratioText, whenText } from "./capacity-words";
import { definition, type CapacitySettings } from "./definition";

/** Seconds over which growth is measured: those who wait gather over minutes, demand rises in seconds. */
const WAITING_OVER = 60;
const DEMAND_OVER = 120;

/** What is known now of demand, capacity and the next opening. */
function situation(settings: CapacitySettings, city: CityFacts, live: Live): CapacityInput {
  const now = live.now();
  const topicOf = (metric: string): string => refTopic(city, { metric, district: "all" });
  const read = (metric: string | undefined) => (metric ? readMetric(live, city, topicOf(metric)) : null);
  const growth = (metric: string | undefined, seconds: number): number => {
    const series: Series | undefined = metric ? readingOf(live, topicOf(metric))?.fine : undefined;
    return series ? slopeOf(series, now, seconds) : 0;
  };
  const opening = read(settings.opensIn);
  const told = opening?.counted ?? 0;
  return {
    demand: read(settings.demand)?.counted ?? null,
    capacity: read(settings.capacity)?.counted ?? null,
    demandSlope: growth(settings.demand, DEMAND_OVER),
    waiting: read(settings.waiting)?.counted ?? null,
    waitingSlope: growth(settings.waiting, WAITING_OVER),
    // Between two readings the countdown goes on.
    opensIn: told > 0 ? Math.max(0, told - Math.max(0, now - (opening?.at ?? now)) / 1000) : null,
    burst: settings.burst,
  };
}

function write(box: HTMLElement, part: string, text: string): void {
  const target = box.querySelector<HTMLElement>(`[data-part="${part}"]`);
  if (target && target.textContent !== text) target.textContent = text;
}

export default function Capacity({ settings, city }: WidgetProps<CapacitySettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const unit = metricFacts(city, settings.demand).unit[lang];

  useRenderTask(host, { rank: "figure", every: 250, topics: definition.topics(settings, city), beat: true }, () => {
    const box = host.current;
    if (!box) return;
    const input = situation(settings, city, live);
    const ahead = outlook(input);
    setData(box, "state", ahead.state);
    write(box, "word", t(lang, ahead.state === "unknown" ? "noData" : ahead.state));
    write(box, "ratio", ratioText(ahead.ratio));
    write(box, "when", whenText(ahead, input.opensIn, lang));
    write(box, "advice", adviceText(ahead, unit, lang));
    const bars = { ...input, expected: ahead.expected };
    const most = Math.max(1, ...BARS.map((name) => bars[name] ?? 0));
    for (const name of BARS) {
      const value = bars[name];
      write(box, name, countText(value, lang));
      const bar = box.querySelector<HTMLElement>(`[data-bar="${name}"]`);
      bar?.style.setProperty("width", `${((value ?? 0) / most) * 100}%`);
    }
  });

  return (
    <div ref={host} className="capacity" data-state="unknown">
      <div className="capacity-head" role="status">
        <strong data-part="word" />
        <p>
          <b className="figure" data-part="ratio">
            –
          </b>
          <span>× {t(lang, "capacity")}</span>
        </p>
        <em className="figure" data-part="when" />
        <small data-part="advice" />
      </div>
      <Bars unit={unit} />
    </div>
  );
}

const BARS = ["demand", "expected", "capacity"] as const;

function Bars({ unit }: { unit: string }) {
  const { lang } = usePageContext();
  return (
    <dl>
      {BARS.map((name) => (
        <div key={name} data-row={name}>
          <dt>{t(lang, name === "demand" ? "demandNow" : name)}</dt>
          <dd>
            <i>
              <u data-bar={name} />
            </i>
            <b className="figure" data-part={name}>
              –
            </b>
            <span>{unit}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
