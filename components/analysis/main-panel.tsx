"use client";
import { formatNumber, t } from "@/components/ui/i18n";
import { stamp } from "@/components/ui/stamp";
import type { Pictured } from "./analysis-bar";
import { restsOn, summary } from "./analysis-math";
import { bandNote, chartNote, says } from "./analysis-words";
import { chooseEvent, type Explored } from "./explored";
import { Facts } from "./facts";
import { byDays, comparableHours, curveAggregate, pointsOf, wholeHours } from "./measures";
import { Panel } from "./panel";
import { EVENT_MARKS, hoursOf, rangeOption } from "./range-option";
import { StaticChart } from "./static-chart";

const HOUR = 3_600_000;
const OUTLIERS = 3;

/**
 * Whether a band of what is normal can stand behind the curves: not behind totals, which only grow, nor behind days.
 */
function isBanded({ view: { metric, from, to } }: Explored): boolean {
  return !byDays(metric, to - from) && metric.kind !== "total";
}

function noteUnder(explored: Explored): string {
  const { view, moment, lang, history, normal, notRetained } = explored;
  const days = restsOn(hoursOf([view.from, view.to]).map(normal.at));
  return chartNote(lang, {
    chart: history.answers.main?.[0],
    daily: byDays(view.metric, view.to - view.from),
    band: isBanded(explored) && bandNote(lang, days),
    until: Math.min(view.to, moment),
    timeZone: view.city.timeZone,
    kept: notRetained.names.length > 0 && notRetained.why,
  });
}

/** The range's curves. A stretch can be drawn over them, an event at their foot can be clicked. */
export function MainPanel({ explored, pictured }: { explored: Explored; pictured: Pictured }) {
  const { view, lang, change, ready, history, curves, normal, happened } = explored;
  const { city, metric, from, to } = view;
  const unit = metric.unit[lang];
  const banded = isBanded(explored);
  const writing = { lang, timeZone: city.timeZone, decimals: metric.decimals };
  const empty = ready && !history.busy && (!curves[0] || summary(curves[0].points) === null);
  return (
    <Panel area="main" title={`${metric.name[lang]}${unit ? ` (${unit})` : ""}`} note={noteUnder(explored)}>
      {empty ? (
        <p className="empty">{history.error ?? t(lang, "noHistory")}</p>
      ) : (
        <StaticChart
          label={metric.name[lang]}
          picture={pictured}
          option={(px) =>
            rangeOption({
              curves,
              normal: banded ? normal : { ...normal, at: () => null, outliers: [] },
              range: [from, to],
              marks: happened.marks,
              writing,
              px,
            })
          }
          onRange={(a, b) => change({ range: [Math.round(a), Math.round(b)] })}
          onPick={({ series, index }) =>
            chooseEvent(explored, series === EVENT_MARKS ? happened.marks.events[index] : undefined)
          }
        />
      )}
    </Panel>
  );
}

/** The range in numbers and words, with its farthest outliers. */
export function Summary({ explored }: { explored: Explored }) {
  const { view, lang, history, normal, ranking } = explored;
  const { city, metric, from, to } = view;
  const { answers } = history;
  const hours = comparableHours(metric, answers.hours?.[0]?.series[0], to, city.timeZone);
  const daily = byDays(metric, to - from);
  const silent = history.busy && answers.baseline === undefined;
  return (
    <>
      <Facts
        metric={metric}
        lang={lang}
        own={ranking.own}
        hours={wholeHours(hours, from, to)}
        days={daily ? pointsOf(answers.main?.[0]?.series[0], curveAggregate(metric, to - from)) : null}
        range={[from, to]}
        timeZone={city.timeZone}
      />
      <p className="analysis-says">
        {silent ? "" : says(lang, metric, normal.outliers, normal.judgeable, normal.at, city.timeZone)}
      </p>
      <ul className="analysis-outliers">
        {normal.outliers.slice(0, OUTLIERS).map(({ at, value }) => (
          <li key={at}>
            <time className="figure">{stamp(at, city.timeZone)}</time>
            <b className="figure">{formatNumber(value, metric.decimals, lang)}</b>
            <a href={`/wall/${city.id}/overview?at=${new Date(at + normal.within * HOUR).toISOString()}`}>
              {t(lang, "replay")}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
