"use client";
import type { CityFacts, Lang, Metric } from "@/lib/contract/city";
import type { QualityAnswer, Revision } from "@/lib/contract/quality";
import type { Quality } from "@/lib/contract/readings";
import { completenessRows, formatLag, ratio, said, total, type Tally } from "@/components/ui/completeness";
import { formatAge, formatNumber, formatTime, t } from "@/components/ui/i18n";
import { stamp } from "@/components/ui/stamp";
import { usePastState } from "@/components/page/page-time";
import { useQuality } from "@/components/page/use-quality";

/** What the store lags behind by before the page says so, ms. */
const BEHIND = 60_000;
/** Revisions that the page lists; their number stands above. */
const LISTED = 8;

/** How complete, how late and how often corrected a metric's readings are. */
export function QualityPanels({
  topic,
  metric,
  city,
  lang,
}: {
  topic: string;
  metric: Metric;
  city: CityFacts;
  lang: Lang;
}) {
  const { quality, error } = useQuality(topic, usePastState());
  return (
    <>
      <Completeness quality={quality} error={error} city={city} lang={lang} />
      <div className="metric-side">
        <Trust quality={quality} lang={lang} />
        <Revisions quality={quality} metric={metric} city={city} lang={lang} />
      </div>
    </>
  );
}

function Completeness({
  quality,
  error,
  city,
  lang,
}: {
  quality: QualityAnswer | null;
  error: string | null;
  city: CityFacts;
  lang: Lang;
}) {
  const days = completenessRows(quality?.hours ?? [], city.timeZone);
  const all = total(quality?.hours ?? []);
  // What the store does not hold yet is not missing, but must be said not to be there.
  const behind =
    quality !== null &&
    quality.asked - quality.completeUntil > BEHIND &&
    `${t(lang, "completeTo")} ${formatTime(quality.completeUntil, city.timeZone, true)}`;
  const note = error ?? [behind, said(all, lang), ratio(all)].filter(Boolean).join(" · ");
  const empty = error ?? (quality ? t(lang, "noHistory") : "");
  return (
    <section className="tile metric-complete">
      <header className="tile-head">
        <span>{t(lang, "completeness")}</span>
        <span className="analysis-note">{days.length === 0 ? "" : note}</span>
      </header>
      {days.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <div className="metric-hours figure">
          <div aria-hidden="true">
            <span />
            {Array.from({ length: 24 }, (_, hour) => (
              <b key={hour}>{hour % 6 === 0 ? hour : ""}</b>
            ))}
          </div>
          {days.map(({ day, cells }) => (
            <div key={day}>
              <span>{day}</span>
              {cells.map((cell, hour) => (
                <HourCell key={hour} cell={cell} hour={hour} lang={lang} />
              ))}
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

/** Filled from below by the part that came; what stayed away is hatched. */
function HourCell({ cell, hour, lang }: { cell: Tally | null; hour: number; lang: Lang }) {
  const label = `${String(hour).padStart(2, "0")}:00`;
  if (!cell) return <i data-none="true" title={`${label} ${t(lang, "nothingDue")}`} />;
  const gap = cell.met < cell.due;
  return (
    <i
      data-gap={gap}
      title={`${label} ${said(cell, lang)} · ${ratio(cell)}`}
      style={gap ? ({ "--came": `${Math.min(94, (cell.met / cell.due) * 100)}%` } as React.CSSProperties) : undefined}
    />
  );
}

function Trust({ quality, lang }: { quality: QualityAnswer | null; lang: Lang }) {
  const count = (n: number | undefined): string => (n === undefined ? "–" : formatNumber(n, 0, lang));
  const [good, uncertain, bad] = quality?.qualities ?? [];
  const revised = quality && quality.revised.values + quality.revised.qualities;
  const figures: [string, string][] = [
    [t(lang, "lagMedian"), quality?.lag ? formatLag(quality.lag.p50, lang) : "–"],
    [t(lang, "lagMost"), quality?.lag ? formatLag(quality.lag.p95, lang) : "–"],
    [t(lang, "late24"), count(quality?.late)],
    [t(lang, "revised7"), count(revised ?? undefined)],
    [t(lang, "kept"), quality ? count((good ?? 0) + (uncertain ?? 0) + (bad ?? 0)) : "–"],
  ];
  return (
    <section className="tile">
      <header className="tile-head">
        <span>{t(lang, "trust")}</span>
      </header>
      <dl className="metric-body metric-figures">
        {figures.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd className="figure">{value}</dd>
          </div>
        ))}
        <div>
          <dt>{t(lang, "doubtful")}</dt>
          <dd className="figure">
            {quality ? (
              <>
                <small>{MARKS.uncertain}</small>
                {count(uncertain)}
                <small>{MARKS.bad}</small>
                {count(bad)}
              </>
            ) : (
              "–"
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** Marks of quality, told apart by shape. */
const MARKS: Record<Quality, string> = { good: "", uncertain: "△", bad: "✕" };

function Revisions({
  quality,
  metric,
  city,
  lang,
}: {
  quality: QualityAnswer | null;
  metric: Metric;
  city: CityFacts;
  lang: Lang;
}) {
  const write = (value: number, of: Quality): string => `${formatNumber(value, metric.decimals, lang)}${MARKS[of]}`;
  const alone = quality?.revised.qualities ?? 0;
  const more = quality ? quality.revised.values + alone - Math.min(LISTED, quality.revisions.length) : 0;
  const when = ({ at }: Revision): string =>
    isSameDay(at, quality, city) ? formatTime(at, city.timeZone, true) : stamp(at, city.timeZone);
  return (
    <section className="tile metric-revised">
      <header className="tile-head">
        <span>{t(lang, "revisions")}</span>
        <span className="analysis-note">
          {alone > 0 ? `${t(lang, "qualityAlone")} ${formatNumber(alone, 0, lang)}` : ""}
        </span>
      </header>
      <ul className="metric-body">
        {(quality?.revisions ?? []).slice(0, LISTED).map((revision) => (
          <li key={`${revision.at} ${revision.corrected} ${revision.after} ${revision.quality[1]}`}>
            <time className="figure">{when(revision)}</time>
            <b className="figure">
              {write(revision.before, revision.quality[0])} → {write(revision.after, revision.quality[1])}
            </b>
            <span>
              {t(lang, "corrected")} {formatAge(revision.corrected - revision.at, lang)}
              {lang === "zh" ? "后" : " later"}
            </span>
          </li>
        ))}
        {more > 0 && (
          <li className="metric-more">
            {lang === "zh" ? `另有 ${formatNumber(more, 0, lang)} 次` : `and ${formatNumber(more, 0, lang)} more`}
          </li>
        )}
        {quality?.revisions.length === 0 && <li>{t(lang, "noRevisions")}</li>}
      </ul>
    </section>
  );
}

/** Whether a moment is told by its time alone: the day of the newest correction needs no date. */
function isSameDay(at: number, quality: QualityAnswer | null, { timeZone }: CityFacts): boolean {
  const newest = quality?.revisions[0]?.corrected ?? at;
  return stamp(at, timeZone).slice(0, 5) === stamp(newest, timeZone).slice(0, 5);
}
