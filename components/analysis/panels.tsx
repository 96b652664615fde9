"use client";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import type { EChartsOption } from "echarts";
import type { FeatureCollection } from "geojson";
import { districtOf, parentOf, siblingsOf, type CityFacts } from "@/lib/contract/city";
import { t } from "@/components/ui/i18n";
import { correlation, histogram, pairs, weekGrid } from "./analysis-math";
import { gridOption, histogramOption, multipleOption, rankOption, scatterOption } from "./analysis-option";
import { metricsOf, stateQuery } from "./analysis-state";
import { countedValue, isProvisional, lastValue, noteOf, RANGE_WORDS } from "./analysis-words";
import type { Writing } from "./chart-parts";
import { explorer } from "./explorer-echarts";
import { chooseEvent, toggled, type Explored } from "./explored";
import { hatch } from "./hatch";
import { MAP_EVENTS, mapOption } from "./map-option";
import { comparableHours, curveAggregate, isCounter, pointsOf, rangeMeasure, summaries, wholeHours } from "./measures";
import { Panel } from "./panel";
import { countedOf, multiplesOf } from "./questions";
import { StaticChart, type Picked } from "./static-chart";
import { useOutlines } from "./use-city";

const BINS = 24;

function writingOf({ view: { city, metric }, lang }: Explored): Writing {
  return { lang, timeZone: city.timeZone, decimals: metric.decimals };
}

/** The places beside each other: by rank, or on a map. */
export function LowPanel({ explored }: { explored: Explored }) {
  const { view, lang, change, history, ranking } = explored;
  const { metric, adcode, state, to } = view;
  const rankedAs = noteOf(
    t(lang, RANGE_WORDS[rangeMeasure(metric)]),
    isProvisional(history.answers.ranking, to) && t(lang, "provisional"),
  );
  return (
    <section className="tile" style={{ gridArea: "rank" }}>
      <header className="tile-head analysis-tabs" role="tablist">
        {(["rank", "map"] as const).map((low) => (
          <button key={low} type="button" role="tab" aria-selected={state.low === low} onClick={() => change({ low })}>
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
            option={(px) => rankOption(ranking.rows, writingOf(explored), px)}
            onPick={({ index }) =>
              change({
                places: toggled(state.places, ranking.rows[index]?.code ?? "").filter((place) => place !== adcode),
              })
            }
          />
        ) : (
          <PlacesOnMap explored={explored} />
        )}
      </div>
    </section>
  );
}

/** The places shaded by value, with the events; a click opens a place, or chooses an event. */
function PlacesOnMap({ explored }: { explored: Explored }) {
  const { view, lang, ranking, happened } = explored;
  const { city, adcode, state } = view;
  const router = useRouter();
  const outlines = useOutlines(city.id, parentOf(city, adcode)?.adcode);
  if (!outlines) return null;
  const pick = ({ series, index, name }: Picked): void => {
    if (series === MAP_EVENTS) chooseEvent(explored, happened.mapped[index]);
    else if (districtOf(city, name) && name !== adcode) router.push(`/district/${city.id}/${name}${stateQuery(state)}`);
  };
  const values = ranking.rows.flatMap(({ code, value }) => (value === null ? [] : [[code, value] as const]));
  return (
    <PlaceMap
      key="map"
      city={city}
      outlines={outlines}
      label={t(lang, "map")}
      option={(px) =>
        mapOption({
          city,
          adcode,
          places: siblingsOf(city, adcode),
          values: new Map(values),
          missing: hatch(),
          events: happened.mapped,
          chosen: happened.marks.chosen,
          writing: writingOf(explored),
          px,
        })
      }
      onPick={pick}
    />
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

/**
 * Hours set beside each other: by hour and weekday, by how often which values came, and against another metric. Of a
 * counter an hour says what it rose by, and only whole hours can be compared.
 */
export function HourPanels({ explored }: { explored: Explored }) {
  const { view, lang, history } = explored;
  const { city, metric, other, from, to } = view;
  const [own, others] = history.answers.hours?.[0]?.series ?? [];
  const hours = comparableHours(metric, own, to, city.timeZone);
  const points = pairs(hours, comparableHours(other, others, to, city.timeZone));
  const values = wholeHours(hours, from, to).value.filter((value): value is number => value !== null);
  const note = isCounter(metric) ? t(lang, "hourlyRise") : "";
  return (
    <>
      <Panel area="grid" title={t(lang, "byHour")} note={note}>
        <StaticChart
          label={t(lang, "byHour")}
          option={(px) => gridOption(weekGrid(hours, city.timeZone), writingOf(explored), px)}
        />
      </Panel>
      <Panel area="spread" title={t(lang, "distribution")} note={note}>
        <StaticChart
          label={t(lang, "distribution")}
          option={(px) => histogramOption(histogram(values, BINS), lang, px)}
        />
      </Panel>
      <PairPanel explored={explored} points={points} />
    </>
  );
}

function PairPanel({ explored, points }: { explored: Explored; points: [number, number][] }) {
  const { view, lang, change } = explored;
  const { city, adcode, metric, other, state } = view;
  const r = correlation(points);
  const choice = (
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
  );
  return (
    <Panel area="pair" title={choice} note={r === null ? "" : `r = ${r.toFixed(2)}`}>
      <StaticChart
        label={`${metric.name[lang]} ${other.name[lang]}`}
        option={(px) => scatterOption(points, lang, px)}
      />
    </Panel>
  );
}

/** A small curve of each metric; a click makes it the one that is analysed. */
export function Multiples({ explored: { view, lang, change, history } }: { explored: Explored }) {
  const { state, from, to } = view;
  const { answers } = history;
  const counted = new Map(
    countedOf(view).map((of, i) => [of.id, summaries(of, i + 1, answers.counted ?? [])[i]?.total ?? null]),
  );
  return (
    <div className="analysis-multiples">
      {multiplesOf(view).map((m, i) => {
        const points = pointsOf(answers.multiples?.[0]?.series[i], curveAggregate(m, to - from));
        const figure = counted.has(m.id)
          ? countedValue(counted.get(m.id), m.decimals, lang)
          : lastValue(points, m.decimals, lang);
        return (
          <button
            key={m.id}
            type="button"
            aria-pressed={m.id === state.metric}
            onClick={() => change({ metric: m.id })}
          >
            <span>{m.name[lang]}</span>
            <b className="figure">{figure}</b>
            <div>
              <StaticChart
                label={m.name[lang]}
                option={() => multipleOption(points, [from, to], m.id === state.metric)}
              />
            </div>
          </button>
        );
      })}
    </div>
  );
}
