"use client";
import { useCallback, useMemo, useRef, useState } from "react";
import type { CityFacts, Lang } from "@/lib/contract/city";
import { comparables, comparedValue, type Comparable, type Indicator } from "@/lib/contract/indicators";
import { readingTopic } from "@/lib/contract/topics";
import { readMetric, type CityReading, type Live } from "@/lib/live/read-metric";
import { PageContextProvider, usePageContext } from "@/components/ui/page-context";
import { formatNumber, formatValue, roundTo, t } from "@/components/ui/i18n";
import { noRightWord } from "@/components/ui/no-right";
import { paintValue, setData } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { usePageKeys } from "@/components/page/page-time";
import { TimeBar } from "@/components/page/time-bar";
import { TitleBar } from "@/components/page/title-bar";
import { Reconnecting } from "@/components/page/reconnecting";
import { useConnection } from "@/components/page/use-connection";
import { usePage } from "@/components/page/use-page";
import { Evidence } from "@/components/wall/evidence/evidence";

const topicOf = (one: Comparable): string => readingTopic(one.city.id, "all", one.metric.id);

/**
 * Places beside each other: what is comparable with its bars, what is not with the reason, every definition in sight.
 */
export function Compare({
  cities,
  indicators,
  asked,
  lang: initialLang,
}: {
  cities: CityFacts[];
  indicators: Indicator[];
  asked: string | null;
  lang: Lang;
}) {
  const { time, pageContext, player, lang, toggleLang, turnNumbers } = usePage(initialLang, null);
  const frame = useRef<HTMLDivElement>(null);
  const up = useConnection(frame, time?.live);
  usePageKeys(time, toggleLang, turnNumbers);
  const told = useMemo(
    () =>
      indicators
        .map((indicator) => ({ indicator, found: comparables(indicator, cities) }))
        .filter(({ found }) => found.length > 0),
    [indicators, cities],
  );
  const [chosen, setChosen] = useState(asked ?? told[0]?.indicator.id ?? "");
  const choose = useCallback((id: string) => {
    setChosen(id);
    const url = new URL(window.location.href);
    url.searchParams.set("indicator", id);
    window.history.replaceState(window.history.state, "", url);
  }, []);
  const [lead] = cities;
  const current = told.find(({ indicator }) => indicator.id === chosen) ?? told[0];
  if (!pageContext || !lead) return <div className="wall" />;
  return (
    <PageContextProvider value={pageContext}>
      <div ref={frame} className="wall compare" data-connected="pending" data-past={player !== null}>
        <TitleBar
          city={lead}
          heading={{ zh: "各地对比", en: "Compare places" }}
          tabs={cities.map((city) => ({ href: `/wall/${city.id}/overview`, title: city.name, current: false }))}
          onLang={toggleLang}
          onNumbers={turnNumbers}
          player={player}
        />
        <main className="compare-grid">
          <IndicatorList told={told} current={current?.indicator} onChoose={choose} />
          {current ? (
            <Chosen key={current.indicator.id} {...current} />
          ) : (
            <p className="empty">{t(lang, "noPlaces")}</p>
          )}
        </main>
        <Reconnecting up={up} />
        {player && <TimeBar city={lead} player={player} />}
        <Evidence cities={cities} screen={null} player={player} />
      </div>
    </PageContextProvider>
  );
}

interface Told {
  indicator: Indicator;
  found: Comparable[];
}

/** The indicators, and of how many places each can be compared. */
function IndicatorList({
  told,
  current,
  onChoose,
}: {
  told: Told[];
  current: Indicator | undefined;
  onChoose: (id: string) => void;
}) {
  const { lang } = usePageContext();
  return (
    <ul className="tile compare-list">
      {told.map(({ indicator, found }) => {
        const comparable = found.filter((one) => !one.apart).length;
        const apart = found.length - comparable;
        const words =
          lang === "zh"
            ? [`${comparable} 地可比`, `${apart} 地口径不同`]
            : [`${comparable} comparable`, `${apart} defined differently`];
        return (
          <li key={indicator.id}>
            <button
              type="button"
              aria-pressed={indicator === current}
              data-indicator={indicator.id}
              onClick={() => onChoose(indicator.id)}
            >
              <span>{indicator.name[lang]}</span>
              <small>{words.slice(0, apart > 0 ? 2 : 1).join(" · ")}</small>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** A place's value as it is compared: what is shown, and what counts, both as they are written. Null: nothing. */
interface Row {
  one: Comparable;
  reading: CityReading;
  shown: number | null;
  counted: number | null;
}

function rowOf(live: Live, indicator: Indicator, one: Comparable): Row {
  const reading = readMetric(live, one.city, topicOf(one));
  // Compared as it is written: what reads as equal is drawn as equal.
  const written = (value: number | null): number | null => {
    const compared = comparedValue(indicator, one, value);
    return compared === null ? null : roundTo(compared, indicator.decimals);
  };
  return { one, reading, shown: written(reading.value), counted: written(reading.counted) };
}

function wordsOf({ shown, reading }: Row, { decimals }: Indicator, lang: Lang): string {
  if (reading.withheld) return noRightWord("noRight", lang);
  return shown === null ? "–" : formatNumber(shown, decimals, lang);
}

/** Which of the values leads; NaN where there is but one, or all are the same. */
function leadingOf(indicator: Indicator, alive: number[]): number {
  if (indicator.better === "none" || new Set(alive).size < 2) return NaN;
  return indicator.better === "down" ? Math.min(...alive) : Math.max(...alive);
}

function paintRow(box: HTMLElement, row: Row, words: string, leads: boolean, part: number): void {
  const element = box.querySelector<HTMLElement>(`[data-city="${row.one.city.id}"]`);
  if (!element) return;
  const text = element.querySelector<HTMLElement>("[data-compared]");
  if (text && text.textContent !== words) text.textContent = words;
  if (text) setData(text, "quality", row.reading.quality ?? "");
  setData(element, "freshness", row.reading.withheld ? "withheld" : row.reading.freshness);
  setData(element, "leading", String(leads));
  element.querySelector<HTMLElement>("u")?.style.setProperty("width", `${Math.max(0, Math.min(100, part * 100))}%`);
}

function Chosen({ indicator, found }: Told) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLDivElement>(null);
  const alike = found.filter((one) => !one.apart);
  const apart = found.filter((one) => one.apart);
  const topics = found.map((one) => ({ topic: topicOf(one), span: 0 }));

  useRenderTask(host, { rank: "figure", every: 500, topics, beat: true }, () => {
    const box = host.current;
    if (!box) return;
    const rows = alike.map((one) => rowOf(live, indicator, one));
    // A dead number is not compared, it may be of another hour; nor is a bad one.
    const alive = rows.flatMap(({ counted }) => counted ?? []);
    const most = Math.max(1e-9, ...alive);
    const leading = leadingOf(indicator, alive);
    for (const row of rows) {
      paintRow(box, row, wordsOf(row, indicator, lang), row.counted === leading, (row.counted ?? 0) / most);
    }
    for (const one of found) {
      const target = box.querySelector<HTMLElement>(`[data-topic="${topicOf(one)}"]`);
      if (target) paintValue(target, live, one.city, topicOf(one), lang);
    }
  });

  return (
    <div ref={host} className="compare-main">
      <Bars indicator={indicator} alike={alike} />
      <section className="tile compare-table">
        <div className="compare-row compare-head">
          <span />
          <span>{t(lang, "rawValue")}</span>
          <span>{t(lang, "residents")}</span>
          <span>{t(lang, "ownDefinition")}</span>
          <span>{t(lang, "source")}</span>
          <span>{t(lang, "comparable")}</span>
        </div>
        {[...alike, ...apart].map((one) => (
          <PlaceRow key={one.city.id} indicator={indicator} one={one} />
        ))}
      </section>
    </div>
  );
}

/** The comparable places with a bar each; what they share is told above. */
function Bars({ indicator, alike }: { indicator: Indicator; alike: Comparable[] }) {
  const { lang } = usePageContext();
  return (
    <section className="tile compare-bars">
      <header>
        <h2>{indicator.name[lang]}</h2>
        <p>
          <b>{t(lang, "commonDefinition")}</b>
          {indicator.definition[lang]}
          {indicator.iso && <em>{indicator.iso.join(" · ")}</em>}
        </p>
      </header>
      <ol>
        {alike.map((one) => (
          <li key={one.city.id} data-city={one.city.id}>
            <span>{one.city.name[lang]}</span>
            <i>
              <u />
            </i>
            <b className="figure" data-compared>
              –
            </b>
            <small>{indicator.unit[lang]}</small>
          </li>
        ))}
      </ol>
      {alike.length === 1 && (
        <p className="compare-alone">
          {lang === "zh" ? "仅此一地口径相同，不作排名" : "Only one place uses this definition: not ranked"}
        </p>
      )}
    </section>
  );
}

/** A place's own number, definition and source, and why it cannot be compared if it cannot. */
function PlaceRow({ indicator, one }: { indicator: Indicator; one: Comparable }) {
  const { lang } = usePageContext();
  return (
    <div className="compare-row" data-place={one.city.id} data-apart={one.apart !== undefined}>
      <strong>{one.city.name[lang]}</strong>
      <span>
        <a href={`/metric/${one.city.id}/${one.metric.id}`}>{one.metric.name[lang]}</a>
        <b>
          <span className="figure" data-topic={topicOf(one)} data-at="" data-freshness="offline">
            –
          </span>{" "}
          {one.metric.unit[lang]}
        </b>
      </span>
      <span className="figure">{one.population === undefined ? "–" : formatValue(one.population, 0, lang)}</span>
      <span>{one.metric.definition?.[lang] ?? indicator.definition[lang]}</span>
      <span>
        {one.city.systems[one.metric.system]?.name[lang]}
        <small>{one.city.systems[one.metric.system]?.owner[lang]}</small>
      </span>
      <span data-verdict={one.apart ? "apart" : "alike"}>
        {one.apart
          ? `${t(lang, "notComparable")}${lang === "zh" ? "：" : ": "}${one.apart[lang]}`
          : t(lang, indicator.per === undefined ? "comparable" : "perHead")}
      </span>
    </div>
  );
}
