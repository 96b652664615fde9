import { casesOf, daysBefore, type Case, type CaseKind, type CaseModel } from "./cases";
import { dayOf, dayStart, HOUR } from "./clock";
import { chance } from "./random";
import { pointOn, STREET, type Site, type Words } from "./streets";

/** One event as a center's own system tells it. */
export interface MockEvent {
  id: string;
  city: string;
  district: string;
  kind: string;
  title: string;
  titles: Words;
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
  /** `@` is where it is */
  title: Words;
  unit: string;
  /** where it happens in a district that has such a site, by its Chinese name; on the streets elsewhere */
  sites?: RegExp;
  /** what it happens in there, drawn by number; `@` is the street */
  buildings?: Words[];
  /** what is added to the title, drawn by number */
  endings?: Words[];
  /** what is added to the title in a district that has endings of its own */
  endingsIn?: Record<string, Words[]>;
}

/** A center's events. */
export interface EventModel extends CaseModel<EventKind> {
  /** system that publishes them */
  system: string;
  /** streets and sites by district */
  streets: Record<string, Site[]>;
  /** who hands them out and checks them; a kind's own unit handles them */
  center: string;
}

/** Events opened this long ago (ms) are told with those that are open or were closed today. */
const TOLD = 14 * HOUR;

const NOTHING: Words = { zh: "", en: "" };

function drawn<T>(list: T[] | undefined, draw: number): T | undefined {
  return list?.[Math.floor(draw * list.length)];
}

/** Where a case is: one of its district's sites that suit its kind, else one of the district's streets. */
function siteOf(model: EventModel, { kind, district }: Case<EventKind>, draw: number): Site {
  const all = model.streets[district] ?? [];
  const suiting = all.filter(({ zh }) => kind.sites?.test(zh));
  const site = drawn(suiting.length > 0 ? suiting : all.filter(({ zh }) => STREET.test(zh)), draw);
  if (!site) throw new Error(`${model.place.city}: no street in ${district}`);
  return site;
}

/** An event's title: what happened, in what, where, and what else is to be said. */
function titleOf(
  model: EventModel,
  seed: number,
  { kind, district, day, number: k }: Case<EventKind>,
  site: Site,
): Words {
  const building = drawn(kind.buildings, chance(seed, "building", day, k)) ?? { zh: "@", en: "@" };
  const ending = drawn(kind.endingsIn?.[district] ?? kind.endings, chance(seed, "ending", day, k)) ?? NOTHING;
  const written = (lang: keyof Words): string =>
    kind.title[lang].replace("@", building[lang].replace("@", site[lang])) + ending[lang];
  return { zh: written("zh"), en: written("en") };
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
  const site = siteOf(model, one, chance(seed, "street", day, k));
  const titles = titleOf(model, seed, one, site);
  const time = (i: number): string => new Date(one.reached[i] as number).toISOString();
  const { name = "", part = 0 } = model.stages[stage] ?? {};
  return {
    id: idOf(model, one),
    city: model.place.city,
    district: one.district,
    kind: kind.kind,
    title: titles.zh,
    titles,
    severity: kind.severity,
    stage: name,
    stages: model.stages.map((s) => s.name),
    unit: unitAt(model, kind, part),
    steps: model.stages
      .slice(0, stage + 1)
      .map((s, i) => ({ stage: s.name, at: time(i), unit: unitAt(model, kind, s.part) })),
    at: new Date(one.opened).toISOString(),
    updated: time(stage),
    ...pointOn(site, chance(seed, "along", day, k)),
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
