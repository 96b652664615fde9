import type { CityFacts, Metric } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { SHIFTS, stepFor, type Shift } from "./analysis-math";
import { metricsOf, type AnalysisState } from "./analysis-state";
import { bucketAggregate, byDays, curveAggregate, hourlyMeasure, piecesOf, summaryAggregates } from "./measures";
import type { Aggregate } from "@/lib/contract/history";
import type { Question } from "./use-history";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How far back what is normal is learnt from, ms. */
const BASELINE = 28 * DAY + 2 * HOUR;
/** Small curves below the chart. */
const MULTIPLES = 8;

/** What the page looks at. Times in ms. */
export interface View {
  city: CityFacts;
  adcode: string;
  state: AnalysisState;
  metric: Metric;
  /** the metric it is correlated with */
  other: Metric;
  /** places that stand beside it and may be looked at, itself among them */
  beside: string[];
  /** codes of all places that may be looked at, `all` for the whole; null: every one */
  seen: readonly string[] | null;
  from: number;
  to: number;
  /** as it was known at this moment */
  asOf: number | undefined;
}

/** Width of the chart's buckets, s. */
export function chartStep({ metric, from, to }: Pick<View, "metric" | "from" | "to">): number {
  return byDays(metric, to - from) ? DAY / 1_000 : stepFor(to - from);
}

/** Metrics of the small curves. */
export function multiplesOf({ city, adcode }: Pick<View, "city" | "adcode">): Metric[] {
  return metricsOf(city, adcode).slice(0, MULTIPLES);
}

/** Day counters among the small curves: what they rose by in the range stands beside their names. */
export function countedOf(view: Pick<View, "city" | "adcode">): Metric[] {
  return multiplesOf(view).filter(({ kind }) => kind === "day");
}

const unique = (names: Aggregate[]): Aggregate[] => [...new Set(names)];

/** The places whose curves the chart shows: the page's own first. */
export function placesOf({ adcode, state, seen }: Pick<View, "adcode" | "state" | "seen">): string[] {
  // A question of one place that there is no right to would be refused with all the others.
  return [adcode, ...state.places.filter((place) => place !== adcode && isSeen(seen, place))];
}

/** Whether a place may be looked at. */
export function isSeen(seen: View["seen"], place: string): boolean {
  return seen === null || seen.includes(place);
}

/** What the chart shows, as it is taken along. */
export function chartQuestion(view: View): Question {
  const { city, metric, from, to, asOf } = view;
  return {
    topics: placesOf(view).map((place) => readingTopic(city.id, place, metric.id)),
    from,
    to,
    step: chartStep(view),
    aggregates: [curveAggregate(metric, to - from)],
    ...(asOf === undefined ? {} : { asOf }),
  };
}

/** The page's questions by name. */
export type Part = "main" | Shift | "baseline" | "hours" | "multiples" | "counted" | "ranking";

export const NO_QUESTIONS: Record<Part, Question[]> = {
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

/** All that the page asks of the past, each question in its parts; none while there is nothing to ask. */
export function questionsOf(view: View): Record<Part, Question[]> {
  const { city, adcode, state, metric, other, from, to, asOf } = view;
  const topic = (place: string, of: Metric = metric): string => readingTopic(city.id, place, of.id);
  const then = asOf === undefined ? {} : { asOf };
  const chart = chartQuestion(view);
  const hourly = { step: 3_600, fill: "none" as const, ...then };
  const shift = (name: Shift): Question[] =>
    state.shifts.includes(name)
      ? [{ ...chart, topics: [topic(adcode)], from: from - SHIFTS[name], to: to - SHIFTS[name] }]
      : [];
  const multiples = multiplesOf(view);
  const counted = countedOf(view);
  return {
    main: [chart],
    day: shift("day"),
    week: shift("week"),
    year: shift("year"),
    baseline:
      metric.kind === "total"
        ? []
        : [{ ...hourly, topics: [topic(adcode)], from: from - BASELINE, to, aggregates: [bucketAggregate(metric)] }],
    hours: [
      {
        ...hourly,
        topics: [topic(adcode), topic(adcode, other)],
        from: Math.min(from, to - 7 * DAY) - HOUR,
        to,
        aggregates: unique([bucketAggregate(metric), hourlyMeasure(metric), hourlyMeasure(other)]),
      },
    ],
    multiples:
      multiples.length === 0
        ? []
        : [
            {
              topics: multiples.map((of) => topic(adcode, of)),
              from,
              to,
              step: Math.max(chart.step, stepFor((to - from) * 4)),
              aggregates: unique(multiples.map((of) => curveAggregate(of, to - from))),
              ...then,
            },
          ],
    counted:
      counted.length === 0
        ? []
        : piecesOf(
            { topics: counted.map((of) => topic(adcode, of)), from, to, aggregates: ["increase"], ...then },
            city.timeZone,
          ),
    ranking: piecesOf(
      { topics: view.beside.map((place) => topic(place)), from, to, aggregates: summaryAggregates(metric), ...then },
      city.timeZone,
    ),
  };
}
