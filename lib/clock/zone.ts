import { zoned } from "./zoned";

const DAY = 86_400_000;
/** Offsets are looked up in blocks of this many ms; the length is arbitrary, about a year. */
const BLOCK = 366 * DAY;
/** Blocks remembered at once, over all zones. */
const BLOCKS_KEPT = 600;

/** From when on (ms) a zone is ahead of UTC by `offset` (ms). */
interface OffsetSpan {
  from: number;
  offset: number;
}

const blocks = new Map<string, OffsetSpan[]>();

/** Midnight (ms, UTC) of a date, in any year: `Date.UTC` takes years below 100 for ones of the last century. */
export function utcOf(year: number, month: number, day = 1): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

/** Asks the platform's time zone data; slow. */
function askOffset(at: number, timeZone: string): number {
  const z = zoned(at, timeZone);
  const whole = Math.floor(at / 1000) * 1000;
  return utcOf(z.year, z.month - 1, z.day) + ((z.hour * 60 + z.minute) * 60 + z.second) * 1000 - whole;
}

/** The second (ms) in (low, high] at which the offset first differs from the one at `low`. */
function transitionIn(low: number, high: number, before: number, timeZone: string): number {
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (askOffset(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Offsets of one block. No zone has changed its clocks there and back within a day (IANA tz, since 1970), so a day is a
 * step.
 */
function blockOf(index: number, timeZone: string): OffsetSpan[] {
  const key = `${timeZone} ${index}`;
  const known = blocks.get(key);
  if (known) return known;
  let at = index * BLOCK;
  let offset = askOffset(at, timeZone);
  const spans: OffsetSpan[] = [{ from: at, offset }];
  for (const end = at + BLOCK; at < end; at += DAY) {
    const next = askOffset(at + DAY, timeZone);
    if (next === offset) continue;
    const from = transitionIn(at, at + DAY, offset, timeZone);
    offset = next;
    if (from < end) spans.push({ from, offset });
  }
  if (blocks.size >= BLOCKS_KEPT) blocks.clear();
  blocks.set(key, spans);
  return spans;
}

/** ms by which a zone is ahead of UTC at a moment (ms); exact to the second of a change of the clocks. */
export function zoneOffset(at: number, timeZone: string): number {
  const spans = blockOf(Math.floor(at / BLOCK), timeZone);
  let i = spans.length - 1;
  while (i > 0 && (spans[i] as OffsetSpan).from > at) i--;
  return (spans[i] as OffsetSpan).offset;
}

/** Stretches of [from, to) (ms) over which a zone's offset stays the same, in order. */
export function offsetSpans(
  from: number,
  to: number,
  timeZone: string,
): { from: number; to: number; offset: number }[] {
  const out: { from: number; to: number; offset: number }[] = [];
  for (let index = Math.floor(from / BLOCK); index * BLOCK < to; index++) {
    for (const span of blockOf(index, timeZone)) {
      const last = out[out.length - 1];
      if (last && last.offset === span.offset) continue;
      if (last) last.to = span.from;
      out.push({ from: span.from, to: Infinity, offset: span.offset });
    }
  }
  return out
    .filter((span) => span.to > from && span.from < to)
    .map((span) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to), offset: span.offset }));
}

/** No clock is further than this (ms) from UTC. */
const FARTHEST = 27 * 3_600_000;

/**
 * The first instant (ms) at which a zone's clock shows `wall` or later.
 *
 * @param wall a time as the clock writes it, in ms as if it were UTC. Of one that is shown twice it is the first; of
 * one that
 *   is skipped, the instant at which it is skipped
 */
export function instantOf(wall: number, timeZone: string): number {
  for (const span of offsetSpans(wall - FARTHEST, wall + FARTHEST, timeZone)) {
    const at = Math.max(span.from, wall - span.offset);
    if (at < span.to) return at;
  }
  return wall - zoneOffset(wall, timeZone);
}
