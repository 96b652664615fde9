"use client";
import { useMemo } from "react";
import { siblingsOf, type Lang } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import { t } from "@/components/ui/i18n";
import { placeName } from "@/components/ui/place-name";
import { stamp } from "@/components/ui/stamp";
import { normalsOf, outliers, shifted, SHIFTS, type NormalAt, type Outlier, type Points } from "./analysis-math";
import { emptyPresets, emptyShifts, type AnalysisState } from "./analysis-state";
import { SHIFT_NAMES } from "./analysis-words";
import {
  bucketAggregate,
  curveAggregate,
  pointsOf,
  ranked,
  rangeValue,
  summaries,
  wholeHours,
  type RangeSummary,
  type RankRow,
} from "./measures";
import { isSeen, NO_QUESTIONS, placesOf, questionsOf, type Part, type View } from "./questions";
import type { Curve, Marks } from "./range-option";
import { useEvents, useExtent, useNotes, type Notes } from "./use-city";
import { useHistory, type Answers, type Asked } from "./use-history";

export type Change = (part: Partial<AnalysisState>) => void;

/** What is normal at each hour of the week, and what is not. */
interface Normal {
  at: NormalAt;
  /** whole hours of the range, as what is normal is: the hour that still runs is not judged */
  judgeable: Points;
  /** farthest from normal first */
  outliers: Outlier[];
  /** where in its hour (0 to 1) an hourly value stands: its middle for a mean, its end for a last value */
  within: number;
}

/** Events and notes of the range. */
interface Happened {
  /** of the scope and the kind asked for, with the chosen one and the notes */
  marks: Marks;
  /** kinds of the scope's events with their counts, most first */
  kinds: [string, number][];
  cut: boolean;
  /** while those of another range are asked for, and these are of the one before */
  busy: boolean;
  error: string | null;
  /** those of the place and the metric */
  notes: Notes;
  /** those of the whole city that have a place on the map */
  mapped: CityEvent[];
}

/** Ranges and comparisons of which nothing is kept, by name, and why, in words. */
interface NotRetained {
  names: readonly string[];
  why: string;
}

/** The places of the ranking, and what is told of the page's own. */
interface Ranking {
  rows: RankRow[];
  own: RangeSummary | undefined;
}

/** Everything that the page's panels draw. */
export interface Explored {
  view: View;
  /** the moment it is looked at from, ms */
  moment: number;
  lang: Lang;
  change: Change;
  /** false until the moment is known: nothing is asked before */
  ready: boolean;
  history: Asked<Part>;
  curves: Curve[];
  normal: Normal;
  ranking: Ranking;
  happened: Happened;
  notRetained: NotRetained;
}

/** Asks what a view needs, and what is made of the answers. */
export function useExplored(view: View, moment: number, lang: Lang, change: Change): Explored {
  const ready = moment > 0;
  const history = useHistory(ready ? questionsOf(view) : NO_QUESTIONS);
  return {
    view,
    moment,
    lang,
    change,
    ready,
    history,
    curves: curvesOf(view, history.answers, lang),
    normal: useNormal(view, history.answers),
    ranking: rankingOf(view, history.answers, lang),
    happened: useHappened(view, ready),
    notRetained: useNotRetained(view, lang),
  };
}

/** The places' curves, and the page's own of earlier times. */
function curvesOf(view: View, answers: Answers<Part>, lang: Lang): Curve[] {
  const drawn = curveAggregate(view.metric, view.to - view.from);
  const chart = answers.main?.[0];
  const places = placesOf(view).map((place, i) => ({
    name: placeName(view.city, place, lang),
    points: pointsOf(chart?.series[i], drawn),
    compared: i > 0,
    provisionalFrom: chart?.provisionalFrom ?? null,
  }));
  const earlier = view.state.shifts.map((name) => ({
    name: SHIFT_NAMES[name][lang],
    points: shifted(pointsOf(answers[name]?.[0]?.series[0], drawn), SHIFTS[name]),
    compared: true,
    provisionalFrom: null,
  }));
  return [...places, ...earlier];
}

function useNormal({ city, metric, from, to }: View, answers: Answers<Part>): Normal {
  const hourly = bucketAggregate(metric);
  const baseline = answers.baseline?.[0]?.series[0];
  const hours = answers.hours?.[0]?.series[0];
  const at = useMemo(() => normalsOf(pointsOf(baseline, hourly), city.timeZone), [baseline, hourly, city.timeZone]);
  const judgeable = useMemo(() => wholeHours(pointsOf(hours, hourly), from, to), [hours, hourly, from, to]);
  // A total only grows, and days' totals are no hours.
  const found = useMemo(() => (metric.kind === "total" ? [] : outliers(judgeable, at)), [judgeable, at, metric.kind]);
  return { at, judgeable, outliers: found, within: hourly === "last" ? 1 : 0.5 };
}

function rankingOf({ city, adcode, metric, seen }: View, answers: Answers<Part>, lang: Lang): Ranking {
  const beside = siblingsOf(city, adcode).filter((place) => isSeen(seen, place.adcode));
  const ofPlaces = summaries(metric, beside.length, answers.ranking ?? []);
  const rows = (answers.ranking ? beside : []).map((d, i) => ({
    code: d.adcode,
    name: d.short[lang],
    value: rangeValue(metric, ofPlaces[i]),
    own: d.adcode === adcode,
  }));
  return { rows: ranked(rows), own: ofPlaces[beside.findIndex((d) => d.adcode === adcode)] };
}

function useHappened({ city, adcode, state, from, to, asOf }: View, ready: boolean): Happened {
  const stretch = ready ? { city: city.id, from, to } : null;
  const { events, cut, busy, error } = useEvents(stretch, asOf);
  const notes = useNotes(stretch, city.id);
  const scoped = events.filter((event) => state.scope === "city" || event.district === adcode);
  const counts = new Map<string, number>();
  for (const { kind } of scoped) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const ofKind = (event: CityEvent): boolean => state.kind === null || event.kind === state.kind;
  const own = notes.notes.filter(
    ({ district, metric }) =>
      (district === adcode || district === "all") && (metric === null || metric === state.metric),
  );
  return {
    marks: {
      events: scoped.filter(ofKind),
      chosen: events.find(({ id }) => id === state.event) ?? null,
      notes: own,
    },
    kinds: [...counts].sort((a, b) => b[1] - a[1]),
    cut,
    busy,
    error,
    notes: { ...notes, notes: own },
    mapped: events.filter((event) => ofKind(event) && event.lon !== undefined),
  };
}

function useNotRetained({ city, to }: View, lang: Lang): NotRetained {
  const since = useExtent(city.id);
  return {
    names: [...emptyPresets(to, since), ...emptyShifts(to, since)],
    why: since === null ? "" : `${t(lang, "keptSince")} ${stamp(since, city.timeZone)}`,
  };
}

/** Chooses an event: shown beside the chart, with the whole city's if it is another district's. */
export function chooseEvent({ view, change }: Explored, event: CityEvent | undefined): void {
  if (!event) return;
  change({ event: event.id, side: "events", scope: event.district === view.adcode ? view.state.scope : "city" });
}

/** A list with an item put in, or taken out where it was in. */
export function toggled<T>(list: T[], item: T): T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
