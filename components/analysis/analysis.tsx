"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { EChartsOption } from "echarts";
import type { FeatureCollection } from "geojson";
import { every } from "@/lib/clock";
import { districtOf, metricOf, parentOf, siblingsOf, type CityFacts, type Lang, type Text } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import type { Normal } from "@/lib/live/normal";
import { SurroundingsProvider } from "@/components/ui/context";
import { formatNumber, levelWord, t } from "@/components/ui/i18n";
import { stamp } from "@/components/ui/stamp";
import { usePageKeys, usePageTime, usePastState } from "@/components/wall/page-time";
import { TimeBar } from "@/components/wall/time-bar";
import { TitleBar } from "@/components/wall/title-bar";
import { usePage } from "@/components/wall/use-page";
import { correlation, histogram, normalsOf, outliers, pairs, restsOn, shifted, SHIFTS, stepFor, summary, weekGrid, type NormalAt, type Points, type Shift } from "./analysis-math";
import { EVENT_MARKS, gridOption, histogramOption, hoursOf, MAP_EVENTS, mapOption, multipleOption, rangeOption, rankOption, scatterOption, type Curve, type Marks, type Writing } from "./analysis-option";
import { aggregateOf, byDays, metricsOf, parseState, PRESETS, stateQuery, type AnalysisState, type Preset } from "./analysis-state";
import { explorer } from "./explorer-echarts";
import { Moments } from "./moments";
import { handOver, pictureOf } from "./picture";
import { SidePanel } from "./side-panel";
import { StaticChart, type Picked } from "./static-chart";
import { useEvents, useNotes, useOutlines } from "./use-city";
import { historyUrl, useHistory, type Question } from "./use-history";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How far back what is normal is learnt from, ms. */
const BASELINE = 28 * DAY + 2 * HOUR;
/** A moving range moves on this often, ms. */
const REFRESH = 60_000;
const MULTIPLES = 8;
const BINS = 24;
const OUTLIERS = 3;
const NOTHING: Points = { at: [], value: [] };

const PRESET_NAMES: Record<Preset, Text> = { "24h": { zh: "24小时", en: "24 h" }, "7d": { zh: "7天", en: "7 d" }, "30d": { zh: "30天", en: "30 d" }, "90d": { zh: "90天", en: "90 d" } };
const SHIFT_NAMES: Record<Shift, Text> = { day: { zh: "前一日同期", en: "Day before" }, week: { zh: "上周同期", en: "Week before" }, year: { zh: "去年同期", en: "Year before" } };

interface AnalysisProps {
  city: CityFacts;
  adcode: string;
  lang: Lang;
  /** the address's query, as the server saw it */
  query: string;
}

/** The analyst's page of a district: a range of time, compared, explained, and taken along. */
export function Analysis({ city, adcode, lang: initialLang, query }: AnalysisProps) {
  const { time, surroundings, player, lang, toggleLang, turnNumbers } = usePage(initialLang);
  const district = districtOf(city, adcode);
  const [state, setState] = useState(() => parseState(city, new URLSearchParams(query), adcode));
  const change = useCallback((part: Partial<AnalysisState>) => setState((before) => ({ ...before, ...part })), []);
  useEffect(() => {
    window.history.replaceState(window.history.state, "", stateQuery(state, new URLSearchParams(window.location.search).get("at")));
  }, [state]);
  usePageKeys(time, toggleLang, turnNumbers);
  if (!surroundings || !district) return <div className="wall" />;
  const tabs = [
    { href: `/district/${city.id}/${adcode}`, title: { zh: "‹ 实时", en: "‹ Live" }, current: false },
    ...siblingsOf(city, adcode).map((d) => ({ href: `/district/${city.id}/${d.adcode}${stateQuery(state)}`, title: d.short, current: d.adcode === adcode })),
  ];
  return (
    <SurroundingsProvider value={surroundings}>
      <div className="wall analysis" data-connected="true" data-past={player !== null}>
        <TitleBar city={city} heading={{ zh: `${district.name.zh} · 分析`, en: `${district.name.en}, analysis` }} tabs={tabs} onLang={toggleLang} onNumbers={turnNumbers} player={player} />
        <Explorer city={city} adcode={adcode} lang={lang} state={state} change={change} />
        {player && <TimeBar city={city} player={player} />}
      </div>
    </SurroundingsProvider>
  );
}

/**
 * The moment the page looks from: the present in steps of a minute, so that a moving range does not ask anew with every second;
 * or where the time machine stands, with what was known then if that is asked for. It moves with jumps and pauses, not with
 * every second that plays.
 */
function useMoment(): { moment: number; known: number | undefined } {
  const time = usePageTime();
  const live = time?.page.socket.store;
  const past = usePastState();
  const read = useCallback(() => (live?.connected() ? Math.floor(live.now() / REFRESH) * REFRESH : 0), [live]);
  const [minute, setMinute] = useState(0);
  useEffect(() => every(500, () => setMinute(read())), [read]);
  if (!past) return { moment: minute, known: undefined };
  const moment = Math.floor(past.at / 1_000) * 1_000;
  return { moment, known: past.knowledge === "then" ? moment : undefined };
}

function Explorer({ city, adcode, lang, state, change }: { city: CityFacts; adcode: string; lang: Lang; state: AnalysisState; change: (part: Partial<AnalysisState>) => void }) {
  const router = useRouter();
  const { moment, known } = useMoment();
  const metric = metricOf(city, state.metric);
  const to = typeof state.range === "string" ? moment : state.range[1];
  const from = typeof state.range === "string" ? moment - PRESETS[state.range] : state.range[0];
  const range: [number, number] = [from, to];
  const daily = byDays(city, state.metric, to - from);
  const step = daily ? DAY / 1_000 : stepFor(to - from);
  const hourly = aggregateOf(city, state.metric);
  const aggregate = daily ? "max" : hourly;
  const topic = (place: string, id = state.metric): string => readingTopic(city.id, place, id);
  const places = state.places.filter((place) => place !== adcode);
  const parent = parentOf(city, adcode);
  const beside = siblingsOf(city, adcode);
  const multiples = metricsOf(city, adcode).slice(0, MULTIPLES);
  const ready = moment > 0 && metric !== undefined;
  const ask = (question: Question): Question | null => (ready ? { ...question, ...(known === undefined ? {} : { known }) } : null);
  const shift = (name: Shift): Question | null => (state.shifts.includes(name) ? ask({ topics: [topic(adcode)], from: from - SHIFTS[name], to: to - SHIFTS[name], step, aggregate }) : null);
  const history = useHistory({
    main: ask({ topics: [adcode, ...places].map((place) => topic(place)), from, to, step, aggregate }),
    day: shift("day"), week: shift("week"), year: shift("year"),
    baseline: ask({ topics: [topic(adcode)], from: from - BASELINE, to, step: 3_600, aggregate: hourly, fill: "none" }),
    hours: ask({ topics: [topic(adcode), topic(adcode, state.other)], from: Math.min(from, to - 7 * DAY), to, step: 3_600, aggregate: hourly, fill: "none" }),
    multiples: ask({ topics: multiples.map(({ id }) => topic(adcode, id)), from, to, step: Math.max(step, stepFor((to - from) * 4)), aggregate: "last" }),
    ranking: ask({ topics: beside.map((d) => topic(d.adcode)), from, to, step: to - from > DAY ? 86_400 : 3_600, aggregate: metric?.kind === "gauge" ? "avg" : "max", fill: "none" }),
  });
  const { answers } = history;
  const main = answers.main?.[0] ?? NOTHING;
  const hours = answers.hours?.[0] ?? NOTHING;
  const normalAt = useMemo(() => normalsOf(answers.baseline?.[0] ?? NOTHING, city.timeZone), [answers.baseline, city.timeZone]);
  // By the hour, as what is normal is; the hour that still runs is not judged.
  const found = useMemo(() => outliers(hours, normalAt).filter(({ at }) => at >= from && at + HOUR <= to), [hours, normalAt, from, to]);
  const within = hourly === "last" ? 1 : 0.5;
  const writing: Writing = { lang, timeZone: city.timeZone, decimals: metric?.decimals ?? 0 };
  const nameOf = (place: string): string => (place === "all" ? levelWord(city, "whole", lang) : (districtOf(city, place)?.short[lang] ?? place));
  const curves: Curve[] = [
    { name: nameOf(adcode), points: main, compared: false },
    ...places.map((place, i) => ({ name: nameOf(place), points: answers.main?.[i + 1] ?? NOTHING, compared: true })),
    ...state.shifts.map((name) => ({ name: SHIFT_NAMES[name][lang], points: shifted(answers[name]?.[0] ?? NOTHING, SHIFTS[name]), compared: true })),
  ];
  const facts = summary(main);
  const empty = ready && !history.busy && facts === null;
  const points = pairs(answers.hours?.[0] ?? NOTHING, answers.hours?.[1] ?? NOTHING);
  const r = correlation(points);
  const inRange = (at: number): boolean => at >= from && at < to;
  const spread = hours.value.filter((value, i): value is number => value !== null && inRange(hours.at[i] ?? 0));
  const ranking = beside.map((d, i) => ({ code: d.adcode, name: d.short[lang], value: summary(answers.ranking?.[i] ?? NOTHING)?.mean ?? 0, own: d.adcode === adcode })).sort((a, b) => b.value - a.value);
  const stretch = ready ? { city: city.id, from, to } : null;
  const happened = useEvents(stretch, known);
  const notes = useNotes(stretch, city.id);
  const outlines = useOutlines(city.id, parent?.adcode);
  const pictured = useRef<(() => HTMLCanvasElement) | null>(null);
  if (!metric) return null;
  const scoped = happened.events.filter((event) => state.scope === "city" || event.district === adcode);
  const counts = new Map<string, number>();
  for (const { kind } of scoped) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const ofKind = (event: (typeof scoped)[number]): boolean => state.kind === null || event.kind === state.kind;
  const own = { ...notes, notes: notes.notes.filter((note) => (note.district === adcode || note.district === "all") && (note.metric === null || note.metric === state.metric)) };
  const marks: Marks = { events: scoped.filter(ofKind), chosen: happened.events.find(({ id }) => id === state.event) ?? null, notes: own.notes };
  const mapped = happened.events.filter((event) => ofKind(event) && event.lon !== undefined);
  const choose = (event: (typeof scoped)[number] | undefined): void => {
    if (event) change({ event: event.id, side: "events", scope: event.district === adcode ? state.scope : "city" });
  };
  const pickOnMap = ({ series, index, name }: Picked): void => {
    if (series === MAP_EVENTS) choose(mapped[index]);
    else if (districtOf(city, name) && name !== adcode) router.push(`/district/${city.id}/${name}${stateQuery(state)}`);
  };
  const savePicture = async (): Promise<void> => {
    const canvas = pictured.current?.();
    const system = city.systems[metric.system];
    const blob = canvas && (await pictureOf(canvas, `${city.name[lang]} · ${districtOf(city, adcode)?.name[lang] ?? adcode} · ${metric.name[lang]}${unit ? ` (${unit})` : ""}`, `${stamp(from, city.timeZone)} – ${stamp(to, city.timeZone)} (${city.timeZone})`, `${t(lang, "source")} ${system?.name[lang] ?? metric.system} · ${metric.definition?.[lang] ?? ""} · ${t(lang, "madeAt")} ${stamp(moment, city.timeZone)}`));
    if (blob) handOver(blob, `${adcode}-${metric.id}.png`);
  };
  const other = metricOf(city, state.other) ?? metric;
  const unit = metric.unit[lang];
  const taken: Question = { topics: [adcode, ...places].map((place) => topic(place)), from, to, step, aggregate, fill: "none", ...(known === undefined ? {} : { known }) };
  return (
    <>
      <div className="analysis-bar">
        <select value={state.metric} onChange={(event) => change({ metric: event.target.value })} aria-label={t(lang, "figures")}>{metricsOf(city, adcode).map((m) => <option key={m.id} value={m.id}>{m.name[lang]}</option>)}</select>
        <Choice label={t(lang, "range")}>{(Object.keys(PRESETS) as Preset[]).map((preset) => <button key={preset} type="button" aria-pressed={state.range === preset} onClick={() => change({ range: preset })}>{PRESET_NAMES[preset][lang]}</button>)}</Choice>
        <Moments from={from} to={to} timeZone={city.timeZone} lang={lang} onChange={(range) => change({ range })} />
        <Choice label={t(lang, "compare")}>
          {["all", ...(parent ? [parent.adcode] : []), ...beside.map((d) => d.adcode).filter((code) => code !== adcode)].map((place) => <button key={place} type="button" aria-pressed={state.places.includes(place)} onClick={() => change({ places: toggled(state.places, place) })}>{nameOf(place)}</button>)}
          {(Object.keys(SHIFTS) as Shift[]).map((name) => <button key={name} type="button" aria-pressed={state.shifts.includes(name)} onClick={() => change({ shifts: toggled(state.shifts, name) })}>{SHIFT_NAMES[name][lang]}</button>)}
        </Choice>
        <span className="analysis-do">
          <a href={ready ? historyUrl(taken, "csv") : undefined} download>CSV</a>
          <a href={ready ? historyUrl(taken, "xlsx", lang) : undefined} download>{t(lang, "workbook")}</a>
          <button type="button" onClick={() => void savePicture()}>PNG</button>
          <CopyLink lang={lang} />
        </span>
        <div className="analysis-progress" data-busy={history.busy}><i style={{ width: `${history.done * 100}%` }} />{history.busy && <button type="button" onClick={history.cancel}>{t(lang, "cancel")}</button>}</div>
      </div>
      <main className="analysis-grid">
        <Panel area="main" title={`${metric.name[lang]}${unit ? ` (${unit})` : ""}`} note={daily ? t(lang, "byDay") : bandNote(lang, restsOn(hoursOf(range).map(normalAt)))}>
          {empty ? <p className="empty">{history.error ?? t(lang, "noHistory")}</p> : <StaticChart label={metric.name[lang]} picture={pictured} option={(px) => rangeOption(curves, daily ? () => null : normalAt, daily ? [] : found, range, within, marks, writing, px)} onRange={(a, b) => change({ range: [Math.round(a), Math.round(b)] })} onPick={({ series, index }) => choose(series === EVENT_MARKS ? marks.events[index] : undefined)} />}
        </Panel>
        <SidePanel city={city} adcode={adcode} lang={lang} state={state} change={change} events={marks.events} kinds={[...counts].sort((a, b) => b[1] - a[1])} cut={happened.cut} notes={own} range={range} curves={curves} decimals={metric.decimals}>
          <dl className="analysis-facts">
            {facts && ([["mean", facts.mean], ["highest", facts.high], ["lowest", facts.low], ["latest", facts.last]] as const).map(([word, value]) => <div key={word}><dt>{t(lang, word)}</dt><dd className="figure">{formatNumber(value, metric.decimals, lang)}</dd></div>)}
          </dl>
          <p className="analysis-says">{history.busy && !facts ? "" : found[0] ? explain(lang, metric, found.length, found[0], city.timeZone) : judged(lang, hours, normalAt, range)}</p>
          <ul className="analysis-outliers">
            {found.slice(0, OUTLIERS).map(({ at, value }) => <li key={at}><time className="figure">{stamp(at, city.timeZone)}</time><b className="figure">{formatNumber(value, metric.decimals, lang)}</b><a href={`/wall/${city.id}/overview?at=${new Date(at + within * HOUR).toISOString()}`}>{t(lang, "replay")}</a></li>)}
          </ul>
        </SidePanel>
        <section className="tile" style={{ gridArea: "rank" }}>
          <header className="tile-head analysis-tabs" role="tablist">{(["rank", "map"] as const).map((low) => <button key={low} type="button" role="tab" aria-selected={state.low === low} onClick={() => change({ low })}>{t(lang, low === "rank" ? "ranking" : "map")}</button>)}</header>
          <div className="tile-body">
            {state.low === "rank" ? <StaticChart key="rank" label={t(lang, "ranking")} option={(px) => rankOption(ranking, writing, px)} onPick={({ index }) => change({ places: toggled(state.places, ranking[index]?.code ?? "").filter((place) => place !== adcode) })} />
              : outlines && <PlaceMap key="map" city={city} outlines={outlines} label={t(lang, "map")} option={(px) => mapOption(city, adcode, beside, new Map(ranking.map(({ code, value }) => [code, value])), { events: mapped, chosen: marks.chosen }, writing, px)} onPick={pickOnMap} />}
          </div>
        </section>
        <Panel area="grid" title={t(lang, "byHour")}><StaticChart label={t(lang, "byHour")} option={(px) => gridOption(weekGrid(hours, city.timeZone), writing, px)} /></Panel>
        <Panel area="spread" title={t(lang, "distribution")}><StaticChart label={t(lang, "distribution")} option={(px) => histogramOption(histogram(spread, BINS), lang, px)} /></Panel>
        <Panel area="pair" title={<select value={state.other} onChange={(event) => change({ other: event.target.value })} aria-label={t(lang, "correlation")}>{metricsOf(city, adcode).filter((m) => m.id !== metric.id).map((m) => <option key={m.id} value={m.id}>{`${t(lang, "correlation")} · ${m.name[lang]}`}</option>)}</select>} note={r === null ? "" : `r = ${r.toFixed(2)}`}>
          <StaticChart label={`${metric.name[lang]} ${other.name[lang]}`} option={(px) => scatterOption(points, lang, px)} />
        </Panel>
        <div className="analysis-multiples">
          {multiples.map((m, i) => (
            <button key={m.id} type="button" aria-pressed={m.id === state.metric} onClick={() => change({ metric: m.id })}>
              <span>{m.name[lang]}</span><b className="figure">{multipleValue(answers.multiples?.[i], m.decimals, lang)}</b>
              <div><StaticChart label={m.name[lang]} option={() => multipleOption(answers.multiples?.[i] ?? NOTHING, range, m.id === state.metric)} /></div>
            </button>
          ))}
        </div>
      </main>
      {history.error && <div className="banner" role="alert">{history.error}</div>}
    </>
  );
}

/** A map of the city's districts; the outlines are made known before it is drawn. */
function PlaceMap({ city, outlines, ...chart }: { city: CityFacts; outlines: FeatureCollection; label: string; option: (px: (rems: number) => number) => EChartsOption; onPick: (picked: Picked) => void }) {
  useMemo(() => explorer.registerMap(city.id, outlines as Parameters<typeof explorer.registerMap>[1]), [city.id, outlines]);
  return <StaticChart {...chart} />;
}

function toggled<T>(list: T[], item: T): T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

function multipleValue(points: Points | undefined, decimals: number, lang: Lang): string {
  const facts = summary(points ?? NOTHING);
  return facts ? formatNumber(facts.last, decimals, lang) : "–";
}

/** What the grey band is, and on how many days it rests. */
function bandNote(lang: Lang, days: [number, number] | null): string {
  if (!days) return t(lang, "noBand");
  return `${t(lang, "band")} (${t(lang, "restsOn")}${days[0] === days[1] ? days[0] : days.join("–")}${t(lang, "restsOnDays")}) · ${t(lang, "zoom")}`;
}

/** That nothing stands out, and of how many hours that can be said. */
function judged(lang: Lang, hours: Points, normalAt: NormalAt, [from, to]: [number, number]): string {
  const within = hours.at.filter((at, i) => at >= from && at + HOUR <= to && hours.value[i] !== null);
  const known = within.filter((at) => normalAt(at) !== null).length;
  if (known === 0) return t(lang, "noBaseline");
  if (known === within.length) return t(lang, "allNormal");
  if (lang === "zh") return `可判断的 ${known} 小时均在近四周同时段常态之内；其余 ${within.length - known} 小时历史不足。`;
  return `The ${known} hours that can be judged lie within what is normal for them; for the other ${within.length - known} there is not enough past.`;
}

/** The farthest outlier in a sentence. */
function explain(lang: Lang, metric: CityFacts["metrics"][number], count: number, { at, value, band }: { at: number; value: number; band: Normal }, timeZone: string): string {
  const write = (v: number): string => formatNumber(v, metric.decimals, lang);
  const when = stamp(at, timeZone);
  if (lang === "zh") return `${when} ${metric.name.zh}为 ${write(value)}，${value > band.mid ? "高于" : "低于"}近四周同一时段的常态 ${write(band.low)}–${write(band.high)}（中位 ${write(band.mid)}，据 ${band.count} 天）。此范围内共 ${count} 处异常。`;
  return `${when}: ${metric.name.en} was ${write(value)}, ${value > band.mid ? "above" : "below"} the ${write(band.low)}–${write(band.high)} that is normal for this hour of the week (median ${write(band.mid)}, of ${band.count} days in the last four weeks). ${count} such points in this range.`;
}

function Panel({ area, title, note, children }: { area: string; title: ReactNode; note?: string; children: ReactNode }) {
  return <section className="tile" style={{ gridArea: area }}><header className="tile-head"><span>{title}</span>{note && <span className="analysis-note">{note}</span>}</header><div className="tile-body">{children}</div></section>;
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return <div className="analysis-choice" role="group" aria-label={label}><span>{label}</span>{children}</div>;
}

function CopyLink({ lang }: { lang: Lang }) {
  const [done, setDone] = useState(false);
  return <button type="button" onClick={() => void navigator.clipboard?.writeText(window.location.href).then(() => setDone(true))}>{t(lang, done ? "copied" : "copyLink")}</button>;
}
