/**
 * The only place that touches Date.now, timers and requestAnimationFrame.
 * Everything else takes `now` as an argument or calls these, so that a test can own time.
 */
import { zoned } from "./zoned";

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

/** Resolves after `ms` milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => after(ms, resolve));
}

/** Resolves when whatever else waits in the event loop has had its turn (Node only). */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs `task` before the next repaint of the page (browser only). */
export function frame(task: (at: number) => void): () => void {
  const handle = requestAnimationFrame(task);
  return () => cancelAnimationFrame(handle);
}

export { bucketEdges, bucketStart, dayStart, type CalendarStep, type Step } from "./buckets";
export { instantOf, offsetSpans, zoneOffset } from "./zone";
export { zoned, type ZonedTime } from "./zoned";

/** The date of `timeZone` at `at` (ms) as ISO 8601 writes it, YYYY-MM-DD. */
export function localDate(at: number, timeZone: string): string {
  const z = zoned(at, timeZone);
  return [String(z.year).padStart(4, "0"), String(z.month).padStart(2, "0"), String(z.day).padStart(2, "0")].join("-");
}
