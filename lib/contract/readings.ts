import { DISTRICT, ID } from "./topics";

/**
 * How far a source trusts a reading: OPC UA's three classes, in the words of OGC SensorThings' quality. Part of what a reading is: the
 * same value with another quality is another reading. The index is what files and messages carry.
 */
export const QUALITIES = ["good", "uncertain", "bad"] as const;
export type Quality = (typeof QUALITIES)[number];

/** One observed value. `at` is when it was observed (ms since 1970 UTC), never when it was received. */
export interface Reading {
  city: string;
  /** adcode, or `all` for the whole city */
  district: string;
  metric: string;
  at: number;
  value: number;
  quality: Quality;
}

/** Why one item of a batch was refused; `field` names where. */
export class Refusal extends Error {
  constructor(readonly field: string, readonly reason: RefusalReason, detail: string) {
    super(`${field}: ${detail}`);
  }
}

export type RefusalReason =
  | "not-an-object" | "missing" | "wrong-type" | "bad-time" | "in-the-future" | "too-old"
  | "unknown-city" | "unknown-district" | "unknown-metric" | "unknown-layer" | "out-of-scope" | "out-of-range";

/** How far ahead of the gateway's clock a source may be, ms. */
export const FUTURE_TOLERANCE = 60_000;
/** How old an observation may be to be taken in, ms (31 days). */
export const OLDEST = 31 * 86_400_000;

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/** An RFC 3339 time with a zone, in ms since 1970; NaN where it is none. */
export function parseRfc3339(text: string): number {
  return ISO.test(text) ? Date.parse(text) : NaN;
}

/** An object with string keys, or a Refusal. */
export function asObject(raw: unknown, field = "item"): Record<string, unknown> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) throw new Refusal(field, "not-an-object", "must be an object");
  return raw as Record<string, unknown>;
}

/** A string that matches `pattern`, or a Refusal that names the field. */
export function asId(raw: unknown, field: string, pattern: RegExp = ID): string {
  if (raw === undefined || raw === null) throw new Refusal(field, "missing", "is missing");
  if (typeof raw !== "string" || !pattern.test(raw)) throw new Refusal(field, "wrong-type", `must match ${pattern.source}`);
  return raw;
}

/** A finite number within [min, max], or a Refusal. */
export function asNumber(raw: unknown, field: string, min = -Infinity, max = Infinity): number {
  if (raw === undefined || raw === null) throw new Refusal(field, "missing", "is missing");
  if (typeof raw !== "number" || !Number.isFinite(raw)) throw new Refusal(field, "wrong-type", "must be a finite number");
  if (raw < min || raw > max) throw new Refusal(field, "out-of-range", `must lie in [${min}, ${max}]`);
  return raw;
}

/** An RFC 3339 time with a zone, in ms; refuses the future (> 60 s ahead of `now`) and the ancient (> 31 days). */
export function asTime(raw: unknown, field: string, now: number): number {
  if (raw === undefined || raw === null) throw new Refusal(field, "missing", "is missing");
  const at = typeof raw === "string" ? parseRfc3339(raw) : NaN;
  if (Number.isNaN(at)) throw new Refusal(field, "bad-time", "must be an RFC 3339 time with a zone, such as 2026-11-22T08:00:00+08:00");
  if (at > now + FUTURE_TOLERANCE) throw new Refusal(field, "in-the-future", `is ${Math.round((at - now) / 1000)} s ahead of the gateway's clock`);
  if (at < now - OLDEST) throw new Refusal(field, "too-old", "is more than 31 days old");
  return at;
}

/** Checks one raw item of `POST /api/v1/readings`. @throws Refusal */
export function parseReading(raw: unknown, now: number): Reading {
  const item = asObject(raw);
  const quality = item.quality ?? "good";
  if (!QUALITIES.includes(quality as Quality)) throw new Refusal("quality", "wrong-type", `must be one of ${QUALITIES.join(", ")}`);
  return {
    city: asId(item.city, "city"),
    district: item.district === undefined ? "all" : asId(item.district, "district", DISTRICT),
    metric: asId(item.metric, "metric"),
    at: asTime(item.at, "at", now),
    value: asNumber(item.value, "value"),
    quality: quality as Quality,
  };
}
