import { dayOf, dayStart } from "./clock";
import { ask, type CaseModel, type Question } from "./cases";
import { districtsOf, type Place } from "./place";
import { wander } from "./random";
import { busy, dayTotal, doneBy, type Rhythm, type WeekFactors } from "./rhythm";

/** Counters that run since ever start from the published total on this day. */
export const ORIGIN = dayOf(Date.parse("2026-11-01T00:00:00+08:00"));

interface Common {
  metric: string;
  /** seconds between readings */
  interval: number;
  decimals?: number;
  /** only the districts' values are sent: whoever shows the place's own adds them up */
  districtsOnly?: boolean;
}

/** Counted since local midnight; `daily` is the published or derived mean of a day. */
export interface DayCount extends Common, Partial<WeekFactors> {
  kind: "day";
  daily: number;
  rhythm: Rhythm;
  byDistrict?: boolean;
  /** for the parts of districts as well */
  byPart?: boolean;
  /** a day's total while the burst switch is on */
  surge?: number;
}

/** Counted since ever. */
export interface TotalCount extends Common, Partial<WeekFactors> {
  kind: "total";
  from: number;
  daily: number;
  rhythm: Rhythm;
}

/** A state that follows the rhythm between `low` (nobody there) and `high` (peak hour). */
export interface Gauge extends Common, Partial<WeekFactors> {
  kind: "gauge";
  low: number;
  high: number;
  rhythm: Rhythm;
  /** relative size of the noise */
  noise?: number;
  /** share: districts add up to the city; level: each has its own, the city is their weighted mean */
  districts?: "share" | "level";
  /** largest value there can be */
  cap?: number;
  /** factor while the burst switch is on */
  surge?: number;
}

/**
 * A state that is told by a function of time, for what follows no daily rhythm; city-wide. `asked`: when a drill on
 * demand begins, ms.
 */
export interface Told extends Common {
  kind: "gauge";
  at: (seed: number, at: number, asked?: number) => number;
}

/**
 * What is counted of the very cases that a system follows, so that its figures and its cases never tell different sums.
 */
export interface Counted extends Common {
  kind: "day" | "gauge";
  of: CaseModel;
  count: Question;
  /** divided by the answers to this: a share or a mean */
  per?: Question;
  /** what the quotient is multiplied by, such as 100 for a percentage */
  times?: number;
  byDistrict?: boolean;
}

/** What one kind has of another metric's count since midnight; city-wide. */
export interface Portion extends Common {
  kind: "day";
  whole: DayCount;
  /** how many of each thousand, and in which places of it they come */
  turns: Turns;
}

interface Turns {
  each: number;
  /** how many have come by each place of the thousand, the last one included */
  by: number[];
}

export type MetricModel = DayCount | TotalCount | Gauge | Told | Counted | Portion;

/** A state that stays as it is, such as the number of matters on offer. */
export function fixed(metric: string, value: number, decimals = 0): Gauge {
  return { kind: "gauge", metric, interval: 60, decimals, low: value, high: value, rhythm: "machine", noise: 0 };
}

const THOUSAND = 1_000;

/**
 * The kinds of which a count consists: at each moment they add up to it, and none of them ever falls. Each thousand
 * goes round in fixed turns, as rounded shares of a growing number would now and then step back.
 * @param kinds thousandths by metric, 1000 in all
 */
export function portions(whole: DayCount, interval: number, kinds: Record<string, number>): Portion[] {
  const names = Object.keys(kinds);
  const owed = new Map(names.map((name) => [name, 0]));
  const come = new Map(names.map((name) => [name, [] as number[]]));
  for (let place = 0; place < THOUSAND; place++) {
    for (const name of names) owed.set(name, (owed.get(name) ?? 0) + (kinds[name] ?? 0));
    const next = names.reduce((most, name) => ((owed.get(name) ?? 0) > (owed.get(most) ?? 0) ? name : most));
    owed.set(next, (owed.get(next) ?? 0) - THOUSAND);
    for (const [name, by] of come) by.push((by[by.length - 1] ?? 0) + (name === next ? 1 : 0));
  }
  return names.map((metric) => ({
    kind: "day",
    metric,
    interval,
    whole,
    turns: { each: kinds[metric] ?? 0, by: come.get(metric) ?? [] },
  }));
}

/** A system that publishes. */
export interface SystemModel {
  id: string;
  /** where the figures come from, for whoever reads this */
  basis: string;
  metrics: MetricModel[];
}

export interface Sample {
  metric: string;
  district: string;
  value: number;
}

function round(value: number, decimals = 0): number {
  const by = 10 ** decimals;
  return Math.round(value * by) / by;
}

/** What the system sends of its values: without the place's own where only districts' are sent. */
export function sent(model: MetricModel, samples: Sample[]): Sample[] {
  return model.districtsOnly ? samples.filter(({ district }) => district !== "all") : samples;
}

/**
 * Values of one metric at model time `at` (`extra`: what bursts have added to a counter, or when a drill begins), for
 * the place and, where it has them, its districts and their parts.
 */
export function sample(place: Place, model: MetricModel, seed: number, at: number, surge = false, extra = 0): Sample[] {
  if ("of" in model) return sampleCases(place, model, seed, at);
  if ("whole" in model) return samplePortion(place, model, seed, at);
  if (model.kind === "day") return sampleDay(place, model, seed, at, extra);
  if ("at" in model)
    return [
      {
        metric: model.metric,
        district: "all",
        value: round(model.at(seed, at, extra > 0 ? extra : undefined), model.decimals),
      },
    ];
  if (model.kind === "total")
    return [
      {
        metric: model.metric,
        district: "all",
        value: round(model.from + countedSince(model, seed, at), model.decimals),
      },
    ];
  return sampleGauge(place, model, seed, at, surge);
}

function sampleCases(
  place: Place,
  { metric, of, count, per, times = 1, byDistrict, decimals }: Counted,
  seed: number,
  at: number,
): Sample[] {
  const counted = ask(of, seed, count, at);
  const base = per && ask(of, seed, per, at);
  const value = (sum: number, parts: number | undefined): number =>
    round((parts === undefined ? sum : sum / Math.max(1, parts)) * times, decimals);
  const whole = { metric, district: "all", value: value(counted.all, base?.all) };
  if (!byDistrict) return [whole];
  return [
    whole,
    ...districtsOf(place).map((district) => ({
      metric,
      district,
      value: value(counted.districts.get(district) ?? 0, base && (base.districts.get(district) ?? 0)),
    })),
  ];
}

function sumOf(samples: Sample[]): number {
  return samples.reduce((sum, one) => sum + one.value, 0);
}

function factorsOf(model: Partial<WeekFactors>): WeekFactors {
  return { weekend: model.weekend ?? 0.97, holiday: model.holiday ?? 0.9 };
}

const sums = new Map<string, number>();

/** What the whole days before `day` brought, so that a total runs on across midnight without a step. */
function countedBefore(model: TotalCount, seed: number, day: number): number {
  if (day <= ORIGIN) return 0;
  const key = `${model.metric} ${seed} ${day}`;
  const known = sums.get(key);
  if (known !== undefined) return known;
  let sum = 0;
  for (let d = ORIGIN; d < day; d++) sum += dayTotal(model.daily, factorsOf(model), seed, model.metric, d);
  sums.set(key, sum);
  return sum;
}

function countedSince(model: TotalCount, seed: number, at: number): number {
  if (dayOf(at) < ORIGIN) return 0;
  return (
    countedBefore(model, seed, dayOf(at)) +
    dayTotal(model.daily, factorsOf(model), seed, model.metric, dayOf(at)) *
      doneBy(model.rhythm, seed, model.metric, at)
  );
}

function sampleDay(place: Place, model: DayCount, seed: number, at: number, extra: number): Sample[] {
  const total = dayTotal(model.daily, factorsOf(model), seed, model.metric, dayOf(at));
  if (!model.byDistrict)
    return [
      {
        metric: model.metric,
        district: "all",
        value: round(total * doneBy(model.rhythm, seed, model.metric, at) + extra, model.decimals),
      },
    ];
  const own = (district: string, share: number): Sample => ({
    metric: model.metric,
    district,
    value: round(
      total * share * doneBy(model.rhythm, seed, `${model.metric} ${district}`, at) + extra * share,
      model.decimals,
    ),
  });
  const samples = districtsOf(place).flatMap((district) => {
    const share = place.shares[district] ?? 0;
    const parts = model.byPart
      ? Object.entries(place.subdivisions?.[district] ?? {}).map(([part, of]) => own(part, share * of))
      : [];
    if (parts.length === 0) return [own(district, share)];
    return [{ metric: model.metric, district, value: round(sumOf(parts), model.decimals) }, ...parts];
  });
  const whole = sumOf(samples.filter(({ district }) => place.shares[district] !== undefined));
  return [{ metric: model.metric, district: "all", value: round(whole, model.decimals) }, ...samples];
}

function samplePortion(place: Place, { metric, whole, turns }: Portion, seed: number, at: number): Sample[] {
  const all = sampleDay(place, whole, seed, at, 0)[0]?.value ?? 0;
  const left = all % THOUSAND;
  const value = Math.floor(all / THOUSAND) * turns.each + (left === 0 ? 0 : (turns.by[left - 1] ?? 0));
  return [{ metric, district: "all", value }];
}

function level(model: Gauge, seed: number, key: string, at: number, surge: boolean): number {
  const noise = model.noise ?? 0.04;
  const wobble =
    1 +
    noise *
      (0.6 * wander(seed, key, at, 600_000) +
        0.3 * wander(seed, `${key} m`, at, 60_000) +
        0.1 * wander(seed, `${key} s`, at, 7_000));
  const value = (model.low + (model.high - model.low) * busy(model.rhythm, at, model)) * wobble;
  return Math.max(0, Math.min(model.cap ?? Infinity, surge ? value * (model.surge ?? 1) : value));
}

function sampleGauge(place: Place, model: Gauge, seed: number, at: number, surge: boolean): Sample[] {
  const { metric, decimals } = model;
  if (!model.districts)
    return [{ metric, district: "all", value: round(level(model, seed, metric, at, surge), decimals) }];
  const mean = 1 / districtsOf(place).length;
  const parts = districtsOf(place).map((district) => {
    const share = place.shares[district] ?? 0;
    const own = level(model, seed, `${metric} ${district}`, at, surge);
    // Busier districts sit above the mean of a level, quieter ones below it, each by its own seed.
    const shift =
      1 +
      (model.noise ?? 0.04) * 2 * (wander(seed, `${metric} ${district} place`, at, 6 * 3_600_000) + (share - mean) * 2);
    const value = model.districts === "share" ? own * share : Math.min(model.cap ?? Infinity, own * shift);
    return { metric, district, value: round(value, decimals) };
  });
  const all =
    model.districts === "share"
      ? sumOf(parts)
      : parts.reduce((sum, part) => sum + part.value * (place.shares[part.district] ?? 0), 0);
  return [{ metric, district: "all", value: round(all, decimals) }, ...parts];
}

/** What a surge adds to a day counter in the `ms` before `at`, over and above the ordinary day. */
export function surgeGain(model: MetricModel, seed: number, at: number, ms: number): number {
  if (model.kind !== "day" || "of" in model || "whole" in model || !model.surge) return 0;
  const from = Math.max(at - ms, dayStart(dayOf(at)));
  const part = doneBy("opening", seed, model.metric, at) - doneBy("opening", seed, model.metric, from);
  const usual = doneBy(model.rhythm, seed, model.metric, at) - doneBy(model.rhythm, seed, model.metric, from);
  return model.surge * part - dayTotal(model.daily, factorsOf(model), seed, model.metric, dayOf(at)) * usual;
}
