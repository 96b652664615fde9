import { isClosed, type CityEvent } from "@/lib/contract/events";
import type { EventsState } from "@/lib/contract/reduce";

export interface Chapter {
  stage: string;
  /** when it was reached, ms; null while it was not, or where nobody told when */
  at: number | null;
  /** how long it lasted, ms; until now for the one it stands in */
  took: number | null;
  unit: string | null;
  state: "done" | "now" | "ahead";
}

/** Events that take turns, and ms each is shown. */
const TURNS = 6;
const DWELL = 20_000;

/** An event's stages in order, with when each was last reached and how long it lasted. */
export function chapters(event: CityEvent, now: number): Chapter[] {
  const standing = event.stages.indexOf(event.stage);
  const steps = [
    ...(event.steps ?? []),
    { stage: event.stage, at: event.updated, ...(event.unit === undefined ? {} : { unit: event.unit }) },
  ];
  const reached = event.stages.map((stage, i) => {
    const step = steps.filter((one) => one.stage === stage).pop();
    return {
      stage,
      at: i > standing ? null : (step?.at ?? (i === 0 ? event.at : null)),
      unit: i > standing ? null : (step?.unit ?? null),
    };
  });
  return reached.map(({ stage, at, unit }, i) => {
    const next = reached.slice(i + 1).find((later) => later.at !== null)?.at ?? null;
    const closing = i === standing && isClosed(event);
    return {
      stage,
      at,
      unit,
      took: at === null || closing ? null : lasted(at, next, i === standing, now),
      state: stateAt(i, closing ? i + 1 : standing),
    };
  });
}

/** ms from a stage to the next one that was reached; of the one an event stands in, until now. */
function lasted(at: number, next: number | null, stands: boolean, now: number): number | null {
  if (next !== null) return next - at;
  return stands ? Math.max(0, now - at) : null;
}

/** Where a stage is to one who stands in another. */
function stateAt(stage: number, standing: number): Chapter["state"] {
  if (stage < standing) return "done";
  return stage === standing ? "now" : "ahead";
}

/**
 * The event to tell of: the one asked for, else the gravest open ones in turn, the one that has come farthest first.
 */
export function chosen(
  state: EventsState | undefined,
  asked: string | undefined,
  wanted: (event: CityEvent) => boolean,
  now: number,
): CityEvent | null {
  if (!state) return null;
  if (asked !== undefined) return state.open.get(asked) ?? state.closed.get(asked) ?? null;
  const place = (event: CityEvent): number => event.stages.indexOf(event.stage);
  const turns = [...state.open.values()]
    .filter(wanted)
    .sort((a, b) => b.severity - a.severity || place(b) - place(a) || a.at - b.at)
    .slice(0, TURNS);
  return turns[Math.floor(now / DWELL) % Math.max(1, turns.length)] ?? null;
}
