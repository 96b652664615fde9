import { instantOf, offsetSpans, utcOf, zoneOffset } from "./zone";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Buckets of the calendar: weeks begin on Monday (ISO 8601). */
export type CalendarStep = "week" | "month" | "quarter" | "year";

/**
 * Width of a bucket: ms that divide a day, or whole days in ms, or a unit of the calendar.
 *
 * Whole days and longer begin when their first date is first shown by the zone's clock. Steps between an hour and a day
 * begin when the clock first reaches a multiple of the step since midnight. Steps of an hour or less run in real time,
 * in line with the clock, so that an hour that is shown twice makes two buckets. A day of 23 or 25 hours thus has one
 * shorter or longer bucket.
 */
export type Step = number | CalendarStep;

/** 1970-01-01 was a Thursday: the Monday before it, as a wall time. */
const MONDAY = -3 * DAY;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** The bucket's start as a wall time (ms as if UTC) for the wall time in it. */
function wallStart(wall: number, step: Step): number {
  if (typeof step === "number") return Math.floor(wall / step) * step;
  if (step === "week") return Math.floor((wall - MONDAY) / (7 * DAY)) * 7 * DAY + MONDAY;
  const date = new Date(wall);
  const months = MONTHS[step];
  return utcOf(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / months) * months);
}

/** The wall time at which the bucket after the one that begins at `wall` begins. */
function wallNext(wall: number, step: Step): number {
  if (typeof step === "number") return wall + step;
  if (step === "week") return wall + 7 * DAY;
  const date = new Date(wall);
  return utcOf(date.getUTCFullYear(), date.getUTCMonth() + MONTHS[step]);
}

const isShort = (step: Step): step is number => typeof step === "number" && step <= HOUR;

/** Whether the clock's change at the start of a span begins a bucket of a step of an hour or less. */
function beginsAt(from: number, offset: number, before: number, step: number): boolean {
  return (from + offset) % step === 0 || Math.floor((from + offset) / step) !== Math.floor((from - 1 + before) / step);
}

function shortStart(at: number, step: number, timeZone: string): number {
  const spans = offsetSpans(at - 2 * DAY, at + 1, timeZone);
  for (let i = spans.length - 1; i >= 0; i--) {
    const span = spans[i] as (typeof spans)[number];
    const aligned = Math.floor((Math.min(at, span.to - 1) + span.offset) / step) * step - span.offset;
    if (aligned >= span.from) return aligned;
    const before = spans[i - 1];
    if (before && beginsAt(span.from, span.offset, before.offset, step)) return span.from;
  }
  return at;
}

/** Start (ms) of the bucket that holds `at` (ms). */
export function bucketStart(at: number, step: Step, timeZone: string): number {
  if (isShort(step)) return shortStart(at, step, timeZone);
  let wall = wallStart(at + zoneOffset(at, timeZone), step);
  let start = instantOf(wall, timeZone);
  // Where the clocks went back over the start of a bucket it had begun already.
  for (let next = wallNext(wall, step); instantOf(next, timeZone) <= at; next = wallNext(wall, step)) {
    wall = next;
    start = instantOf(wall, timeZone);
  }
  return start;
}

function shortEdges(from: number, to: number, step: number, timeZone: string): number[] {
  let newest = shortStart(from, step, timeZone);
  const edges = [newest];
  const spans = offsetSpans(newest, to + DAY, timeZone);
  const add = (at: number): void => {
    edges.push(at);
    newest = at;
  };
  for (const [i, span] of spans.entries()) {
    const before = spans[i - 1];
    if (before && beginsAt(span.from, span.offset, before.offset, step)) add(span.from);
    let at = Math.ceil((span.from + span.offset) / step) * step - span.offset;
    for (; at < span.to && newest < to; at += step) if (at > newest) add(at);
    if (newest >= to) break;
  }
  return edges;
}

/**
 * Edges (ms) of the buckets that [from, to) touches: `edges[i]` begins a bucket that `edges[i + 1]` ends. One more edge
 * than buckets; the last one lies at or after `to`.
 */
export function bucketEdges(from: number, to: number, step: Step, timeZone: string): number[] {
  if (isShort(step)) return shortEdges(from, to, step, timeZone);
  const start = bucketStart(from, step, timeZone);
  const edges = [start];
  let wall = wallStart(start + zoneOffset(start, timeZone), step);
  for (let at = start; at < to;) {
    // No clock is two days from UTC. A moment that no wall time leads to would be looked for without end.
    if (wall > to + 2 * DAY) throw new RangeError(`no bucket that begins on ${wall} ends after ${to}`);
    wall = wallNext(wall, step);
    at = instantOf(wall, timeZone);
    // A date that the zone skipped has no bucket.
    if (at > (edges[edges.length - 1] as number)) edges.push(at);
  }
  return edges;
}

/** Start (ms) of the day of `timeZone` that holds `at` (ms). */
export function dayStart(at: number, timeZone: string): number {
  return bucketStart(at, DAY, timeZone);
}
