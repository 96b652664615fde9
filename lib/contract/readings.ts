import { LIMITS } from "./api/limits";
import { NOT_PLAIN, PLAIN_TEXT } from "./plain-text";
import { DISTRICT, ID } from "./topics";

/**
 * How far a source trusts a reading: OPC UA's three classes, in the words of OGC SensorThings' quality. Part of what a
 * reading is: the same value with another quality is another reading. The index is what files and messages carry.
 */
export const QUALITIES = ["good", "uncertain", "bad"] as const;
export type Quality = (typeof QUALITIES)[number];

/** The worse of two. */
export function worstQuality(a: Quality, b: Quality): Quality {
  return QUALITIES.indexOf(a) >= QUALITIES.indexOf(b) ? a : b;
}

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
export class ValidationError extends Error {
  constructor(
    readonly field: string,
    readonly reason: ValidationReason,
    detail: string,
  ) {
    super(`${field}: ${detail}`);
  }
}

/** Why an item can be refused. Part of the public contract. */
export const VALIDATION_REASONS = [
  "not-an-object",
  "missing",
  "wrong-type",
  "bad-time",
  "in-the-future",
  "too-old",
  "unknown-city",
  "unknown-district",
  "unknown-metric",
  "unknown-layer",
  "out-of-scope",
  "out-of-range",
  "computed",
] as const;
export type ValidationReason = (typeof VALIDATION_REASONS)[number];

/** How far ahead of the gateway's clock a source may be, ms. */
export const FUTURE_TOLERANCE = 60_000;
/** How old an observation may be to be taken in, ms (31 days). */
export const OLDEST = 31 * 86_400_000;

/** The form of a time; `parseRfc3339` says whether a calendar has it. */
export const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,18}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d))$/;

/**
 * An RFC 3339 time with a zone, in ms since 1970 (what is finer is cut off); NaN where it is none. Seconds and the
 * colon of the offset may be left out, as ISO 8601 allows. What no calendar has (31 November, 24:00, an offset of 24
 * hours) is none, and a leap second is one only at the end of June or December in UTC, where it counts as the second
 * after it.
 */
export function parseRfc3339(text: string): number {
  const match = RFC3339.exec(text);
  if (!match) return NaN;
  const field = (i: number): number => Number(match[i] ?? 0);
  const [year, month, day, hour, minute, second] = [field(1), field(2), field(3), field(4), field(5), field(6)];
  if (hour > 23 || minute > 59 || second > 60 || field(10) > 23 || field(11) > 59) return NaN;
  const date = new Date(0);
  // `Date.UTC` takes years below 100 for ones of the last century.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return NaN;
  const offset = (field(10) * 60 + field(11)) * (match[9] === "-" ? -60_000 : 60_000);
  const at = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 - offset;
  if (second === 60 && !endsHalfYear(at)) return NaN;
  return at + Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
}

/** Whether a moment is midnight (UTC) after the last of June or December. */
function endsHalfYear(at: number): boolean {
  return at % 86_400_000 === 0 && [0, 6].includes(new Date(at).getUTCMonth()) && new Date(at).getUTCDate() === 1;
}

/** An object with string keys, or a ValidationError. */
export function asObject(raw: unknown, field = "item"): Record<string, unknown> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    throw new ValidationError(field, "not-an-object", "must be an object");
  return raw as Record<string, unknown>;
}

/** A string that matches `pattern`, or a ValidationError that names the field. */
export function asId(raw: unknown, field: string, pattern: RegExp = ID): string {
  if (raw === undefined || raw === null) throw new ValidationError(field, "missing", "is missing");
  if (typeof raw !== "string" || !pattern.test(raw))
    throw new ValidationError(field, "wrong-type", `must match ${pattern.source}`);
  return raw;
}

/** A text that every engine can keep, or a ValidationError that names the field. */
export function asPlain(text: string, field: string): string {
  if (!PLAIN_TEXT.test(text)) throw new ValidationError(field, "wrong-type", NOT_PLAIN);
  return text;
}

/** A value of a reading: its sums, means and differences stay numbers in every engine. @throws ValidationError */
function asValue(raw: unknown): number {
  const value = asNumber(raw, "value", -LIMITS.value, LIMITS.value);
  if (value !== 0 && Math.abs(value) < LIMITS.smallest)
    throw new ValidationError("value", "out-of-range", `must be 0 or at least ${LIMITS.smallest} in size`);
  return value;
}

/** A finite number within [min, max], or a ValidationError. */
export function asNumber(raw: unknown, field: string, min = -Infinity, max = Infinity): number {
  if (raw === undefined || raw === null) throw new ValidationError(field, "missing", "is missing");
  if (typeof raw !== "number" || !Number.isFinite(raw))
    throw new ValidationError(field, "wrong-type", "must be a finite number");
  if (raw < min || raw > max) throw new ValidationError(field, "out-of-range", `must lie in [${min}, ${max}]`);
  return raw;
}

/** An RFC 3339 time with a zone, in ms; refuses the future (> 60 s ahead of `now`) and the ancient (> `oldest` ms). */
export function asTime(raw: unknown, field: string, now: number, oldest = OLDEST): number {
  if (raw === undefined || raw === null) throw new ValidationError(field, "missing", "is missing");
  const at = typeof raw === "string" ? parseRfc3339(raw) : NaN;
  if (Number.isNaN(at))
    throw new ValidationError(
      field,
      "bad-time",
      "must be an RFC 3339 time with a zone, such as 2026-11-22T08:00:00+08:00",
    );
  if (at > now + FUTURE_TOLERANCE)
    throw new ValidationError(
      field,
      "in-the-future",
      `is ${Math.round((at - now) / 1000)} s ahead of the gateway's clock`,
    );
  if (at < now - oldest) throw new ValidationError(field, "too-old", tooOld(oldest));
  return at;
}

function tooOld(oldest: number): string {
  const days = Math.floor(oldest / 86_400_000);
  return oldest > OLDEST
    ? `is more than ${days} days old, which is how long readings are kept`
    : `is more than ${days} days old; a token made with --backfill may bring older readings`;
}

/** Checks one raw item of `POST /api/v1/readings`, which may be `oldest` ms old. @throws ValidationError */
export function parseReading(raw: unknown, now: number, oldest = OLDEST): Reading {
  const item = asObject(raw);
  const quality = item.quality ?? "good";
  if (!QUALITIES.includes(quality as Quality))
    throw new ValidationError("quality", "wrong-type", `must be one of ${QUALITIES.join(", ")}`);
  return {
    city: asId(item.city, "city"),
    district: item.district === undefined ? "all" : asId(item.district, "district", DISTRICT),
    metric: asId(item.metric, "metric"),
    at: asTime(item.at, "at", now, oldest),
    value: asValue(item.value),
    quality: quality as Quality,
  };
}
