import { sameTimeBefore } from "@/lib/clock/same-time";
import type { Series } from "@/lib/contract/series";
import { linePoints } from "@/components/ui/line-points";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What is older than a day is kept by the hour; an hour that is missing is a gap. */
const RHYTHM = { step: HOUR, silence: 2.5 * HOUR };
const DAYS = { day: 1, week: 7 } as const;

/** Which past stands behind a line. */
type Ghost = keyof typeof DAYS;

/** The moment (ms) at whose time of day a moment of `days` before is seen. */
function presentOf(at: number, days: number, timeZone: string): number {
  const guess = at + days * DAY;
  // Across a change of the clocks a day is longer or shorter.
  return guess + (at - sameTimeBefore(guess, days, timeZone));
}

/** The value at `at` on the straight line between two points; NaN where one of them is a gap. */
function between([a, low]: Point, [b, high]: Point, at: number): number {
  return low + ((high - low) * (at - a)) / (b - a);
}

type Point = [at: number, value: number];

/**
 * What a series kept by the hour had at the same times a day or a week before [from, now] (ms), as `at, value` pairs set
 * at the present's times, cut at both ends. Empty where nothing is known.
 */
export function ghostPoints(
  hourly: Series,
  { from, now }: { from: number; now: number },
  ghost: Ghost,
  timeZone: string,
): Float64Array {
  const days = DAYS[ghost];
  const points = linePoints(hourly, sameTimeBefore(from, days, timeZone), RHYTHM);
  const shifted: Point[] = [];
  for (let i = 0; i < points.length; i += 2)
    shifted.push([presentOf(points[i] as number, days, timeZone), points[i + 1] as number]);
  const inside = shifted.filter(([at]) => at >= from && at <= now);
  // The last one before the plot and the first one after it, as far as the line between them and what is inside goes.
  const before = shifted.findLast(([at]) => at < from);
  const after = shifted.find(([at]) => at > now);
  const [first = after, last = before] = [inside[0], inside[inside.length - 1]];
  if (before && first) inside.unshift([from, between(before, first, from)]);
  if (last && after) inside.push([now, between(last, after, now)]);
  return Float64Array.from(inside.flat());
}
