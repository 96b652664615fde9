import type { z } from "zod";
import { LIMITS } from "./api/limits";
import type { cityEvent, eventReport, eventReporter, eventStep } from "./api/records";
import type { Severity } from "./severity";
import { asId, asNumber, asObject, asPlain, asTime, ValidationError } from "./readings";
import { DISTRICT } from "./topics";

/** A stage an event has reached: when (ms), and the unit that then had it in hand. */
export type EventStep = z.infer<typeof eventStep>;

/** Something that happened in the city and is followed until it is closed. Times in ms. */
export type CityEvent = z.infer<typeof cityEvent>;

/** By which token something came. */
export type EventReporter = z.infer<typeof eventReporter>;

/** What was new in a version of an event, and who reported it. Times in ms. */
export type EventReport = z.infer<typeof eventReport>;

const { text: TEXT, stages: STAGES } = LIMITS;
/** Languages that a title can be told in beside `title` itself. */
const LANGS = ["zh", "en"] as const;

export const EVENT_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$/;

function asText(raw: unknown, field: string, longest: number = TEXT.title): string {
  if (raw === undefined || raw === null) throw new ValidationError(field, "missing", "is missing");
  if (typeof raw !== "string" || raw.length === 0 || raw.length > longest)
    throw new ValidationError(field, "wrong-type", `must be a text of 1 to ${longest} characters`);
  return asPlain(raw, field);
}

/** Titles by language; empty where none is told. */
function asTitles(raw: unknown): Pick<CityEvent, "titles"> {
  if (raw === undefined) return {};
  const told = asObject(raw, "titles");
  const titles = LANGS.flatMap((lang) =>
    told[lang] === undefined ? [] : [[lang, asText(told[lang], `titles.${lang}`)] as const],
  );
  return titles.length === 0 ? {} : { titles: Object.fromEntries(titles) };
}

function asStages(raw: unknown): string[] {
  if (!Array.isArray(raw) || raw.length < STAGES.least || raw.length > STAGES.most)
    throw new ValidationError("stages", "wrong-type", `must be a list of ${STAGES.least} to ${STAGES.most} names`);
  return raw.map((name, i) => asText(name, `stages[${i}]`, TEXT.stage));
}

function parseSteps(
  raw: unknown,
  { stages, at: opened, updated }: Pick<CityEvent, "stages" | "at" | "updated">,
  now: number,
): EventStep[] {
  if (!Array.isArray(raw) || raw.length > LIMITS.steps)
    throw new ValidationError("steps", "wrong-type", `must be a list of at most ${LIMITS.steps} steps`);
  return raw.map((item, i) => {
    const step = asObject(item, `steps[${i}]`);
    const stage = asText(step.stage, `steps[${i}].stage`, TEXT.stage);
    if (!stages.includes(stage))
      throw new ValidationError(`steps[${i}].stage`, "out-of-range", `must be one of ${stages.join(", ")}`);
    const at = asTime(step.at, `steps[${i}].at`, now);
    if (at < opened || at > updated)
      throw new ValidationError(`steps[${i}].at`, "out-of-range", "must not lie before `at`, nor after `updated`");
    return {
      stage,
      at,
      ...(step.unit === undefined ? {} : { unit: asText(step.unit, `steps[${i}].unit`, TEXT.unit) }),
    };
  });
}

/** What tells a step from others of its event. */
export function stepKey({ stage, at }: Pick<EventStep, "stage" | "at">): string {
  return `${at} ${stage}`;
}

/** The steps that a version tells, each stage and time once: those it lists and the one it stands in. */
export function stepsTold(event: CityEvent): EventStep[] {
  return unite(event.steps ?? [], [
    { stage: event.stage, at: event.updated, ...(event.unit === undefined ? {} : { unit: event.unit }) },
  ]);
}

/** Steps of both, oldest first; of one that both tell, what the later one says of it. */
function unite(before: EventStep[], later: EventStep[]): EventStep[] {
  const steps = new Map(before.map((step) => [stepKey(step), step]));
  for (const step of later) steps.set(stepKey(step), { ...steps.get(stepKey(step)), ...step });
  return [...steps.values()].sort((a, b) => a.at - b.at);
}

function saysTheSame(a: CityEvent, b: CityEvent): boolean {
  const fields = ["at", "district", "kind", "title", "severity", "lon", "lat", "source", "unit"] as const;
  return (
    fields.every((field) => a[field] === b[field]) &&
    LANGS.every((lang) => a.titles?.[lang] === b.titles?.[lang]) &&
    a.stages.join("\n") === b.stages.join("\n")
  );
}

/**
 * Whether a version stands after what is known: it is later, or of the same moment, come later, and no copy of a step
 * that was already left.
 */
function standsAfter(version: CityEvent, known: CityEvent, steps: EventStep[]): boolean {
  if (version.updated !== known.updated) return version.updated > known.updated;
  return (
    version.stage === known.stage ||
    !steps.some((step) => stepKey(step) === stepKey({ stage: version.stage, at: version.updated }))
  );
}

/**
 * The one rule by which versions of an event become one: steps are united and none is lost; it stands where the latest
 * version (`updated`, then arrival) stands. Copies change nothing, and but for versions of one same moment the order of
 * arrival does not matter.
 * @returns the event with all of its steps; `known` itself when the version says nothing new
 */
export function mergeEvent(known: CityEvent | undefined, version: CityEvent): CityEvent {
  const told = stepsTold(version);
  if (!known) return { ...version, steps: told };
  const before = stepsTold(known);
  const steps = unite(before, told);
  const unitOf = new Map(before.map((step) => [stepKey(step), step.unit]));
  const sameSteps = steps.length === before.length && steps.every((step) => unitOf.get(stepKey(step)) === step.unit);
  if (!standsAfter(version, known, before)) return sameSteps ? known : { ...known, steps };
  if (version.updated === known.updated && version.stage === known.stage && sameSteps && saysTheSame(version, known))
    return known;
  return { ...version, steps };
}

/** An event as it stood at a moment (ms), by the steps that are known of it; null before the first of them. */
export function standingAt(event: CityEvent, at: number): CityEvent | null {
  if (at >= event.updated) return event;
  const steps = stepsTold(event).filter((step) => step.at <= at);
  const last = steps[steps.length - 1];
  if (!last) return null;
  const { unit: _unit, ...rest } = event;
  return {
    ...rest,
    stage: last.stage,
    updated: last.at,
    steps,
    ...(last.unit === undefined ? {} : { unit: last.unit }),
  };
}

/** True once the event stands in its last stage. */
export function isClosed(event: CityEvent): boolean {
  return event.stage === event.stages[event.stages.length - 1];
}

/** Checks one raw item of `POST /api/v1/events`. @throws ValidationError */
export function parseEvent(raw: unknown, now: number): CityEvent {
  const item = asObject(raw);
  const stages = asStages(item.stages);
  const stage = asText(item.stage, "stage", TEXT.stage);
  if (!stages.includes(stage))
    throw new ValidationError("stage", "out-of-range", `must be one of ${stages.join(", ")}`);
  const at = asTime(item.at, "at", now);
  const updated = item.updated === undefined ? at : asTime(item.updated, "updated", now);
  if (updated < at) throw new ValidationError("updated", "out-of-range", "must not lie before `at`");
  const event: CityEvent = {
    id: asId(item.id, "id", EVENT_ID),
    city: asId(item.city, "city"),
    district: item.district === undefined ? "all" : asId(item.district, "district", DISTRICT),
    kind: asId(item.kind, "kind"),
    title: asText(item.title, "title"),
    ...asTitles(item.titles),
    severity: Math.round(asNumber(item.severity, "severity", LIMITS.severity.least, LIMITS.severity.most)) as Severity,
    stage,
    stages,
    at,
    updated,
    source: asText(item.source, "source", TEXT.source),
  };
  if (item.unit !== undefined) event.unit = asText(item.unit, "unit", TEXT.unit);
  if (item.steps !== undefined) event.steps = parseSteps(item.steps, event, now);
  if (item.lon === undefined && item.lat === undefined) return event;
  event.lon = asNumber(item.lon, "lon", -LIMITS.longitude, LIMITS.longitude);
  event.lat = asNumber(item.lat, "lat", -LIMITS.latitude, LIMITS.latitude);
  return event;
}

/** A move of an event to another stage; `at` in ms. */
export type Transition = Pick<CityEvent, "city" | "stage" | "at" | "unit">;

/** Body of `POST /api/v1/events/<id>/transitions`. @throws ValidationError */
export function parseTransition(raw: unknown, now: number): Transition {
  const item = asObject(raw);
  return {
    city: asId(item.city, "city"),
    stage: asText(item.stage, "stage", TEXT.stage),
    at: asTime(item.at, "at", now),
    ...(item.unit === undefined ? {} : { unit: asText(item.unit, "unit", TEXT.unit) }),
  };
}
