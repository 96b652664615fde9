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

/**
 * What a series kept by the hour had at the same times a day or a week before [from, now] (ms), as `at, value` pairs set
 * at the present's times: from the point before the plot to the one after it. Empty where nothing is known.
 */
export function ghostPoints(
  hourly: Series,
  { from, now }: { from: number; now: number },
  ghost: Ghost,
  timeZone: string,
): Float64Array {
  const days = DAYS[ghost];
  const points = linePoints(hourly, sameTimeBefore(from, days, timeZone), RHYTHM);
  const shifted: number[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const at = presentOf(points[i] as number, days, timeZone);
    if (at > now + HOUR) break;
    shifted.push(at, points[i + 1] as number);
  }
  return Float64Array.from(shifted);
}
