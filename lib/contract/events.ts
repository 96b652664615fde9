import { asId, asNumber, asObject, asTime, Refusal } from "./readings";
import { DISTRICT } from "./topics";

/** 1 = minor .. 4 = extreme: the order of CAP 1.2 `severity` (Minor, Moderate, Severe, Extreme). */
export type Severity = 1 | 2 | 3 | 4;

/** A stage an event has reached: when (ms), and the unit that then had it in hand. */
export interface EventStep {
  stage: string;
  at: number;
  unit?: string;
}

/** Something that happened in the city and is followed until it is closed. */
export interface CityEvent {
  id: string;
  city: string;
  district: string;
  kind: string;
  title: string;
  severity: Severity;
  /** where it stands; the last name of `stages` means closed */
  stage: string;
  stages: string[];
  /** opened, ms */
  at: number;
  /** last transition, ms */
  updated: number;
  lon?: number;
  lat?: number;
  source: string;
  /** unit that has it in hand */
  unit?: string;
  /** the way it has come, oldest first */
  steps?: EventStep[];
}

const EVENT_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$/;

function asText(raw: unknown, field: string, longest = 400): string {
  if (raw === undefined || raw === null) throw new Refusal(field, "missing", "is missing");
  if (typeof raw !== "string" || raw.length === 0 || raw.length > longest) throw new Refusal(field, "wrong-type", `must be a text of 1 to ${longest} characters`);
  return raw;
}

function asStages(raw: unknown): string[] {
  if (!Array.isArray(raw) || raw.length < 2 || raw.length > 12) throw new Refusal("stages", "wrong-type", "must be a list of 2 to 12 names");
  return raw.map((name, i) => asText(name, `stages[${i}]`, 40));
}

/** Steps that an event keeps; of one that goes back and forth the newest. */
const STEPS_KEPT = 40;

function parseSteps(raw: unknown, stages: string[], now: number): EventStep[] {
  if (!Array.isArray(raw) || raw.length > STEPS_KEPT) throw new Refusal("steps", "wrong-type", `must be a list of at most ${STEPS_KEPT} steps`);
  return raw.map((item, i) => {
    const step = asObject(item, `steps[${i}]`);
    const stage = asText(step.stage, `steps[${i}].stage`, 40);
    if (!stages.includes(stage)) throw new Refusal(`steps[${i}].stage`, "out-of-range", `must be one of ${stages.join(", ")}`);
    return { stage, at: asTime(step.at, `steps[${i}].at`, now), ...(step.unit === undefined ? {} : { unit: asText(step.unit, `steps[${i}].unit`, 80) }) };
  });
}

/** An event's steps with those known of it before and the one it stands in: each stage and time once, oldest first. */
export function withSteps(event: CityEvent, before: EventStep[] | undefined): EventStep[] {
  const steps = new Map<string, EventStep>();
  const standing: EventStep = { stage: event.stage, at: event.updated, ...(event.unit === undefined ? {} : { unit: event.unit }) };
  for (const step of [...(before ?? []), ...(event.steps ?? []), standing]) steps.set(`${step.stage} ${step.at}`, { ...steps.get(`${step.stage} ${step.at}`), ...step });
  return [...steps.values()].sort((a, b) => a.at - b.at).slice(-STEPS_KEPT);
}

/** True once the event stands in its last stage. */
export function isClosed(event: CityEvent): boolean {
  return event.stage === event.stages[event.stages.length - 1];
}

/** Checks one raw item of `POST /api/v1/events`. @throws Refusal */
export function parseEvent(raw: unknown, now: number): CityEvent {
  const item = asObject(raw);
  const stages = asStages(item.stages);
  const stage = asText(item.stage, "stage", 40);
  if (!stages.includes(stage)) throw new Refusal("stage", "out-of-range", `must be one of ${stages.join(", ")}`);
  const at = asTime(item.at, "at", now);
  const updated = item.updated === undefined ? at : asTime(item.updated, "updated", now);
  if (updated < at) throw new Refusal("updated", "out-of-range", "must not lie before `at`");
  const event: CityEvent = {
    id: asId(item.id, "id", EVENT_ID), city: asId(item.city, "city"),
    district: item.district === undefined ? "all" : asId(item.district, "district", DISTRICT),
    kind: asId(item.kind, "kind"), title: asText(item.title, "title"),
    severity: Math.round(asNumber(item.severity, "severity", 1, 4)) as Severity,
    stage, stages, at, updated, source: asText(item.source, "source", 120),
  };
  if (item.unit !== undefined) event.unit = asText(item.unit, "unit", 80);
  if (item.steps !== undefined) event.steps = parseSteps(item.steps, stages, now);
  if (item.lon === undefined && item.lat === undefined) return event;
  event.lon = asNumber(item.lon, "lon", -180, 180);
  event.lat = asNumber(item.lat, "lat", -90, 90);
  return event;
}

/** Body of `POST /api/v1/events/<id>/transitions`. @throws Refusal */
export function parseTransition(raw: unknown, now: number): { city: string; stage: string; at: number } {
  const item = asObject(raw);
  return { city: asId(item.city, "city"), stage: asText(item.stage, "stage", 40), at: asTime(item.at, "at", now) };
}
