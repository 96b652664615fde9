import { casesOf, daysBefore, type Case, type CaseKind, type CaseModel } from "./cases";
import { dayOf, dayStart, HOUR } from "./clock";
import { pointNear } from "./place";
import { chance } from "./random";

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

/** One kind of event, and who handles it. */
export interface EventKind extends CaseKind {
  title: string;
  unit: string;
  /** what stands before the title, drawn by number; the model's streets where left out */
  places?: string[];
  /** what stands before the title in a district that has places of its own for this kind */
  placesIn?: Record<string, string[]>;
  /** what is added to the title, drawn by number */
  endings?: string[];
}

/** A center's events. */
export interface EventModel extends CaseModel<EventKind> {
  /** system that publishes them */
  system: string;
  streets: string[];
  /** who hands them out and checks them; a kind's own unit handles them */
  center: string;
}

/** Events opened this long ago (ms) are told with those that are open or were closed today. */
const TOLD = 14 * HOUR;

function drawn(texts: string[] | undefined, draw: number): string {
  return texts?.[Math.floor(draw * texts.length)] ?? "";
}

/** Handled by the kind's unit between dispatch and check, by the center before and after. */
function unitAt(model: EventModel, kind: EventKind, part: number): string {
  return part >= 0.1 && part < 0.85 ? kind.unit : model.center;
}

function idOf(model: EventModel, one: Case<EventKind>): string {
  return `${model.prefix}-${one.day}-${one.number}`;
}

function stageOf(one: Case<EventKind>, at: number): number {
  let stage = 0;
  while (stage < one.reached.length - 1 && (one.reached[stage + 1] as number) <= at) stage++;
  return stage;
}

/** An event as its center tells it when it stands in a stage. */
function tell(model: EventModel, seed: number, one: Case<EventKind>, stage: number): MockEvent {
  const { kind, day, number: k } = one;
  const where = drawn(kind.placesIn?.[one.district] ?? kind.places ?? model.streets, chance(seed, "street", day, k));
  const time = (i: number): string => new Date(one.reached[i] as number).toISOString();
  const { name = "", part = 0 } = model.stages[stage] ?? {};
  return {
    id: idOf(model, one),
    city: model.place.city,
    district: one.district,
    kind: kind.kind,
    title: `${where}${kind.title}${drawn(kind.endings, chance(seed, "ending", day, k))}`,
    severity: kind.severity,
    stage: name,
    stages: model.stages.map((s) => s.name),
    unit: unitAt(model, kind, part),
    steps: model.stages
      .slice(0, stage + 1)
      .map((s, i) => ({ stage: s.name, at: time(i), unit: unitAt(model, kind, s.part) })),
    at: new Date(one.opened).toISOString(),
    updated: time(stage),
    ...pointNear(model.place, one.district, seed, day, k),
    source: model.center,
  };
}

/**
 * Every event that is open at model time `at`, was closed that day or opened within the last hours, as it stands.
 * @param wanted those alone of which it says true, by id and stage
 */
export function eventsAt(
  model: EventModel,
  seed: number,
  at: number,
  wanted: (id: string, stage: string) => boolean = () => true,
): MockEvent[] {
  const since = Math.min(dayStart(dayOf(at)), at - TOLD);
  return daysBefore(model, at)
    .flatMap((day) => casesOf(model, seed, day))
    .flatMap((one) => {
      if (one.opened > at || one.closed < since) return [];
      const stage = stageOf(one, at);
      return wanted(idOf(model, one), model.stages[stage]?.name ?? "") ? [tell(model, seed, one, stage)] : [];
    });
}

/** Every stage that any event reached in [from, to), ordered by when. */
export function versionsBetween(model: EventModel, seed: number, from: number, to: number): MockEvent[] {
  const versions: { at: number; event: MockEvent }[] = [];
  for (let [day] = daysBefore(model, from) as [number]; day <= dayOf(to); day++) {
    for (const one of casesOf(model, seed, day))
      versions.push(
        ...one.reached.flatMap((at, stage) =>
          at >= from && at < to ? [{ at, event: tell(model, seed, one, stage) }] : [],
        ),
      );
  }
  return versions.sort((a, b) => a.at - b.at).map(({ event }) => event);
}
