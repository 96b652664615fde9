"use client";
import { useRef } from "react";
import type { WidgetProps } from "@/lib/contract/widget";
import { metricFacts, refTopic } from "@/lib/contract/widget-settings";
import type { Series } from "@/lib/contract/series";
import { readMetric, readingOf } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { formatValue, t } from "@/components/ui/i18n";
import { setData } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { batches, outlook, slopeOf, type Outlook } from "./capacity-option";
import { definition, type CapacitySettings } from "./definition";

/** Seconds over which growth is measured: those who wait gather over minutes, demand rises in seconds. */
const WAITING_OVER = 60;
const DEMAND_OVER = 120;

/** A countdown as it is read: minutes and seconds, from an hour on hours and minutes. */
function countdown(seconds: number, lang: "zh" | "en"): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    Math.floor(seconds % 60),
  ];
  if (hours > 0)
    return lang === "zh"
      ? `${hours}小时${String(minutes).padStart(2, "0")}分`
      : `${hours} h ${String(minutes).padStart(2, "0")} min`;
  return lang === "zh"
    ? `${minutes}分${String(rest).padStart(2, "0")}秒`
    : `${minutes} min ${String(rest).padStart(2, "0")} s`;
}

export default function Capacity({ settings, city }: WidgetProps<CapacitySettings>) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const unit = metricFacts(city, settings.demand).unit[lang];
  const topicOf = (metric: string): string => refTopic(city, { metric, district: "all" });
  const seriesOf = (metric: string | undefined): Series | undefined =>
    metric ? readingOf(live, topicOf(metric))?.fine : undefined;
  const valueOf = (metric: string | undefined): number | null =>
    metric ? readMetric(live, city, topicOf(metric)).counted : null;

  useRenderTask(host, { rank: "figure", every: 250, topics: definition.topics(settings, city), beat: true }, () => {
    const box = host.current;
    if (!box) return;
    const now = live.now();
    const [risen, gathered] = [seriesOf(settings.demand), seriesOf(settings.waiting)];
    const [demand, capacity, waiting] = [
      valueOf(settings.demand),
      valueOf(settings.capacity),
      valueOf(settings.waiting),
    ];
    const told = settings.opensIn ? readMetric(live, city, topicOf(settings.opensIn)) : null;
    // Between two readings the countdown goes on.
    const opensIn =
      told && told.counted !== null && told.at !== null
        ? Math.max(0, told.counted - Math.max(0, now - told.at) / 1000)
        : null;
    const ahead: Outlook = outlook({
      demand,
      capacity,
      demandSlope: risen ? slopeOf(risen, now, DEMAND_OVER) : 0,
      waiting,
      waitingSlope: gathered ? slopeOf(gathered, now, WAITING_OVER) : 0,
      opensIn,
      burst: settings.burst,
    });
    setData(box, "state", ahead.state);
    const write = (name: string, text: string): void => {
      const target = box.querySelector<HTMLElement>(`[data-part="${name}"]`);
      if (target && target.textContent !== text) target.textContent = text;
    };
    const number = (value: number | null): string => (value === null ? "–" : formatValue(value, 0, lang));
    write("word", ahead.state === "unknown" ? t(lang, "noData") : t(lang, ahead.state));
    write("ratio", ahead.ratio === null ? "–" : ahead.ratio >= 10 ? ahead.ratio.toFixed(0) : ahead.ratio.toFixed(2));
    write(
      "when",
      opensIn !== null && (told?.counted ?? 0) > 0
        ? `${t(lang, "opensIn")} ${countdown(opensIn, lang)}`
        : ahead.reachedIn !== null
          ? `${countdown(ahead.reachedIn, lang)} ${t(lang, "reachedIn")}`
          : "",
    );
    write(
      "advice",
      ahead.state !== "short" && ahead.state !== "over"
        ? ""
        : ahead.expected === null || ahead.ratio === null
          ? ""
          : `${t(lang, "needed")} ${number(Math.ceil(ahead.expected / 100) * 100)} ${unit}${ahead.opensIn === null ? "" : lang === "zh" ? `，${t(lang, "batches")} ${batches(ahead.ratio)} 批` : `, ${t(lang, "batches")}: ${batches(ahead.ratio)}`}`,
    );
    const most = Math.max(1, demand ?? 0, capacity ?? 0, ahead.expected ?? 0);
    for (const [name, value] of [
      ["demand", demand],
      ["capacity", capacity],
      ["expected", ahead.expected],
    ] as const) {
      write(name, number(value));
      box
        .querySelector<HTMLElement>(`[data-bar="${name}"]`)
        ?.style.setProperty("width", `${((value ?? 0) / most) * 100}%`);
    }
  });

  const rows = [
    ["demand", t(lang, "demandNow")],
    ["expected", t(lang, "expected")],
    ["capacity", t(lang, "capacity")],
  ] as const;
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
      <dl>
        {rows.map(([name, word]) => (
          <div key={name} data-row={name}>
            <dt>{word}</dt>
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
    </div>
  );
}
