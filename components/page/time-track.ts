/** A part of a track: where it begins and how long it is, both from 0 to 1. */
export interface Stretch {
  left: number;
  width: number;
}

/**
 * The parts of a day of which there is nothing to show: what was before anything was kept, and what is still to come.
 * @param from when keeping began, null where that is not known @param until the present; all in ms
 */
export function unavailable(
  day: number,
  length: number,
  from: number | null,
  until: number,
): { before: Stretch; ahead: Stretch } {
  const place = (at: number): number => Math.max(0, Math.min(1, (at - day) / length));
  const [first, last] = [from === null ? 0 : place(from), place(until)];
  return {
    before: { left: 0, width: first },
    ahead: { left: Math.max(first, last), width: 1 - Math.max(first, last) },
  };
}
