import { cellKey, cellOf, rowOf, type EventCell, type EventCellRow } from "./event-counts";
import { LIMITS } from "./api/limits";
import { isClosed, mergeEvent, stepKey, stepsTold, type CityEvent } from "./events";
import { OLDEST, ValidationError } from "./readings";
import { emptyState, EVENT_WINDOW, newestFirst, type EventsState } from "./reduce";

const HOUR = 3_600_000;
/**
 * A closed event is kept whole for this long (ms) after its closing, so that every count of a day and of the day before
 * can be made.
 */
export const CLOSED_KEPT = 50 * HOUR;
/** What is remembered of events closed longer ago: longer than anything of them can still be sent. */
const GONE_KEPT = OLDEST + HOUR;

/** What is remembered of an event closed long ago: when, and which steps it went. */
export interface GoneEvent {
  id: string;
  updated: number;
  /** a number for each step: see `mark` */
  steps: number[];
}

/**
 * What became of a version: `null` said nothing new; `past` belongs to an event closed long ago, which only history
 * shows.
 */
export interface EventTaken {
  event: CityEvent;
  shown: "live" | "past";
}

/** FNV-1a: a step of an event that is no longer kept is remembered by this number alone. */
function mark(key: string): number {
  let hash = 2166136261;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 16777619);
  return hash >>> 0;
}

/**
 * All events of a city: every open one, closed ones for two days, and for a month enough of the others to tell an old
 * copy from news. Keeps the exact counts beside them, so that a wall with a window of the events still counts all.
 */
export class EventBook {
  readonly state: EventsState = emptyState("events");
  private readonly gone = new Map<string, GoneEvent>();
  private readonly touched = new Map<string, Omit<EventCell, "count">>();
  /** the window as it was last made; null once something changed */
  private items: CityEvent[] | null = null;

  /** @param dayOf a moment's date in the city's zone, YYYY-MM-DD */
  constructor(private readonly dayOf: (at: number) => string) {}

  event(id: string): CityEvent | undefined {
    return this.state.open.get(id) ?? this.state.closed.get(id);
  }

  /** True when it was closed long ago and is no longer kept whole. */
  isGone(id: string): boolean {
    return this.gone.has(id);
  }

  /**
   * Takes a version in by the rule of `mergeEvent`.
   * @throws ValidationError when the event would have more steps than one keeps
   */
  take(version: CityEvent): EventTaken | null {
    const gone = this.gone.get(version.id);
    if (gone) {
      const marks = stepsTold(version).map((step) => mark(stepKey(step)));
      const news = marks.filter((one) => !gone.steps.includes(one));
      if (news.length === 0) return null;
      if (version.updated < gone.updated) {
        gone.steps.push(...news);
        return { event: version, shown: "past" };
      }
    }
    const known = this.event(version.id);
    const event = mergeEvent(known, version);
    if (event === known) return null;
    if ((event.steps?.length ?? 0) > LIMITS.steps)
      throw new ValidationError("steps", "out-of-range", `an event keeps at most ${LIMITS.steps} steps`);
    this.gone.delete(event.id);
    if (known) this.count(known, -1);
    this.state.open.delete(event.id);
    this.state.closed.delete(event.id);
    (isClosed(event) ? this.state.closed : this.state.open).set(event.id, event);
    this.count(event, 1);
    return { event, shown: "live" };
  }

  private count(event: CityEvent, by: 1 | -1): void {
    this.items = null;
    const cell = cellOf(event, this.dayOf);
    const key = cellKey(cell);
    const count = (this.state.counts.get(key)?.count ?? 0) + by;
    if (count === 0) this.state.counts.delete(key);
    else this.state.counts.set(key, { ...cell, count });
    this.touched.set(key, cell);
  }

  /** Cells whose counts changed since the last call, as they are now. */
  drainCells(): EventCellRow[] {
    const rows = [...this.touched].map(([key, cell]) =>
      rowOf({ ...cell, count: this.state.counts.get(key)?.count ?? 0 }),
    );
    this.touched.clear();
    return rows;
  }

  /** Lets go of what was closed long ago, and of its counts. Returns true when there was such. Call now and then. */
  expire(now: number): boolean {
    let found = false;
    for (const event of this.state.closed.values()) {
      if (event.updated > now - CLOSED_KEPT) continue;
      this.state.closed.delete(event.id);
      found = true;
      this.count(event, -1);
      this.gone.set(event.id, {
        id: event.id,
        updated: event.updated,
        steps: stepsTold(event).map((step) => mark(stepKey(step))),
      });
    }
    for (const { id, updated } of this.gone.values()) if (updated < now - GONE_KEPT) this.gone.delete(id);
    return found;
  }

  /**
   * Brings what lies after `limit` (ms) back to `now` (ms): a clock was wrong when it came, and no version with a right
   * time would ever follow it. True when there was such.
   */
  bringBack(limit: number, now: number): boolean {
    let found = false;
    const { open, closed } = this.state;
    for (const event of [...open.values(), ...closed.values()]) {
      if (event.updated <= limit) continue;
      found = true;
      const steps = event.steps?.map((step) => ({ ...step, at: Math.min(step.at, now) }));
      const back = { ...event, at: Math.min(event.at, now), updated: now, ...(steps ? { steps } : {}) };
      this.count(event, -1);
      (isClosed(back) ? closed : open).set(back.id, back);
      this.count(back, 1);
    }
    return found;
  }

  /**
   * What a wall is given: the newest of the open and of the closed ones, and all counts.
   * @param places whose events alone are told of; left out: all
   */
  window(places?: readonly string[]): { items: CityEvent[]; counts: EventCellRow[] } {
    const { open, closed, counts } = this.state;
    if (places) {
      const isIn = ({ district }: { district: string }): boolean => places.includes(district);
      const of = (events: Map<string, CityEvent>) => new Map([...events].filter(([, event]) => isIn(event)));
      const items = [...newest(of(closed), EVENT_WINDOW.closed), ...newest(of(open), EVENT_WINDOW.open)];
      return { items, counts: [...counts.values()].filter(isIn).map(rowOf) };
    }
    this.items ??= [...newest(closed, EVENT_WINDOW.closed), ...newest(open, EVENT_WINDOW.open)];
    return { items: this.items, counts: [...counts.values()].map(rowOf) };
  }

  /** All of it, for `restore`. */
  dump(): { items: CityEvent[]; gone: GoneEvent[] } {
    return { items: [...this.state.open.values(), ...this.state.closed.values()], gone: [...this.gone.values()] };
  }

  restore({ items, gone }: { items: CityEvent[]; gone?: GoneEvent[] }): void {
    for (const one of gone ?? []) this.gone.set(one.id, one);
    for (const event of items) this.take(event);
    this.drainCells();
  }
}

function newest(events: Map<string, CityEvent>, limit: number): CityEvent[] {
  const all = [...events.values()];
  return all.length <= limit ? all : all.sort(newestFirst).slice(0, limit);
}
