import { DAY, dayOf, dayPart, dayStart } from "./clock";
import { drawDistrict, pointNear, type Place } from "./place";
import { chance } from "./random";
import { doneBy } from "./rhythm";

/** One event as a center's own system tells it. */
export interface MockEvent {
  id: string;
  city: string;
  district: string;
  kind: string;
  title: string;
  severity: number;
  stage: string;
  stages: string[];
  /** unit that has it in hand */
  unit: string;
  /** the stages it has been through */
  steps: { stage: string; at: string; unit: string }[];
  at: string;
  updated: string;
  lon: number;
  lat: number;
  source: string;
}

/** One kind of event: how grave, how long it takes, how often it is, who handles it. */
export interface EventKind {
  kind: string;
  severity: number;
  /** hours from report to close, at the middle */
  hours: number;
  /** part of all events */
  share: number;
  title: string;
  unit: string;
  /** what stands before the title, drawn by number; the model's streets where left out */
  places?: string[];
  /** what is added to the title, drawn by number */
  endings?: string[];
}

/** A center's events. Stages run from report to close; `parts` says when each begins, as a part of the time an event takes. */
export interface EventModel {
  place: Place;
  /** system that publishes them */
  system: string;
  prefix: string;
  aDay: number;
  stages: { name: string; part: number }[];
  kinds: EventKind[];
  streets: string[];
  /** who hands them out and checks them; a kind's own unit handles them */
  center: string;
}

const LONGEST = 14 * 3_600_000;

function kindOf(model: EventModel, seed: number, day: number, k: number): EventKind {
  let left = chance(seed, "kind", day, k) * model.kinds.reduce((sum, kind) => sum + kind.share, 0);
  return model.kinds.find((kind) => (left -= kind.share) <= 0) ?? (model.kinds[model.kinds.length - 1] as EventKind);
}

function drawn(texts: string[] | undefined, draw: number): string {
  return texts?.[Math.floor(draw * texts.length)] ?? "";
}

/** Handled by the kind's unit between dispatch and check, by the center before and after. */
function unitAt(model: EventModel, kind: EventKind, part: number): string {
  return part >= 0.1 && part < 0.85 ? kind.unit : model.center;
}

/** The moment at which a part of the day's events has come in. */
function timeOf(seed: number, day: number, part: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 18; i++) {
    const middle = (low + high) / 2;
    if (doneBy("daily", seed, "events", dayStart(day) + middle * (DAY - 1)) < part) low = middle;
    else high = middle;
  }
  return Math.floor(dayStart(day) + low * DAY);
}

/** How long an event takes from report to close, ms. */
function durationOf(seed: number, day: number, k: number, hours: number): number {
  return hours * 3_600_000 * (0.4 + 1.1 * chance(seed, "takes", day, k));
}

/** Event number `k` of a day as it stands at `at`. Depends on seed and time alone. */
function eventAt(model: EventModel, seed: number, day: number, k: number, at: number): MockEvent | null {
  const opened = timeOf(seed, day, (k + chance(seed, "event", day, k)) / model.aDay);
  if (opened > at) return null;
  const kind = kindOf(model, seed, day, k);
  const district = drawDistrict(model.place, chance(seed, "district", day, k));
  const takes = durationOf(seed, day, k, kind.hours);
  let stage = 0;
  while (stage < model.stages.length - 1 && at >= opened + takes * (model.stages[stage + 1]?.part ?? 1)) stage++;
  const where = drawn(kind.places ?? model.streets, chance(seed, "street", day, k));
  const { name = "", part = 0 } = model.stages[stage] ?? {};
  return {
    id: `${model.prefix}-${day}-${k}`, city: model.place.city, district, kind: kind.kind,
    title: `${where}${kind.title}${drawn(kind.endings, chance(seed, "ending", day, k))}`, severity: kind.severity, stage: name, stages: model.stages.map((s) => s.name), unit: unitAt(model, kind, part),
    steps: model.stages.slice(0, stage + 1).map((s) => ({ stage: s.name, at: new Date(Math.floor(opened + takes * s.part)).toISOString(), unit: unitAt(model, kind, s.part) })),
    at: new Date(opened).toISOString(), updated: new Date(Math.floor(opened + takes * part)).toISOString(),
    ...pointNear(model.place, district, seed, day, k), source: model.center,
  };
}

/** Every event that was opened within the last 14 hours, as it stands at model time `at`. */
export function eventsAt(model: EventModel, seed: number, at: number): MockEvent[] {
  const events: MockEvent[] = [];
  for (const day of [dayOf(at) - 1, dayOf(at)]) {
    if (day < dayOf(at) && dayPart(at) * DAY > LONGEST) continue;
    for (let k = 0; k < model.aDay; k++) {
      const event = eventAt(model, seed, day, k, at);
      if (event && Date.parse(event.at) >= at - LONGEST) events.push(event);
    }
  }
  return events;
}

/** The moments at which event number `k` of a day reached each stage. */
function reachedAt(model: EventModel, seed: number, day: number, k: number, event: MockEvent): number[] {
  const takes = durationOf(seed, day, k, kindOf(model, seed, day, k).hours);
  return model.stages.map(({ part }) => Math.ceil(Date.parse(event.at) + takes * part));
}

/** Every stage that any event reached in [from, to), ordered by when. */
export function versionsBetween(model: EventModel, seed: number, from: number, to: number): MockEvent[] {
  const versions: MockEvent[] = [];
  for (let day = dayOf(from) - 1; day <= dayOf(to); day++) {
    for (let k = 0; k < model.aDay; k++) {
      const last = eventAt(model, seed, day, k, to - 1);
      const moments = last ? reachedAt(model, seed, day, k, last).filter((at) => at >= from && at < to) : [];
      versions.push(...moments.flatMap((at) => eventAt(model, seed, day, k, at) ?? []));
    }
  }
  return versions.sort((a, b) => Date.parse(a.updated) - Date.parse(b.updated));
}
