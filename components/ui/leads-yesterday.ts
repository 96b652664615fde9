/** Before a day's count is this part of what yesterday came to, it says little of the day. */
const LITTLE = 0.05;

/**
 * Whether the whole of yesterday leads, and today's count stands small beside it.
 * @param count today's, null where it is dead or bad: that is told and not hidden behind yesterday
 * @param whole what yesterday came to, null where that is not known
 */
export function leadsYesterday(count: number | null, whole: number | null): boolean {
  return count !== null && whole !== null && count < LITTLE * whole;
}
