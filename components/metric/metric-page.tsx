"use client";
import { useRef } from "react";
import { metricOf, type CityFacts, type Lang, type Metric } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { SurroundingsProvider } from "@/components/ui/context";
import { formatAge, formatNumber, formatTime, levelWord, t } from "@/components/ui/i18n";
import { aggregateWords, betterWord, kindWord } from "@/components/ui/metric-words";
import { usePageKeys, usePastState } from "@/components/wall/page-time";
import { Tile } from "@/components/wall/tile";
import { TimeBar } from "@/components/wall/time-bar";
import { TitleBar } from "@/components/wall/title-bar";
import { useAnswer } from "@/components/wall/use-answer";
import { useConnection } from "@/components/wall/use-connection";
import { usePage } from "@/components/wall/use-page";
import { completenessRows, ratio, type Hour } from "./metric-math";

/** What `GET /api/v1/history/quality` answers. Times in ms. */
interface Quality {
  hours: Hour[];
  lag: { p50: number; p95: number } | null;
  late: number;
  revisions: { at: number; before: number; after: number; shown: number; corrected: number }[];
  qualities: [number, number, number];
}

const nothing = (): void => {};

const DAY = 86_400_000;
/** The page may stay open for hours: ms until completeness, lag and corrections are asked for anew. */
const REFRESH = 60_000;

/** Revisions that the gateway tells of at most. */
const REVISIONS = 100;

/** Where the time machine stands, rounded to the second, when it jumps or pauses; null in the present. */
function usePastMoment(): number | null {
  const past = usePastState();
  return past && Math.floor(past.at / 1_000) * 1_000;
}

/** Where a number comes from and how far it can be trusted. */
export function MetricPage({ city, id, district, lang: initialLang }: { city: CityFacts; id: string; district: string; lang: Lang }) {
  const { time, surroundings, player, lang, toggleLang, turnNumbers } = usePage(initialLang);
  const frame = useRef<HTMLDivElement>(null);
  const up = useConnection(frame, time?.live);
  usePageKeys(time, toggleLang, turnNumbers);
  const metric = metricOf(city, id);
  const places = [{ code: "all", name: { zh: levelWord(city, "whole", "zh"), en: levelWord(city, "whole", "en") } }, ...(metric?.districts ? city.districts.map((d) => ({ code: d.adcode, name: d.short })) : [])];
  if (!surroundings || !metric) return <div className="wall" />;
  const tabs = [{ href: `/wall/${city.id}/overview`, title: { zh: "‹ 大屏", en: "‹ Wall" }, current: false }, ...places.map(({ code, name }) => ({ href: `/metric/${city.id}/${id}?district=${code}`, title: name, current: code === district }))];
  return (
    <SurroundingsProvider value={surroundings}>
      <div ref={frame} className="wall metric" data-connected="pending" data-past={player !== null}>
        <TitleBar city={city} heading={metric.name} tabs={tabs} onLang={toggleLang} onNumbers={turnNumbers} player={player} />
        <main className="metric-grid">
          <Definition city={city} metric={metric} lang={lang} />
          <Tile tile={{ id: "now", widget: "figure", title: { zh: "当前", en: "Now" }, box: BOX, settings: { metric: id, district } }} box={{ x: 1, y: 0, w: 1, h: 1 }} city={city} onSource={nothing} />
          <Tile tile={{ id: "day", widget: "line", title: { zh: "近24小时", en: "The last 24 hours" }, box: BOX, settings: { series: [{ metric: id, district }], span: 86_400, area: true } }} box={{ x: 2, y: 0, w: 2, h: 1 }} city={city} onSource={nothing} />
          <QualityPanels key={district} topic={readingTopic(city.id, district, id)} metric={metric} city={city} lang={lang} />
        </main>
        {!up && <div className="banner" role="alert">{t(lang, "reconnecting")}</div>}
        {player && <TimeBar city={city} player={player} />}
      </div>
    </SurroundingsProvider>
  );
}

const BOX = { x: 0, y: 0, w: 1, h: 1 };

function Definition({ city, metric, lang }: { city: CityFacts; metric: Metric; lang: Lang }) {
  const system = city.systems[metric.system];
  const era = city.eras[metric.era ?? ""];
  const rows: [string, string][] = [
    [t(lang, "source"), system?.name[lang] ?? metric.system], [t(lang, "owner"), system?.owner[lang] ?? "–"], [t(lang, "unit"), metric.unit[lang] || "–"],
    [t(lang, "counting"), kindWord(metric, lang)], [t(lang, "direction"), betterWord(metric, lang)],
    [t(lang, "interval"), `${metric.interval} ${t(lang, "seconds")}`], [t(lang, "limit"), `${metric.limit} ${t(lang, "seconds")}`],
    ...(metric.target === undefined ? [] : [[t(lang, "target"), formatNumber(metric.target, metric.decimals, lang)] as [string, string]]),
    [`${t(lang, "aggregation")} · ${t(lang, "overDistricts")} / ${t(lang, "overTime")}`, aggregateWords(metric, lang)],
    ...(metric.smallCell === undefined ? [] : [[t(lang, "smallCell"), `< ${metric.smallCell}`] as [string, string]]),
    ...(metric.iso === undefined ? [] : [[t(lang, "standard"), metric.iso.join(" · ")] as [string, string]]),
    ...(era === undefined ? [] : [[t(lang, "historical"), `${era.name[lang]} ${era.from} – ${era.until}`] as [string, string]]),
  ];
  return (
    <section className="tile metric-facts">
      <header className="tile-head"><span>{t(lang, "definition")}</span></header>
      <div className="metric-body">
        <p>{metric.definition?.[lang] ?? metric.name[lang]}</p>
        <dl>{rows.map(([term, value]) => <div key={term}><dt>{term}</dt><dd>{value}</dd></div>)}</dl>
      </div>
    </section>
  );
}

function QualityPanels({ topic, metric, city, lang }: { topic: string; metric: Metric; city: CityFacts; lang: Lang }) {
  const at = usePastMoment();
  const week = at === null ? "" : `&from=${new Date(at - 7 * DAY).toISOString()}&to=${new Date(at).toISOString()}`;
  const { answer: quality, fault } = useAnswer<Quality>(`/api/v1/history/quality?topic=${encodeURIComponent(topic)}${week}`, 0, at === null ? REFRESH : 0);
  const days = completenessRows(quality?.hours ?? [], city.timeZone);
  const count = quality ? quality.qualities.reduce((sum, n) => sum + n, 0) : 0;
  return (
    <>
      <section className="tile metric-complete">
        <header className="tile-head"><span>{t(lang, "completeness")}</span><span className="analysis-note">{days.length === 0 ? "" : (fault ?? ratio(quality?.hours ?? []))}</span></header>
        {days.length === 0 ? <p className="empty">{fault ?? (quality ? t(lang, "noHistory") : "")}</p> : (
          <div className="metric-hours figure">
            {days.map(({ day, cells }) => (
              <div key={day}>
                <span>{day}</span>
                {cells.map((complete, hour) => <i key={hour} title={complete === null ? "" : `${String(hour).padStart(2, "0")}:00 ${Math.round(complete * 100)} %`} data-none={complete === null} style={complete === null ? undefined : { opacity: 0.08 + 0.5 * complete }} />)}
              </div>
            ))}
          </div>
        )}
      </section>
      <div className="metric-side">
        <section className="tile">
          <header className="tile-head"><span>{t(lang, "trust")}</span></header>
          <dl className="metric-body metric-figures">
            <div><dt>{t(lang, "lagMedian")}</dt><dd className="figure">{quality?.lag ? formatAgeMs(quality.lag.p50, lang) : "–"}</dd></div>
            <div><dt>{t(lang, "lagMost")}</dt><dd className="figure">{quality?.lag ? formatAgeMs(quality.lag.p95, lang) : "–"}</dd></div>
            <div><dt>{t(lang, "late24")}</dt><dd className="figure">{quality ? formatNumber(quality.late, 0, lang) : "–"}</dd></div>
            <div><dt>{t(lang, "revised7")}</dt><dd className="figure">{quality ? `${formatNumber(quality.revisions.length, 0, lang)}${quality.revisions.length < REVISIONS ? "" : "+"}` : "–"}</dd></div>
            <div><dt>{t(lang, "kept")}</dt><dd className="figure">{quality ? formatNumber(count, 0, lang) : "–"}</dd></div>
            <div><dt>{t(lang, "doubtful")}</dt><dd className="figure">{quality ? formatNumber(quality.qualities[1] + quality.qualities[2], 0, lang) : "–"}</dd></div>
          </dl>
        </section>
        <section className="tile metric-revised">
          <header className="tile-head"><span>{t(lang, "revisions")}</span></header>
          <ul className="metric-body">
            {(quality?.revisions ?? []).slice(0, 8).map(({ at, before, after, corrected }) => (
              <li key={`${at} ${corrected}`}><time className="figure">{formatTime(at, city.timeZone, true)}</time><b className="figure">{formatNumber(before, metric.decimals, lang)} → {formatNumber(after, metric.decimals, lang)}</b><span>{t(lang, "corrected")} {formatAge(corrected - at, lang)}{lang === "zh" ? "后" : " later"}</span></li>
            ))}
            {quality?.revisions.length === 0 && <li>{t(lang, "noRevisions")}</li>}
          </ul>
        </section>
      </div>
    </>
  );
}

/** Under a minute with a decimal. */
function formatAgeMs(ms: number, lang: Lang): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} ${t(lang, "seconds")}` : formatAge(ms, lang);
}
