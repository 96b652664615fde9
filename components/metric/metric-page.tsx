"use client";
import { useMemo, useRef } from "react";
import { metricOf, type CityFacts, type Lang, type Metric } from "@/lib/contract/city";
import type { Tile as TileConfig } from "@/lib/contract/screens";
import { readingTopic } from "@/lib/contract/topics";
import { PageContextProvider } from "@/components/ui/page-context";
import { formatNumber, formatSeconds, levelWord, t } from "@/components/ui/i18n";
import { aggregateWords, betterWord, kindWord } from "@/components/ui/metric-words";
import { usePageKeys } from "@/components/page/page-time";
import { Evidence } from "@/components/wall/evidence/evidence";
import { Tile } from "@/components/wall/tile";
import { TimeBar } from "@/components/page/time-bar";
import { TitleBar, type Tab } from "@/components/page/title-bar";
import { Reconnecting } from "@/components/page/reconnecting";
import { useConnection } from "@/components/page/use-connection";
import { usePage } from "@/components/page/use-page";
import { QualityPanels } from "./quality-panels";

/** Where a number comes from and how far it can be trusted. */
export function MetricPage({
  city,
  id,
  district,
  lang: initialLang,
}: {
  city: CityFacts;
  id: string;
  district: string;
  lang: Lang;
}) {
  const { time, pageContext, player, lang, toggleLang, turnNumbers } = usePage(initialLang, city);
  const frame = useRef<HTMLDivElement>(null);
  const up = useConnection(frame, time?.live);
  usePageKeys(time, toggleLang, turnNumbers);
  const metric = metricOf(city, id);
  const screen = useMemo(() => ({ tiles: tilesOf(id, district) }), [id, district]);
  if (!pageContext || !metric) return <div className="wall" />;
  return (
    <PageContextProvider value={pageContext}>
      <div ref={frame} className="wall metric" data-connected="pending" data-past={player !== null}>
        <TitleBar
          city={city}
          heading={metric.name}
          tabs={tabsOf(city, metric, district)}
          onLang={toggleLang}
          onNumbers={turnNumbers}
          player={player}
        />
        <main className="metric-grid">
          <Definition city={city} metric={metric} lang={lang} />
          {screen.tiles.map((tile) => (
            <Tile key={tile.id} tile={tile} box={tile.box} city={city} />
          ))}
          <QualityPanels
            key={district}
            topic={readingTopic(city.id, district, id)}
            metric={metric}
            city={city}
            lang={lang}
          />
        </main>
        <Reconnecting up={up} />
        {player && <TimeBar city={city} player={player} />}
        <Evidence cities={[city]} screen={screen} player={player} />
      </div>
    </PageContextProvider>
  );
}

/** The way back to the wall, and the same metric of each place that has it. */
function tabsOf(city: CityFacts, metric: Metric, district: string): Tab[] {
  const places = [
    { code: "all", name: { zh: levelWord(city, "whole", "zh"), en: levelWord(city, "whole", "en") } },
    ...(metric.districts ? city.districts.map((d) => ({ code: d.adcode, name: d.short })) : []),
  ];
  return [
    { href: `/wall/${city.id}/overview`, title: { zh: "‹ 大屏", en: "‹ Wall" }, current: false },
    ...places.map(({ code, name }) => ({
      href: `/metric/${city.id}/${metric.id}?district=${code}`,
      title: name,
      current: code === district,
    })),
  ];
}

/** The number as it is now, and its last day. */
function tilesOf(metric: string, district: string): TileConfig[] {
  return [
    {
      id: "now",
      widget: "figure",
      title: { zh: "当前值", en: "Current value" },
      box: { x: 1, y: 0, w: 1, h: 1 },
      settings: { metric, district },
    },
    {
      id: "day",
      widget: "line",
      title: { zh: "近24小时", en: "Last 24 hours" },
      box: { x: 2, y: 0, w: 2, h: 1 },
      settings: { series: [{ metric, district }], span: 86_400, area: true },
    },
  ];
}

function Definition({ city, metric, lang }: { city: CityFacts; metric: Metric; lang: Lang }) {
  const system = city.systems[metric.system];
  const era = city.eras[metric.era ?? ""];
  const rows: [string, string][] = [
    [t(lang, "source"), system?.name[lang] ?? metric.system],
    [t(lang, "owner"), system?.owner[lang] ?? "–"],
    [t(lang, "unit"), metric.unit[lang] || "–"],
    [t(lang, "counting"), kindWord(metric, lang)],
    [t(lang, "direction"), betterWord(metric, lang)],
    [t(lang, "interval"), formatSeconds(metric.interval, lang)],
    [t(lang, "limit"), formatSeconds(metric.limit, lang)],
    ...(metric.target === undefined
      ? []
      : [[t(lang, "target"), formatNumber(metric.target, metric.decimals, lang)] as [string, string]]),
    [
      `${t(lang, "aggregation")} · ${t(lang, "overDistricts")} / ${t(lang, "overTime")}`,
      aggregateWords(metric, city, lang),
    ],
    ...(metric.smallCell === undefined ? [] : [[t(lang, "smallCell"), `< ${metric.smallCell}`] as [string, string]]),
    ...(metric.iso === undefined ? [] : [[t(lang, "standard"), metric.iso.join(" · ")] as [string, string]]),
    ...(era === undefined
      ? []
      : [[t(lang, "historical"), `${era.name[lang]} ${era.from} – ${era.until}`] as [string, string]]),
  ];
  return (
    <section className="tile metric-facts">
      <header className="tile-head">
        <span>{t(lang, "definition")}</span>
      </header>
      <div className="metric-body">
        <p>{metric.definition?.[lang] ?? metric.name[lang]}</p>
        <dl>
          {rows.map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
