import { dayOf, dayStart, HOUR } from "../../kit/clock";
import { wander } from "../../kit/random";

/**
 * The opening second of school enrolment, played again as a drill: people gather on the waiting page, all of them ask
 * in the second it opens, far more than can be served, and the queue drains once capacity was added.
 */
const GATHERING = 15 * 60_000;
const CROWD = 21_000;
/** Visits a second that can be served, and after it was scaled out three minutes after the opening. */
const USUAL = 3_000;
const SCALED = 9_000;
const SCALED_AFTER = 180_000;
/** ms in which the rush falls to a third. */
const EBB = 75_000;
/** Drills of a day, local hours. */
const FIRST = 8;
const LAST = 20;
const EVERY = 2;

/**
 * The opening that the moment belongs to: the one that is coming, or one of the last 20 minutes.
 * @param asked one on demand, ms
 */
function opening(at: number, asked?: number): number {
  if (asked !== undefined && at < asked + 20 * 60_000) return asked;
  const start = dayStart(dayOf(at));
  for (let hour = FIRST; hour <= LAST; hour += EVERY)
    if (at < start + hour * HOUR + 20 * 60_000) return start + hour * HOUR;
  return start + 24 * HOUR + FIRST * HOUR;
}

/** Part of the crowd that has gathered, 0 to 1. */
function gathered(at: number, asked?: number): number {
  const left = opening(at, asked) - at;
  return left < 0 || left > GATHERING ? 0 : (1 - left / GATHERING) ** 2.2;
}

/** Visits a second. */
export function demand(seed: number, at: number, asked?: number): number {
  const since = at - opening(at, asked);
  const usual = 34 + 12 * wander(seed, "enrolment", at, 20_000) + 140 * gathered(at, asked);
  return Math.max(0, since < 0 ? usual : usual + CROWD * 0.9 * Math.exp(-since / EBB));
}

/** Visits a second that can be served. */
export function capacity(_seed: number, at: number, asked?: number): number {
  const since = at - opening(at, asked);
  return since >= SCALED_AFTER ? SCALED : USUAL;
}

/** People on the waiting page. */
export function waiting(seed: number, at: number, asked?: number): number {
  return 60 + 30 * wander(seed, "enrolment waiting", at, 60_000) + CROWD * gathered(at, asked);
}

/** Seconds to the next opening; 0 while one is under way. */
export function opensIn(_seed: number, at: number, asked?: number): number {
  return Math.max(0, (opening(at, asked) - at) / 1000);
}

/** People whose visit waits: what came and could not be served yet. */
export function queue(seed: number, at: number, asked?: number): number {
  const from = opening(at, asked);
  let waits = 0;
  for (let time = from; time < at; time += 1_000)
    waits = Math.max(0, waits + demand(seed, time, asked) - capacity(seed, time, asked));
  return waits;
}

/** Seconds a visit takes: the queue over what is served. */
export function response(seed: number, at: number, asked?: number): number {
  return 0.4 + queue(seed, at, asked) / capacity(seed, at, asked);
}
