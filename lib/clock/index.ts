/**
 * The only place that touches Date.now, timers and requestAnimationFrame.
 * Everything else takes `now` as an argument or calls these, so that a test can own time.
 */

/** Wall-clock time in milliseconds since 1970-01-01T00:00:00Z. */
export function now(): number {
  return Date.now();
}

/** Milliseconds of a clock that never jumps; its zero is arbitrary. */
export function monotonic(): number {
  return performance.now();
}

/** Runs `task` every `ms` milliseconds until the returned function is called. */
export function every(ms: number, task: () => void): () => void {
  const handle = setInterval(task, ms);
  return () => clearInterval(handle);
}

/** Runs `task` once after `ms` milliseconds unless the returned function is called first. */
export function after(ms: number, task: () => void): () => void {
  const handle = setTimeout(task, ms);
  return () => clearTimeout(handle);
}

/** Runs `task` before the next repaint of the page (browser only). */
export function frame(task: (at: number) => void): () => void {
  const handle = requestAnimationFrame(task);
  return () => cancelAnimationFrame(handle);
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** Calendar fields of an instant in a time zone, whatever the machine's own zone is. */
export interface ZonedTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** 0 = Monday .. 6 = Sunday */
  weekday: number;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Splits `at` (ms) into the calendar fields of `timeZone` (IANA name). */
export function zoned(at: number, timeZone: string): ZonedTime {
  let format = dayFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone, hourCycle: "h23", weekday: "short",
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    dayFormats.set(timeZone, format);
  }
  const parts: Record<string, string> = {};
  for (const part of format.formatToParts(at)) parts[part.type] = part.value;
  return {
    year: Number(parts.year), month: Number(parts.month), day: Number(parts.day),
    hour: Number(parts.hour), minute: Number(parts.minute), second: Number(parts.second),
    weekday: WEEKDAYS.indexOf(parts.weekday ?? ""),
  };
}

/** Start of the day of `timeZone` that holds `at`, both ms; on a day that changes its clocks, by the clock as it now stands. */
export function dayStart(at: number, timeZone: string): number {
  const z = zoned(at, timeZone);
  return at - ((z.hour * 60 + z.minute) * 60 + z.second) * 1000 - (at % 1000);
}

/** The date of `timeZone` at `at` (ms) as ISO 8601 writes it, YYYY-MM-DD. */
export function localDate(at: number, timeZone: string): string {
  const z = zoned(at, timeZone);
  return [String(z.year).padStart(4, "0"), String(z.month).padStart(2, "0"), String(z.day).padStart(2, "0")].join("-");
}

const QUARTER = 900_000;
const offsets = new Map<string, Map<number, number>>();
/** Quarter hours remembered of a zone: a little over a month. */
const REMEMBERED = 3_000;

/**
 * ms by which a zone is ahead of UTC at a moment. Remembered by the quarter hour: since 1972 every zone has changed its clocks
 * on one (IANA tz), and splitting a moment into fields is slow.
 */
export function zoneOffset(at: number, timeZone: string): number {
  let known = offsets.get(timeZone);
  if (!known) offsets.set(timeZone, (known = new Map()));
  const quarter = Math.floor(at / QUARTER);
  let offset = known.get(quarter);
  if (offset === undefined) {
    const start = quarter * QUARTER;
    const z = zoned(start, timeZone);
    offset = Date.UTC(z.year, z.month - 1, z.day, z.hour, z.minute, z.second) - start;
    if (known.size >= REMEMBERED) known.clear();
    known.set(quarter, offset);
  }
  return offset;
}
