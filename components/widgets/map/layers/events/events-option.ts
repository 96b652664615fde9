import type { EventsState } from "@/lib/contract/reduce";
import type { Severity } from "@/lib/contract/severity";
import { worldPlace } from "../../flat/flat-mesh";

export interface Mark {
  id: string;
  at: [number, number];
  severity: Severity;
  /** 0 = just reported, 1 = about to close */
  progress: number;
  /** when it was reported, ms */
  since: number;
}

/** Open events that have a place, the gravest last so that it is drawn on top. */
export function marks(state: EventsState | undefined, minSeverity: number): Mark[] {
  if (!state) return [];
  return [...state.open.values()]
    .filter((event) => event.lon !== undefined && event.lat !== undefined && event.severity >= minSeverity)
    .map((event) => ({
      id: event.id,
      at: [event.lon as number, event.lat as number] as [number, number],
      severity: event.severity,
      progress: Math.max(0, event.stages.indexOf(event.stage)) / Math.max(1, event.stages.length - 1),
      since: event.at,
    }))
    .sort((a, b) => a.severity - b.severity || (a.id < b.id ? -1 : 1));
}

/** Events that stand so near to each other that they are drawn as one, where the gravest stands; one alone is a crowd as well. */
export interface Crowd {
  gravest: Mark;
  /** all of them, the gravest first */
  members: Mark[];
}

/**
 * Joins each event to the first crowd that it is nearer to than `reach`, the gravest first: so a crowd stands where its gravest event
 * does, and the same events always make the same ones. The gravest last, so that it is drawn on top.
 * @param found as `marks` gives them @param zoom as MapLibre counts it @param reach CSS pixels
 */
export function gather(found: readonly Mark[], zoom: number, reach: number): Crowd[] {
  const scale = 2 ** zoom / reach;
  const crowds: (Crowd & { x: number; y: number })[] = [];
  const cells = new Map<string, typeof crowds>();
  for (const mark of [...found].reverse()) {
    const [x, y] = worldPlace(mark.at).map((place) => place * scale) as [number, number];
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const around = [-1, 0, 1].flatMap((i) => [-1, 0, 1].flatMap((k) => cells.get(`${column + i} ${row + k}`) ?? []));
    const near = around.find((crowd) => Math.hypot(crowd.x - x, crowd.y - y) < 1);
    if (near) near.members.push(mark);
    else {
      const crowd = { gravest: mark, members: [mark], x, y };
      crowds.push(crowd);
      const cell = `${column} ${row}`;
      cells.set(cell, [...(cells.get(cell) ?? []), crowd]);
    }
  }
  return crowds.reverse().map(({ gravest, members }) => ({ gravest, members }));
}

/** The zoom from which on a crowd is several marks, in quarters, as it is gathered by; Infinity where it never is. @param reach as above */
export function apartAt([first, ...others]: readonly Mark[], reach: number): number {
  const [x, y] = worldPlace(first?.at ?? [0, 0]);
  const far = others.map(({ at }) => worldPlace(at)).map(([ox, oy]) => Math.hypot(ox - x, oy - y));
  return Math.ceil(Math.log2(reach / Math.max(0, ...far)) * 4) / 4;
}

/** ms: one ripple goes out from what has just come, and what is gravest breathes as slowly. */
export const RIPPLE = 3_000;
export const BREATH = 3_000;
/** How long after its report an event may be new to this page, ms: what a jump in time brings is not new. */
const NEWS = 30_000;

/** How far a ripple has gone out, 0 to 1; null before it and when it is over. @param age ms since it began */
export function rippleAt(age: number): number | null {
  return age < 0 || age >= RIPPLE ? null : age / RIPPLE;
}

/** Where a breath is, 0 to 1 and back. @param now ms of a clock that goes at its own pace, also in a replay at 60 times its own */
export function breathAt(now: number): number {
  return (1 - Math.cos((now / BREATH) * 2 * Math.PI)) / 2;
}

/**
 * A clock for what moves on a map, ms: it goes at its own pace, however fast the moments that are shown go by, and stands while they do.
 * By a replay's clock at 60 times its pace the gravest events would flash 20 times a second. @param real ms of a clock that never jumps
 */
export function ownPace(real: () => number): (now: number) => number {
  let [shown, looked, passed] = [null as number | null, 0, 0];
  return (now) => {
    const at = real();
    if (shown !== null && now !== shown) passed += at - looked;
    [shown, looked] = [now, at];
    return passed;
  };
}

/**
 * Remembers which events a page has seen; those that come while it looks are news for the length of a ripple. Told what there is, the
 * moment that is shown, ms, and when it is looked, ms of a clock that never jumps; tells when each came by the latter.
 */
export function newsOf(): (found: readonly Mark[], now: number, looks: number) => ReadonlyMap<string, number> {
  let known: Set<string> | null = null;
  let looked: readonly Mark[] | null = null;
  const came = new Map<string, number>();
  return (found, now, looks) => {
    if (found !== looked) {
      for (const { id, since } of found)
        if (known && !known.has(id) && Math.abs(now - since) < NEWS) came.set(id, looks);
      known = new Set(found.map(({ id }) => id));
      looked = found;
    }
    for (const [id, at] of came) if (rippleAt(looks - at) === null) came.delete(id);
    return came;
  };
}
