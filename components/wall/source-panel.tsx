"use client";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { districtOf, metricOf, type CityFacts, type Lang, type Metric } from "@/lib/contract/city";
import type { Tile } from "@/lib/contract/screens";
import { parseTopic } from "@/lib/contract/topics";
import { isComputed } from "@/lib/contract/totals";
import { paceOf, systemOf } from "@/lib/contract/widget";
import { readMetric, readSign } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { formatAge, formatSeconds, formatTime, t } from "@/components/ui/i18n";
import { QualityBadge } from "@/components/ui/quality-badge";
import { useVersion } from "@/components/ui/use-version";
import { widgetOf } from "@/components/widgets";
import { missingDistricts, totalUrl, type TotalSnapshot } from "./missing-districts";
import { useAnswer } from "../page/use-answer";

/** How often a total is asked what it lacks, ms. */
const REFRESH = 5_000;

/** Which districts a total that is computed lacks now. Of the past nobody keeps it. */
function MissingDistricts({ city, metric }: { city: CityFacts; metric: Metric }) {
  const { lang } = usePageContext();
  const { answer, error } = useAnswer<TotalSnapshot>(totalUrl(city, metric), 0, REFRESH);
  const names = answer && error === null ? missingDistricts(city, metric, answer, lang) : null;
  return (
    <>
      <dt>{t(lang, "missingDistricts")}</dt>
      <dd data-missing={names?.length}>
        {names?.length === 0 ? t(lang, "noneMissing") : (names?.join(lang === "zh" ? "、" : ", ") ?? "–")}
      </dd>
    </>
  );
}

/** Rows shown; a table of hundreds of metrics has its own columns for this. */
const ROWS = 12;

/** A topic in words: the place, if it is a part, and what is told of it. */
function nameOf(city: CityFacts, topic: string, lang: Lang): string {
  const name = parseTopic(topic);
  if (name?.kind === "positions") return city.layers.find((layer) => layer.id === name.layer)?.name[lang] ?? "";
  if (name?.kind !== "reading") return t(lang, "event");
  const place = name.district === "all" ? "" : `${districtOf(city, name.district)?.short[lang] ?? name.district} · `;
  return `${place}${metricOf(city, name.metric)?.name[lang] ?? t(lang, "event")}`;
}

function SourceRow({ topic, city }: { topic: string; city: CityFacts }) {
  const { live, lang } = usePageContext();
  const name = parseTopic(topic);
  const metric = name?.kind === "reading" ? metricOf(city, name.metric) : undefined;
  const system = city.systems[systemOf(city, topic) ?? ""];
  const pace = paceOf(city, topic);
  const { at, freshness, evaluatedAt } = readSign(live, city, topic);
  const quality = readMetric(live, city, topic).quality ?? "good";
  const computed = metric && isComputed(metric) && name?.kind === "reading" && name.district === "all" && !live.past;
  const age = at === null ? "" : `${formatAge(evaluatedAt - at, lang)}${lang === "zh" ? "" : " "}${t(lang, "ago")}`;
  return (
    <div className="panel-row">
      <div>
        <strong>{nameOf(city, topic, lang)}</strong>
        <QualityBadge doubts={{ bad: Number(quality === "bad"), uncertain: Number(quality === "uncertain") }} />
        <span className="badge" data-freshness={freshness}>
          {t(lang, freshness)}
        </span>
      </div>
      <dl>
        <dt>{t(lang, "source")}</dt>
        <dd>{system?.name[lang] ?? "–"}</dd>
        <dt>{t(lang, "owner")}</dt>
        <dd>{system?.owner[lang] ?? "–"}</dd>
        <dt>{t(lang, "observed")}</dt>
        <dd className="figure">{at === null ? "–" : `${formatTime(at, city.timeZone, true)} · ${age}`}</dd>
        <dt>
          {t(lang, "interval")} / {t(lang, "limit")}
        </dt>
        <dd className="figure">
          {formatSeconds(pace.interval, lang)} / {formatSeconds(pace.limit, lang)}
        </dd>
        {computed && <MissingDistricts city={city} metric={metric} />}
      </dl>
      {metric?.definition && <p>{metric.definition[lang]}</p>}
      {metric && name?.kind === "reading" && (
        <Link href={`/metric/${city.id}/${metric.id}?district=${name.district}`}>{t(lang, "more")}</Link>
      )}
    </div>
  );
}

/** Where a tile's numbers come from: system, owner, observed time, pace. */
export function SourcePanel({ tile, city, onClose }: { tile: Tile; city: CityFacts; onClose: () => void }) {
  const { lang } = usePageContext();
  const button = useRef<HTMLButtonElement>(null);
  const definition = widgetOf(tile.widget)?.definition;
  const settings = definition?.schema.safeParse(tile.settings);
  const topics =
    definition && settings?.success
      ? [...new Set(definition.topics(settings.data, city).map((wanted) => wanted.topic))]
      : [];
  const shown = topics.slice(0, ROWS);
  useVersion(shown, 500, true);
  useEffect(() => button.current?.focus(), []);
  return (
    <div className="panel-back" onClick={onClose}>
      <div className="panel" role="dialog" aria-modal="true" onClick={(event) => event.stopPropagation()}>
        <header>
          <h2>{t(lang, "source")}</h2>
          <button ref={button} type="button" onClick={onClose}>
            {t(lang, "close")} <kbd>Esc</kbd>
          </button>
        </header>
        <div className="panel-rows">
          {shown.map((topic) => (
            <SourceRow key={topic} topic={topic} city={city} />
          ))}
          {topics.length > ROWS && <p className="text-muted">+ {topics.length - ROWS}</p>}
        </div>
      </div>
    </div>
  );
}
