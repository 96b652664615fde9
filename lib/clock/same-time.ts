import { zoneOffset } from "./index";

const DAY = 86_400_000;

/**
 * The moment (ms) so many days before `at` at which the clocks of a zone showed the same time of day, through changes
 * of the clocks in between. Of a time shown twice that day it is the one with the offset of `at`; a time that was
 * skipped is read as the clocks were before they were put forward, as RFC 5545 has it.
 */
export function sameTimeBefore(at: number, days: number, timeZone: string): number {
  const own = zoneOffset(at, timeZone);
  const shown = at + own - days * DAY;
  const straight = shown - own;
  const there = zoneOffset(straight, timeZone);
  if (there === own) return straight;
  const moved = shown - there;
  const landed = zoneOffset(moved, timeZone);
  if (landed === there) return moved;
  if (zoneOffset(shown - landed, timeZone) === landed) return shown - landed;
  return Math.max(straight, moved);
}
