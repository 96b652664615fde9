"use client";
import Link from "next/link";
import { useEffect, useRef } from "react";
import type { CityFacts, Metric } from "@/lib/contract/city";
import { districtOf, metricOf } from "@/lib/contract/city";
import type { Tile } from "@/lib/contract/screens";
import { parseTopic } from "@/lib/contract/topics";
import { isComputed } from "@/lib/contract/totals";
import { paceOf, systemOf } from "@/lib/contract/widget";
import { readMetric, readSign } from "@/lib/live/read-metric";
import { usePageContext } from "@/components/ui/page-context";
import { formatAge, formatTime, t } from "@/components/ui/i18n";
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

/** Where a tile's numbers come from: system, owner, observed time, pace. */
export function SourcePanel({ tile, city, onClose }: { tile: Tile; city: CityFacts; onClose: () => void }) {
  const { live, lang } = usePageContext();
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
          {shown.map((topic) => {
            const name = parseTopic(topic);
            const metric = name?.kind === "reading" ? metricOf(city, name.metric) : undefined;
            const system = city.systems[systemOf(city, topic) ?? ""];
            const pace = paceOf(city, topic);
            const { at, freshness: state, evaluatedAt } = readSign(live, city, topic);
            const quality = readMetric(live, city, topic).quality ?? "good";
            const place =
              name?.kind === "reading" && name.district !== "all"
                ? `${districtOf(city, name.district)?.short[lang] ?? name.district} · `
                : "";
            const what =
              metric?.name[lang] ??
              (name?.kind === "positions"
                ? city.layers.find((layer) => layer.id === name.layer)?.name[lang]
                : t(lang, "event"));
            return (
              <div key={topic} className="panel-row">
                <div>
                  <strong>
                    {place}
                    {what}
                  </strong>
                  <QualityBadge
                    doubts={{ bad: Number(quality === "bad"), uncertain: Number(quality === "uncertain") }}
                  />
                  <span className="badge" data-freshness={state}>
                    {t(lang, state)}
                  </span>
                </div>
                <dl>
                  <dt>{t(lang, "source")}</dt>
                  <dd>{system?.name[lang] ?? "–"}</dd>
                  <dt>{t(lang, "owner")}</dt>
                  <dd>{system?.owner[lang] ?? "–"}</dd>
                  <dt>{t(lang, "observed")}</dt>
                  <dd className="figure">
                    {at === null
                      ? "–"
                      : `${formatTime(at, city.timeZone, true)} (${formatAge(evaluatedAt - at, lang)}${lang === "zh" ? "" : " "}${t(lang, "ago")})`}
                  </dd>
                  <dt>
                    {t(lang, "interval")} / {t(lang, "limit")}
                  </dt>
                  <dd className="figure">
                    {pace.interval} / {pace.limit} {t(lang, "seconds")}
                  </dd>
                  {metric &&
                    isComputed(metric) &&
                    name?.kind === "reading" &&
                    name.district === "all" &&
                    !live.past && <MissingDistricts city={city} metric={metric} />}
                </dl>
                {metric?.definition && <p>{metric.definition[lang]}</p>}
                {metric && name?.kind === "reading" && (
                  <Link href={`/metric/${city.id}/${metric.id}?district=${name.district}`}>{t(lang, "more")}</Link>
                )}
              </div>
            );
          })}
          {topics.length > ROWS && <p className="text-muted">+ {topics.length - ROWS}</p>}
        </div>
      </div>
    </div>
  );
}
