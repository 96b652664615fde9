import { DAY, dayKind, dayOf, dayStart, HOUR } from "./clock";
import { drawDistrict, type Place } from "./place";
import { chance } from "./random";
import { doneBy, type Rhythm, type WeekFactors } from "./rhythm";

/** One kind of case: how grave, how long it takes, how often it is. */
export interface CaseKind {
  kind: string;
  severity: number;
  /** hours from report to close, at the middle */
  hours: number;
  /** part of all cases */
  share: number;
}

/**
 * Cases that go through stages. Stages run from report to close; `parts` says when each begins, as a part of the time a
 * case takes.
 */
export interface CaseModel<K extends CaseKind = CaseKind> extends Partial<WeekFactors> {
  place: Place;
  prefix: string;
  /** on a working day */
  aDay: number;
  /** when they are reported; over the day like most things where left out */
  rhythm?: Rhythm;
  /** part of the cases that take longer than they may; 0.03 */
  late?: number;
  stages: { name: string; part: number }[];
  kinds: K[];
}

/** What becomes of one case, ms. */
export interface Case<K extends CaseKind = CaseKind> {
  day: number;
  number: number;
  kind: K;
  district: string;
  opened: number;
  /** when each stage was, or will be, reached */
  reached: number[];
  closed: number;
  /** by when it should have been closed */
  due: number;
}

/** Times of the middle one that a case may take, and that the slowest takes. */
const DUE = 1.4;
const SLOWEST = 2.8;

/** The moment at which a part of the day's cases has come in. */
function timeOf(rhythm: Rhythm, seed: number, day: number, part: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 18; i++) {
    const middle = (low + high) / 2;
    if (doneBy(rhythm, seed, "events", dayStart(day) + middle * (DAY - 1)) < part) low = middle;
    else high = middle;
  }
  return Math.floor(dayStart(day) + low * DAY);
}

function kindOf<K extends CaseKind>(model: CaseModel<K>, seed: number, day: number, k: number): K {
  let left = chance(seed, "kind", day, k) * model.kinds.reduce((sum, kind) => sum + kind.share, 0);
  return model.kinds.find((kind) => (left -= kind.share) <= 0) ?? (model.kinds[model.kinds.length - 1] as K);
}

/** How long it takes, in times of the middle one. */
function lengthOf(draw: number, late: number): number {
  if (draw < 1 - late) return 0.4 + ((DUE - 0.45) * draw) / (1 - late);
  return DUE + ((SLOWEST - DUE) * (draw - 1 + late)) / late;
}

function makeCase<K extends CaseKind>(
  model: CaseModel<K>,
  seed: number,
  day: number,
  k: number,
  count: number,
): Case<K> {
  const opened = timeOf(model.rhythm ?? "daily", seed, day, (k + chance(seed, "event", day, k)) / count);
  const kind = kindOf(model, seed, day, k);
  const takes = kind.hours * HOUR * lengthOf(chance(seed, "takes", day, k), model.late ?? 0.03);
  const reached = model.stages.map(({ part }) => Math.floor(opened + takes * part));
  return {
    day,
    number: k,
    kind,
    district: drawDistrict(model.place, chance(seed, "district", day, k)),
    opened,
    reached,
    closed: reached[reached.length - 1] as number,
    due: opened + kind.hours * HOUR * DUE,
  };
}

const known = new Map<string, Case[]>();

/** Every case that is reported on a day. Depends on seed and day alone. */
export function casesOf<K extends CaseKind>(model: CaseModel<K>, seed: number, day: number): Case<K>[] {
  const key = `${model.prefix} ${seed} ${day}`;
  let cases = known.get(key) as Case<K>[] | undefined;
  if (!cases) {
    const kind = dayKind(day);
    const count = Math.round(model.aDay * (kind === "work" ? 1 : (model[kind] ?? 0.9)));
    cases = Array.from({ length: count }, (_, k) => makeCase(model, seed, day, k, count));
    if (known.size >= 64) known.clear();
    known.set(key, cases);
  }
  return cases;
}

/** The days (as casesOf counts them) whose cases may still be open, or not long closed, at a moment. */
export function daysBefore(model: CaseModel, at: number): number[] {
  const longest = Math.max(...model.kinds.map((kind) => kind.hours)) * HOUR * SLOWEST;
  const days: number[] = [];
  for (let day = dayOf(at - DAY - longest); day <= dayOf(at); day++) days.push(day);
  return days;
}

/** A question about one case at a moment; the answers of all are added up. `midnight`: of that moment's day, ms. */
export type Question = (one: Case, at: number, midnight: number) => number;

export const isOpen: Question = (one, at) => (one.opened <= at && one.closed > at ? 1 : 0);
export const openedToday: Question = (one, at, midnight) => (one.opened <= at && one.opened >= midnight ? 1 : 0);
export const closedToday: Question = (one, at, midnight) => (one.closed <= at && one.closed >= midnight ? 1 : 0);
export const isOverdue: Question = (one, at) => (isOpen(one, at, 0) && one.due < at ? 1 : 0);
/** Open at midnight already. */
export const carriedOver: Question = (one, _at, midnight) => (one.opened < midnight && one.closed >= midnight ? 1 : 0);
/** Over the last day, so that a rate does not jump at midnight. */
export const closedLately: Question = (one, at) => (one.closed <= at && one.closed > at - DAY ? 1 : 0);
export const closedInTime: Question = (one, at) => (closedLately(one, at, 0) && one.closed <= one.due ? 1 : 0);
export const hoursTaken: Question = (one, at) => (closedLately(one, at, 0) ? (one.closed - one.opened) / HOUR : 0);

/** Cases that stand in a stage. */
export function standsIn(stage: number): Question {
  return (one, at) => ((one.reached[stage] as number) <= at && (one.reached[stage + 1] as number) > at ? 1 : 0);
}

/** Only cases of some kinds. */
export function ofKinds(kinds: string[], question: Question): Question {
  return (one, at, midnight) => (kinds.includes(one.kind.kind) ? question(one, at, midnight) : 0);
}

/** The answers of all cases, for the whole and by district. */
export function ask(
  model: CaseModel,
  seed: number,
  question: Question,
  at: number,
): { all: number; districts: Map<string, number> } {
  const districts = new Map<string, number>();
  const midnight = dayStart(dayOf(at));
  let all = 0;
  for (const day of daysBefore(model, at)) {
    for (const one of casesOf(model, seed, day)) {
      const answer = question(one, at, midnight);
      if (answer === 0) continue;
      all += answer;
      districts.set(one.district, (districts.get(one.district) ?? 0) + answer);
    }
  }
  return { all, districts };
}
