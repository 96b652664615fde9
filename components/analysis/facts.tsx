import { bucketStart } from "@/lib/clock";
import type { Lang, Metric } from "@/lib/contract/city";
import { formatNumber, t, type Word } from "@/components/ui/i18n";
import { summary, type Points } from "./analysis-math";
import { isCounter, type RangeSummary } from "./measures";

const DAY = 86_400_000;

interface FactsProps {
  metric: Metric;
  lang: Lang;
  /** the page's own place over the whole range */
  own: RangeSummary | undefined;
  /** its whole hours in the range, of a counter what it rose by */
  hours: Points;
  /** its days' totals, where the chart shows them */
  days: Points | null;
  range: [number, number];
  timeZone: string;
}

/** Days that were over at the end of the range (ms). */
function wholeDays({ at, value }: Points, to: number, timeZone: string): Points {
  // 36 hours after a midnight it is the next day, however long the day is.
  const kept = at.map((_, i) => i).filter((i) => bucketStart((at[i] as number) + 1.5 * DAY, DAY, timeZone) <= to);
  return { at: kept.map((i) => at[i] as number), value: kept.map((i) => value[i] ?? null) };
}

/** The four numbers of a range: of a state its mean, ends and last value; of a counter what came, and at what pace. */
function factsOf({ metric, own, hours, days, range: [, to], timeZone }: FactsProps): [Word, number | null][] {
  if (!isCounter(metric))
    return [
      ["mean", own?.mean ?? null],
      ["highest", own?.high ?? null],
      ["lowest", own?.low ?? null],
      ["latest", own?.last ?? null],
    ];
  const pace = summary(days ? wholeDays(days, to, timeZone) : hours);
  return [
    ["rangeTotal", own?.total ?? null],
    [days ? "dayMean" : "hourMean", pace?.mean ?? null],
    [days ? "dayMost" : "hourMost", pace?.high ?? null],
    ["latest", own?.last ?? null],
  ];
}

/** The range in numbers. Nothing stands there until the range is known. */
export function Facts(props: FactsProps) {
  const { metric, lang, own } = props;
  if (!own || (own.last === null && own.total === null)) return <dl className="analysis-facts" />;
  return (
    <dl className="analysis-facts">
      {factsOf(props).map(([word, value]) => (
        <div key={word}>
          <dt>{t(lang, word)}</dt>
          <dd className="figure">{value === null ? "–" : formatNumber(value, metric.decimals, lang)}</dd>
        </div>
      ))}
    </dl>
  );
}
