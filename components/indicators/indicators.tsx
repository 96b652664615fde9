"use client";
import Link from "next/link";
import { useMemo, useRef, useState } from "react";
import type { CityFacts, Lang } from "@/lib/contract/city";
import { catalogueRows, type CatalogueRow } from "@/lib/contract/indicators";
import { readingTopic } from "@/lib/contract/topics";
import { PageContextProvider, usePageContext } from "@/components/ui/page-context";
import { formatSeconds, several, t } from "@/components/ui/i18n";
import { aggregateWords, betterWord, kindWord } from "@/components/ui/metric-words";
import { paintValue } from "@/components/ui/paint-value";
import { useRenderTask } from "@/components/ui/use-render-task";
import { usePageKeys } from "@/components/page/page-time";
import { TimeBar } from "@/components/page/time-bar";
import { TitleBar } from "@/components/page/title-bar";
import { Reconnecting } from "@/components/page/reconnecting";
import { useConnection } from "@/components/page/use-connection";
import { usePage } from "@/components/page/use-page";
import { Evidence } from "@/components/wall/evidence/evidence";
import { matching } from "./indicators-option";

/** Every metric of a city, as a catalogue: what it means, how it adds up, who answers for it. */
export function Indicators({ city, lang: initialLang }: { city: CityFacts; lang: Lang }) {
  const { time, pageContext, player, lang, toggleLang, turnNumbers } = usePage(initialLang, city);
  const frame = useRef<HTMLDivElement>(null);
  const up = useConnection(frame, time?.live);
  usePageKeys(time, toggleLang, turnNumbers);
  const [query, setQuery] = useState("");
  const rows = useMemo(() => matching(catalogueRows(city), query), [city, query]);
  if (!pageContext) return <div className="wall" />;
  return (
    <PageContextProvider value={pageContext}>
      <div ref={frame} className="wall indicators" data-connected="pending" data-past={player !== null}>
        <TitleBar
          city={city}
          heading={{ zh: `${city.name.zh} · 指标目录`, en: `${city.name.en} · Indicator catalog` }}
          tabs={[
            { href: `/wall/${city.id}/overview`, title: { zh: "‹ 大屏", en: "‹ Wall" }, current: false },
            { href: "/compare", title: { zh: "各地对比", en: "Compare places" }, current: false },
          ]}
          onLang={toggleLang}
          onNumbers={turnNumbers}
          player={player}
        />
        <main className="tile indicators-main">
          <header>
            <input
              type="search"
              value={query}
              placeholder={t(lang, "search")}
              aria-label={t(lang, "search")}
              onChange={(event) => setQuery(event.target.value)}
            />
            <span>{lang === "zh" ? `共 ${rows.length} 项指标` : several(rows.length, "metric")}</span>
          </header>
          <div className="indicators-scroll">
            <Rows rows={rows} city={city} />
          </div>
        </main>
        <Reconnecting up={up} />
        {player && <TimeBar city={city} player={player} />}
        <Evidence cities={[city]} screen={null} player={player} />
      </div>
    </PageContextProvider>
  );
}

function headings(lang: Lang): string[] {
  return [
    t(lang, "name"),
    t(lang, "identifier"),
    t(lang, "value"),
    t(lang, "counting"),
    t(lang, "direction"),
    `${t(lang, "aggregation")} · ${t(lang, "overDistricts")} / ${t(lang, "overTime")}`,
    t(lang, "smallCell"),
    t(lang, "standard"),
    t(lang, "source"),
    t(lang, "owner"),
    t(lang, "interval"),
  ];
}

/** One metric; its value is painted by the table. */
function IndicatorRow({ metric, system, owner, city }: CatalogueRow & { city: CityFacts }) {
  const { lang } = usePageContext();
  return (
    <tr data-metric={metric.id}>
      <td>
        <Link href={`/metric/${city.id}/${metric.id}`}>{metric.name[lang]}</Link>
        {metric.era && <em className="era">{city.eras[metric.era]?.name[lang]}</em>}
      </td>
      <td>
        <code>{metric.id}</code>
      </td>
      <td>
        <span
          className="figure"
          data-topic={readingTopic(city.id, "all", metric.id)}
          data-at=""
          data-freshness="offline"
        >
          –
        </span>{" "}
        <small>{metric.unit[lang]}</small>
      </td>
      <td>{kindWord(metric, lang)}</td>
      <td>{betterWord(metric, lang)}</td>
      <td>{aggregateWords(metric, city, lang)}</td>
      <td>{metric.smallCell === undefined ? "–" : `< ${metric.smallCell}`}</td>
      <td>{metric.iso?.join(" · ") ?? "–"}</td>
      <td>{system[lang]}</td>
      <td>{owner[lang]}</td>
      <td className="figure">{formatSeconds(metric.interval, lang)}</td>
    </tr>
  );
}

function Rows({ rows, city }: { rows: CatalogueRow[]; city: CityFacts }) {
  const { live, lang } = usePageContext();
  const host = useRef<HTMLTableElement>(null);
  const topic = (id: string): string => readingTopic(city.id, "all", id);
  useRenderTask(
    host,
    {
      rank: "figure",
      every: 1_000,
      topics: rows.map(({ metric }) => ({ topic: topic(metric.id), span: 0 })),
      beat: true,
    },
    () => {
      const targets = host.current?.querySelectorAll<HTMLElement>("[data-topic]") ?? [];
      rows.forEach(({ metric }, i) => targets[i] && paintValue(targets[i], live, city, topic(metric.id), lang));
    },
  );
  return (
    <table ref={host}>
      <thead>
        <tr>
          {headings(lang).map((head) => (
            <th key={head}>{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <IndicatorRow key={row.metric.id} {...row} city={city} />
        ))}
      </tbody>
    </table>
  );
}
