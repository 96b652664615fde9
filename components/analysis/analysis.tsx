"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { EChartsOption } from "echarts";
import type { FeatureCollection } from "geojson";
import { every } from "@/lib/clock";
import {
  districtOf,
  metricOf,
  parentOf,
  siblingsOf,
  type CityFacts,
  type Lang,
  type Metric,
  type Text,
} from "@/lib/contract/city";
import { PageContextProvider } from "@/components/ui/page-context";
import { formatNumber, formatTime, levelWord, t } from "@/components/ui/i18n";
import { stamp } from "@/components/ui/stamp";
import { addressRefused, usePageKeys, usePageTime, usePastState, useRefusedMoment } from "@/components/page/page-time";
import { TimeBar } from "@/components/page/time-bar";
import { TitleBar } from "@/components/page/title-bar";
import { usePage } from "@/components/page/use-page";
import {
  correlation,
  histogram,
  normalsOf,
  outliers,
  pairs,
  restsOn,
  shifted,
  SHIFTS,
  summary,
  weekGrid,
  type NormalAt,
  type Outlier,
  type Points,
  type Shift,
} from "./analysis-math";
import {
  EVENT_MARKS,
  gridOption,
  histogramOption,
  hoursOf,
  MAP_EVENTS,
  mapOption,
  multipleOption,
  rangeOption,
  rankOption,
  scatterOption,
  type Curve,
  type Marks,
  type Writing,
} from "./analysis-option";
import {
  emptyPresets,
  emptyShifts,
  metricsOf,
  parseState,
  PRESETS,
  stateQuery,
  type AnalysisState,
  type Preset,
} from "./analysis-state";
import { explorer } from "./explorer-echarts";
import { Facts } from "./facts";
import { hatch } from "./hatch";
import {
  bucketAggregate,
  byDays,
  comparableHours,
  curveAggregate,
  isCounter,
  pointsOf,
  ranked,
  rangeMeasure,
  rangeValue,
  summaries,
  wholeHours,
} from "./measures";
import { Moments } from "./moments";
import { handOver, pictureOf } from "./picture";
import { chartQuestion, countedOf, multiplesOf, placesOf, questionsOf, type View } from "./questions";
import { SidePanel } from "./side-panel";
import { StaticChart, type Picked } from "./static-chart";
import { useEvents, useExtent, useNotes, useOutlines } from "./use-city";
import { historyUrl, useHistory, type Answer } from "./use-history";

const HOUR = 3_600_000;
/** A moving range moves on this often, ms. */
const REFRESH = 60_000;
const NO_QUESTIONS = {
  main: [],
  day: [],
  week: [],
  year: [],
  baseline: [],
  hours: [],
  multiples: [],
  counted: [],
  ranking: [],
};
const BINS = 24;
const OUTLIERS = 3;

const PRESET_NAMES: Record<Preset, Text> = {
  "24h": { zh: "24小时", en: "24 h" },
  "7d": { zh: "7天", en: "7 d" },
  "30d": { zh: "30天", en: "30 d" },
  "90d": { zh: "90天", en: "90 d" },
};
const SHIFT_NAMES: Record<Shift, Text> = {
  day: { zh: "前一日同期", en: "Day before" },
  week: { zh: "上周同期", en: "Week before" },
  year: { zh: "去年同期", en: "Year before" },
};

interface AnalysisProps {
  city: CityFacts;
  adcode: string;
  lang: Lang;
  /** the address's query, as the server saw it */
  query: string;
}

/** The analyst's page of a district: a range of time, compared, explained, and taken along. */
export function Analysis({ city, adcode, lang: initialLang, query }: AnalysisProps) {
  const { time, pageContext, player, lang, toggleLang, turnNumbers } = usePage(initialLang);
  const district = districtOf(city, adcode);
  const [state, setState] = useState(() => parseState(city, new URLSearchParams(query), adcode));
  const change = useCallback((part: Partial<AnalysisState>) => setState((before) => ({ ...before, ...part })), []);
  const refused = useRefusedMoment();
  useEffect(() => {
    if (!time || addressRefused()) return;
    window.history.replaceState(
      window.history.state,
      "",
      stateQuery(state, new URLSearchParams(window.location.search).get("at")),
    );
  }, [state, time, refused]);
  usePageKeys(time, toggleLang, turnNumbers);
  if (!pageContext || !district) return <div className="wall" />;
  const tabs = [
    { href: `/district/${city.id}/${adcode}`, title: { zh: "‹ 实时", en: "‹ Live" }, current: false },
    ...siblingsOf(city, adcode).map((d) => ({
      href: `/district/${city.id}/${d.adcode}${stateQuery(state)}`,
      title: d.short,
      current: d.adcode === adcode,
    })),
  ];
  return (
    <PageContextProvider value={pageContext}>
      <div className="wall analysis" data-connected="true" data-past={player !== null}>
        <TitleBar
          city={city}
          heading={{ zh: `${district.name.zh} · 分析`, en: `${district.name.en}, analysis` }}
          tabs={tabs}
          onLang={toggleLang}
          onNumbers={turnNumbers}
          player={player}
        />
        <Explorer city={city} adcode={adcode} lang={lang} state={state} change={change} />
        {player && <TimeBar city={city} player={player} />}
      </div>
    </PageContextProvider>
  );
}

/**
 * The moment the page looks from: the present in steps of a minute, so that a moving range does not ask anew with every second;
 * or where the time machine stands, with what was known then if that is asked for. It moves with jumps and pauses, not with
 * every second that plays.
 */
function useMoment(): { moment: number; asOf: number | undefined } {
  const time = usePageTime();
  const live = time?.page.socket.store;
  const past = usePastState();
  const read = useCallback(() => (live?.connected() ? Math.floor(live.now() / REFRESH) * REFRESH : 0), [live]);
  const [minute, setMinute] = useState(0);
  useEffect(() => every(500, () => setMinute(read())), [read]);
  if (!past) return { moment: minute, asOf: undefined };
  const moment = Math.floor(past.at / 1_000) * 1_000;
  return { moment, asOf: past.knowledge === "then" ? moment : undefined };
}

const RANGE_WORDS = { total: "rangeTotal", mean: "rangeMean", last: "rangeLast", max: "rangeMax" } as const;

/** A number's age that is worth telling, ms. */
const BEHIND = 60_000;

/** The page once its metric is known, and what it asks. */
function Explorer({
  city,
  adcode,
  lang,
  state,
  change,
}: {
  city: CityFacts;
  adcode: string;
  lang: Lang;
  state: AnalysisState;
  change: (part: Partial<AnalysisState>) => void;
}) {
  const { moment, asOf } = useMoment();
  const metric = metricOf(city, state.metric);
  if (!metric) return null;
  const to = typeof state.range === "string" ? moment : state.range[1];
  const from = typeof state.range === "string" ? moment - PRESETS[state.range] : state.range[0];
  const other = metricOf(city, state.other) ?? metric;
  const view: View = {
    city,
    adcode,
    state,
    metric,
    other,
    beside: siblingsOf(city, adcode).map((d) => d.adcode),
    from,
    to,
    asOf,
  };
  return <Explored view={view} moment={moment} lang={lang} change={change} />;
}

function Explored({
  view,
  moment,
  lang,
  change,
}: {
  view: View;
  moment: number;
  lang: Lang;
  change: (part: Partial<AnalysisState>) => void;
}) {
  const { city, adcode, state, metric, other, from, to, asOf } = view;
  const router = useRouter();
  const range: [number, number] = [from, to];
  const daily = byDays(metric, to - from);
  const drawn = curveAggregate(metric, to - from);
  const ready = moment > 0;
  const parent = parentOf(city, adcode);
  const beside = siblingsOf(city, adcode);
  const multiples = multiplesOf(view);
  const history = useHistory(ready ? questionsOf(view) : NO_QUESTIONS);
  const { answers } = history;
  const chart = answers.main?.[0];
  const main = pointsOf(chart?.series[0], drawn);
  const hourly = bucketAggregate(metric);
  const [ownHours, otherHours] = answers.hours?.[0]?.series ?? [];
  const baseline = answers.baseline?.[0];
  const normalAt = useMemo(
    () => normalsOf(pointsOf(baseline?.series[0], hourly), city.timeZone),
    [baseline, hourly, city.timeZone],
  );
  // By the hour, as what is normal is; the hour that still runs is not judged.
  const judgeable = useMemo(() => wholeHours(pointsOf(ownHours, hourly), from, to), [ownHours, hourly, from, to]);
  // A total only grows, and days' totals are no hours.
  const found = useMemo(
    () => (metric.kind === "total" ? [] : outliers(judgeable, normalAt)),
    [judgeable, normalAt, metric.kind],
  );
  const within = hourly === "last" ? 1 : 0.5;
  const writing: Writing = { lang, timeZone: city.timeZone, decimals: metric.decimals };
  const nameOf = (place: string): string =>
    place === "all" ? levelWord(city, "whole", lang) : (districtOf(city, place)?.short[lang] ?? place);
  const provisionalFrom = chart?.provisionalFrom ?? null;
  const curves: Curve[] = [
    ...placesOf(view).map((place, i) => ({
      name: nameOf(place),
      points: pointsOf(chart?.series[i], drawn),
      compared: i > 0,
      provisionalFrom,
    })),
    ...state.shifts.map((name) => ({
      name: SHIFT_NAMES[name][lang],
      points: shifted(pointsOf(answers[name]?.[0]?.series[0], drawn), SHIFTS[name]),
      compared: true,
      provisionalFrom: null,
    })),
  ];
  const empty = ready && !history.busy && summary(main) === null;
  // Of hours set beside each other a counter says what it rose by, and only whole hours can be compared.
  const hours = comparableHours(metric, ownHours, to, city.timeZone);
  const points = pairs(hours, comparableHours(other, otherHours, to, city.timeZone));
  const r = correlation(points);
  const inRange = wholeHours(hours, from, to);
  const spread = inRange.value.filter((value): value is number => value !== null);
  const ofPlaces = summaries(metric, beside.length, answers.ranking ?? []);
  const ranking = ranked(
    (answers.ranking ? beside : []).map((d, i) => ({
      code: d.adcode,
      name: d.short[lang],
      value: rangeValue(metric, ofPlaces[i]),
      own: d.adcode === adcode,
    })),
  );
  const rankedAs = noteOf(
    t(lang, RANGE_WORDS[rangeMeasure(metric)]),
    isProvisional(answers.ranking, to) && t(lang, "provisional"),
  );
  const counted = new Map(
    countedOf(view).map((of, i) => [of.id, summaries(of, i + 1, answers.counted ?? [])[i]?.total ?? null]),
  );
  const since = useExtent(city.id);
  const notRetained: readonly string[] = [...emptyPresets(to, since), ...emptyShifts(to, since)];
  const notRetainedWhy = since === null ? "" : `${t(lang, "keptSince")} ${stamp(since, city.timeZone)}`;
  const stretch = ready ? { city: city.id, from, to } : null;
  const happened = useEvents(stretch, asOf);
  const notes = useNotes(stretch, city.id);
  const outlines = useOutlines(city.id, parent?.adcode);
  const pictured = useRef<() => HTMLCanvasElement | null>(null);
  const scoped = happened.events.filter((event) => state.scope === "city" || event.district === adcode);
  const counts = new Map<string, number>();
  for (const { kind } of scoped) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const ofKind = (event: (typeof scoped)[number]): boolean => state.kind === null || event.kind === state.kind;
  const own = {
    ...notes,
    notes: notes.notes.filter(
      (note) =>
        (note.district === adcode || note.district === "all") && (note.metric === null || note.metric === state.metric),
    ),
  };
  const marks: Marks = {
    events: scoped.filter(ofKind),
    chosen: happened.events.find(({ id }) => id === state.event) ?? null,
    notes: own.notes,
  };
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
    const blob =
      canvas &&
      (await pictureOf(
        canvas,
        `${city.name[lang]} · ${districtOf(city, adcode)?.name[lang] ?? adcode} · ${metric.name[lang]}${unit ? ` (${unit})` : ""}`,
        `${stamp(from, city.timeZone)} – ${stamp(to, city.timeZone)} (${city.timeZone})`,
        `${t(lang, "source")} ${system?.name[lang] ?? metric.system} · ${metric.definition?.[lang] ?? ""} · ${t(lang, "madeAt")} ${stamp(moment, city.timeZone)}`,
      ));
    if (blob) handOver(blob, `${adcode}-${metric.id}.png`);
  };
  const unit = metric.unit[lang];
  const taken = { ...chartQuestion(view), fill: "none" as const };
  const banded = !daily && metric.kind !== "total";
  return (
    <>
      <div className="analysis-bar">
        <select
          value={state.metric}
          onChange={(event) => change({ metric: event.target.value })}
          aria-label={t(lang, "figures")}
        >
          {metricsOf(city, adcode).map((m) => (
            <option key={m.id} value={m.id}>
              {m.name[lang]}
            </option>
          ))}
        </select>
        <Choice label={t(lang, "range")}>
          {(Object.keys(PRESETS) as Preset[]).map((preset) => (
            <Pick
              key={preset}
              pressed={state.range === preset}
              notRetained={notRetained.includes(preset)}
              why={notRetainedWhy}
              onPick={() => change({ range: preset })}
            >
              {PRESET_NAMES[preset][lang]}
            </Pick>
          ))}
        </Choice>
        <Moments from={from} to={to} timeZone={city.timeZone} lang={lang} onChange={(range) => change({ range })} />
        <Choice label={t(lang, "compare")}>
          {[
            "all",
            ...(parent ? [parent.adcode] : []),
            ...beside.map((d) => d.adcode).filter((code) => code !== adcode),
          ].map((place) => (
            <button
              key={place}
              type="button"
              aria-pressed={state.places.includes(place)}
              onClick={() => change({ places: toggled(state.places, place) })}
            >
              {nameOf(place)}
            </button>
          ))}
          {(Object.keys(SHIFTS) as Shift[]).map((name) => (
            <Pick
              key={name}
              pressed={state.shifts.includes(name)}
              notRetained={notRetained.includes(name)}
              why={notRetainedWhy}
              onPick={() => change({ shifts: toggled(state.shifts, name) })}
            >
              {SHIFT_NAMES[name][lang]}
            </Pick>
          ))}
        </Choice>

        <span className="analysis-do">
          <a href={ready ? historyUrl(taken, "csv", lang) : undefined} download>
            CSV
          </a>
          <a href={ready ? historyUrl(taken, "xlsx", lang) : undefined} download>
            {t(lang, "workbook")}
          </a>
          <button type="button" onClick={() => void savePicture()}>
            PNG
          </button>
          <CopyLink lang={lang} />
        </span>
        <div className="analysis-progress" data-busy={history.busy}>
          <i style={{ width: `${history.done * 100}%` }} />
          {history.busy && (
            <button type="button" onClick={history.cancel}>
              {t(lang, "cancel")}
            </button>
          )}
        </div>
      </div>
      <main className="analysis-grid">
        <Panel
          area="main"
          title={`${metric.name[lang]}${unit ? ` (${unit})` : ""}`}
          note={chartNote(lang, {
            chart,
            daily,
            band: banded && bandNote(lang, restsOn(hoursOf(range).map(normalAt))),
            until: Math.min(to, moment),
            timeZone: city.timeZone,
            kept: notRetained.length > 0 && notRetainedWhy,
          })}
        >
          {empty ? (
            <p className="empty">{history.error ?? t(lang, "noHistory")}</p>
          ) : (
            <StaticChart
              label={metric.name[lang]}
              picture={pictured}
              option={(px) =>
                rangeOption(
                  curves,
                  banded ? normalAt : () => null,
                  banded ? found : [],
                  range,
                  within,
                  marks,
                  writing,
                  px,
                )
              }
              onRange={(a, b) => change({ range: [Math.round(a), Math.round(b)] })}
              onPick={({ series, index }) => choose(series === EVENT_MARKS ? marks.events[index] : undefined)}
            />
          )}
        </Panel>
        <SidePanel
          city={city}
          adcode={adcode}
          lang={lang}
          state={state}
          change={change}
          events={marks.events}
          kinds={[...counts].sort((a, b) => b[1] - a[1])}
          cut={happened.cut}
          notes={own}
          range={range}
          curves={curves}
          decimals={metric.decimals}
        >
          <Facts
            metric={metric}
            lang={lang}
            own={ofPlaces[beside.findIndex((d) => d.adcode === adcode)]}
            hours={inRange}
            days={daily ? main : null}
            range={range}
            timeZone={city.timeZone}
          />
          <p className="analysis-says">
            {history.busy && answers.baseline === undefined
              ? ""
              : says(lang, metric, found, judgeable, normalAt, city.timeZone)}
          </p>
          <ul className="analysis-outliers">
            {found.slice(0, OUTLIERS).map(({ at, value }) => (
              <li key={at}>
                <time className="figure">{stamp(at, city.timeZone)}</time>
                <b className="figure">{formatNumber(value, metric.decimals, lang)}</b>
                <a href={`/wall/${city.id}/overview?at=${new Date(at + within * HOUR).toISOString()}`}>
                  {t(lang, "replay")}
                </a>
              </li>
            ))}
          </ul>
        </SidePanel>
        <section className="tile" style={{ gridArea: "rank" }}>
          <header className="tile-head analysis-tabs" role="tablist">
            {(["rank", "map"] as const).map((low) => (
              <button
                key={low}
                type="button"
                role="tab"
                aria-selected={state.low === low}
                onClick={() => change({ low })}
              >
                {t(lang, low === "rank" ? "ranking" : "map")}
              </button>
            ))}
            <span className="analysis-note">{rankedAs}</span>
          </header>
          <div className="tile-body">
            {state.low === "rank" ? (
              <StaticChart
                key="rank"
                label={t(lang, "ranking")}
                option={(px) => rankOption(ranking, writing, px)}
                onPick={({ index }) =>
                  change({
                    places: toggled(state.places, ranking[index]?.code ?? "").filter((place) => place !== adcode),
                  })
                }
              />
            ) : (
              outlines && (
                <PlaceMap
                  key="map"
                  city={city}
                  outlines={outlines}
                  label={t(lang, "map")}
                  option={(px) =>
                    mapOption(
                      city,
                      adcode,
                      beside,
                      new Map(ranking.flatMap(({ code, value }) => (value === null ? [] : [[code, value] as const]))),
                      hatch(),
                      { events: mapped, chosen: marks.chosen },
                      writing,
                      px,
                    )
                  }
                  onPick={pickOnMap}
                />
              )
            )}
          </div>
        </section>
        <Panel area="grid" title={t(lang, "byHour")} note={isCounter(metric) ? t(lang, "hourlyRise") : ""}>
          <StaticChart
            label={t(lang, "byHour")}
            option={(px) => gridOption(weekGrid(hours, city.timeZone), writing, px)}
          />
        </Panel>
        <Panel area="spread" title={t(lang, "distribution")} note={isCounter(metric) ? t(lang, "hourlyRise") : ""}>
          <StaticChart
            label={t(lang, "distribution")}
            option={(px) => histogramOption(histogram(spread, BINS), lang, px)}
          />
        </Panel>
        <Panel
          area="pair"
          title={
            <select
              value={state.other}
              onChange={(event) => change({ other: event.target.value })}
              aria-label={t(lang, "correlation")}
            >
              {metricsOf(city, adcode)
                .filter((m) => m.id !== metric.id)
                .map((m) => (
                  <option key={m.id} value={m.id}>{`${t(lang, "correlation")} · ${m.name[lang]}`}</option>
                ))}
            </select>
          }
          note={r === null ? "" : `r = ${r.toFixed(2)}`}
        >
          <StaticChart
            label={`${metric.name[lang]} ${other.name[lang]}`}
            option={(px) => scatterOption(points, lang, px)}
          />
        </Panel>
        <div className="analysis-multiples">
          {multiples.map((m, i) => {
            const points = pointsOf(answers.multiples?.[0]?.series[i], curveAggregate(m, to - from));
            return (
              <button
                key={m.id}
                type="button"
                aria-pressed={m.id === state.metric}
                onClick={() => change({ metric: m.id })}
              >
                <span>{m.name[lang]}</span>
                <b className="figure">
                  {counted.has(m.id)
                    ? countedValue(counted.get(m.id), m.decimals, lang)
                    : lastValue(points, m.decimals, lang)}
                </b>
                <div>
                  <StaticChart
                    label={m.name[lang]}
                    option={() => multipleOption(points, range, m.id === state.metric)}
                  />
                </div>
              </button>
            );
          })}
        </div>
      </main>
      {history.error && (
        <div className="banner" role="alert">
          {history.error}
        </div>
      )}
    </>
  );
}

/** A map of the city's districts; the outlines are made known before it is drawn. */
function PlaceMap({
  city,
  outlines,
  ...chart
}: {
  city: CityFacts;
  outlines: FeatureCollection;
  label: string;
  option: (px: (rems: number) => number) => EChartsOption;
  onPick: (picked: Picked) => void;
}) {
  useMemo(
    () => explorer.registerMap(city.id, outlines as Parameters<typeof explorer.registerMap>[1]),
    [city.id, outlines],
  );
  return <StaticChart {...chart} />;
}

function toggled<T>(list: T[], item: T): T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

function lastValue(points: Points, decimals: number, lang: Lang): string {
  const facts = summary(points);
  return facts ? formatNumber(facts.last, decimals, lang) : "–";
}

/** What a day's counter rose by in the range. */
function countedValue(total: number | null | undefined, decimals: number, lang: Lang): string {
  return total === null || total === undefined ? "–" : `Σ ${formatNumber(total, decimals, lang)}`;
}

function noteOf(...parts: (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== "").join(" · ");
}

/** Whether the last part of an answer may still change before `to` (ms). */
function isProvisional(parts: Answer[] | undefined, to: number): boolean {
  return (parts ?? []).some(({ provisionalFrom }) => provisionalFrom !== null && provisionalFrom < to);
}

/** What must be known to read the chart rightly: what its band rests on, what may change, up to when it is complete. */
function chartNote(
  lang: Lang,
  {
    chart,
    daily,
    band,
    until,
    timeZone,
    kept,
  }: {
    chart: Answer | undefined;
    daily: boolean;
    band: string | false;
    until: number;
    timeZone: string;
    kept: string | false;
  },
): string {
  const behind =
    chart?.completeUntil !== null && chart?.completeUntil !== undefined && until - chart.completeUntil > BEHIND;
  const bad = chart?.series.reduce((sum, series) => sum + series.bad, 0) ?? 0;
  return noteOf(
    behind && `${t(lang, "completeTo")} ${formatTime(chart?.completeUntil ?? 0, timeZone, true)}`,
    bad > 0 && `${t(lang, "badLeftOut")} ✕${formatNumber(bad, 0, lang)}`,
    daily && t(lang, "byDay"),
    band,
    isProvisional(chart && [chart], until) && t(lang, "hollowPoint"),
    kept,
    t(lang, "zoom"),
  );
}

/** What the summary says in words: the farthest outlier, that there is none, or why nothing can be said. */
function says(
  lang: Lang,
  metric: Metric,
  found: Outlier[],
  hours: Points,
  normalAt: NormalAt,
  timeZone: string,
): string {
  if (metric.kind === "total") return t(lang, "noNormal");
  return found[0] ? explain(lang, metric, found.length, found[0], timeZone) : judged(lang, hours, normalAt);
}

/** What the grey band is, and on how many days it rests. */
function bandNote(lang: Lang, days: [number, number] | null): string {
  if (!days) return t(lang, "noBand");
  return `${t(lang, "band")} (${t(lang, "restsOn")}${days[0] === days[1] ? days[0] : days.join("–")}${t(lang, "restsOnDays")})`;
}

/** That nothing stands out, and of how many hours that can be said. */
function judged(lang: Lang, hours: Points, normalAt: NormalAt): string {
  const within = hours.at.filter((_, i) => hours.value[i] !== null);
  const known = within.filter((at) => normalAt(at) !== null).length;
  if (known === 0) return t(lang, "noBaseline");
  if (known === within.length) return t(lang, "allNormal");
  if (lang === "zh")
    return `可判断的 ${known} 小时均在近四周同时段常态之内；其余 ${within.length - known} 小时历史不足。`;
  return `The ${known} hours that can be judged lie within what is normal for them; for the other ${within.length - known} there is not enough past.`;
}

/** The farthest outlier in a sentence. */
function explain(lang: Lang, metric: Metric, count: number, { at, value, band }: Outlier, timeZone: string): string {
  const write = (v: number): string => formatNumber(v, metric.decimals, lang);
  const when = stamp(at, timeZone);
  if (lang === "zh")
    return `${when} ${metric.name.zh}为 ${write(value)}，${value > band.mid ? "高于" : "低于"}近四周同一时段的常态 ${write(band.low)}–${write(band.high)}（中位 ${write(band.mid)}，据 ${band.count} 天）。此范围内共 ${count} 处异常。`;
  return `${when}: ${metric.name.en} was ${write(value)}, ${value > band.mid ? "above" : "below"} the ${write(band.low)}–${write(band.high)} that is normal for this hour of the week (median ${write(band.mid)}, of ${band.count} days in the last four weeks). ${count} such points in this range.`;
}

/** A button that chooses a range or a comparison; one that would show nothing says why instead. */
function Pick({
  pressed,
  notRetained,
  why,
  onPick,
  children,
}: {
  pressed: boolean;
  notRetained: boolean;
  why: string;
  onPick: () => void;
  children: ReactNode;
}) {
  const off = notRetained && !pressed;
  return (
    <button type="button" aria-pressed={pressed} disabled={off} title={off ? why : undefined} onClick={onPick}>
      {children}
    </button>
  );
}

function Panel({
  area,
  title,
  note,
  children,
}: {
  area: string;
  title: ReactNode;
  note?: string;
  children: ReactNode;
}) {
  return (
    <section className="tile" style={{ gridArea: area }}>
      <header className="tile-head">
        <span>{title}</span>
        {note && <span className="analysis-note">{note}</span>}
      </header>
      <div className="tile-body">{children}</div>
    </section>
  );
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="analysis-choice" role="group" aria-label={label}>
      <span>{label}</span>
      {children}
    </div>
  );
}

function CopyLink({ lang }: { lang: Lang }) {
  const [done, setDone] = useState(false);
  return (
    <button
      type="button"
      onClick={() => void navigator.clipboard?.writeText(window.location.href).then(() => setDone(true))}
    >
      {t(lang, done ? "copied" : "copyLink")}
    </button>
  );
}
