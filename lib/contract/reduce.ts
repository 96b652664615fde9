import { setCells, type EventCellRow, type EventCounts } from "./event-counts";
import { isClosed, mergeEvent, type CityEvent } from "./events";
import type { z } from "zod";
import type { readingItem } from "./api/records";
import { Series } from "./series";

/** Fine series: one bucket a second for 15 minutes. Coarse: one a minute for 26 hours. Hourly: 8 days. */
export const FINE = { bucketMs: 1_000, capacity: 900 } as const;
export const COARSE = { bucketMs: 60_000, capacity: 1_560 } as const;
export const HOURLY = { bucketMs: 3_600_000, capacity: 192 } as const;
/**
 * Open and closed events that a wall holds; the ones updated longest ago fall out first. All of them are counted
 * beside.
 */
export const EVENT_WINDOW = { open: 2_000, closed: 300 } as const;

interface Place {
  /** identity of the gateway's run that numbered the offsets; 0 before the first snapshot */
  epoch: number;
  /** count of accepted changes of this topic in this epoch */
  offset: number;
}

/** An observed value; `at` in ms. */
export type ReadingItem = z.infer<typeof readingItem>;

export interface ReadingState extends Place {
  kind: "reading";
  last: ReadingItem | null;
  fine: Series;
  coarse: Series;
  hourly: Series;
}

export interface EventsState extends Place {
  kind: "events";
  open: Map<string, CityEvent>;
  closed: Map<string, CityEvent>;
  /** of all events, also of those that are not held here */
  counts: EventCounts;
}

/** Columns of a position layer, by slot. A slot belongs to one id until it is freed (empty id). */
export interface PositionsState extends Place {
  kind: "positions";
  /** slots in use or freed: 0 .. size-1 */
  size: number;
  ids: string[];
  labels: string[];
  /** degrees, WGS-84 */
  lon: Float64Array;
  lat: Float64Array;
  /** degrees clockwise from north */
  heading: Float32Array;
  /** km/h */
  speed: Float32Array;
  /** observed, ms */
  at: Float64Array;
  /** where and when it was before the last observation: what interpolation starts from */
  fromLon: Float64Array;
  fromLat: Float64Array;
  fromAt: Float64Array;
}

export type State = ReadingState | EventsState | PositionsState;

export interface ReadingChange extends Place {
  kind: "reading";
  snapshot: boolean;
  items: ReadingItem[];
}

export interface EventsChange extends Place {
  kind: "events";
  snapshot: boolean;
  items: CityEvent[];
  /** cells that changed, as they now are; of a snapshot all of them */
  counts: EventCellRow[];
}

export interface PositionsChange extends Place {
  kind: "positions";
  snapshot: boolean;
  /** `[slot, id, label]` of slots that changed hands; an empty id frees the slot */
  names: [number, string, string][];
  slots: ArrayLike<number>;
  lon: ArrayLike<number>;
  lat: ArrayLike<number>;
  heading: ArrayLike<number>;
  speed: ArrayLike<number>;
  at: ArrayLike<number>;
}

export type Change = ReadingChange | EventsChange | PositionsChange;

/** The state of a topic nobody has said anything about. */
export function emptyState(kind: "reading"): ReadingState;
export function emptyState(kind: "events"): EventsState;
export function emptyState(kind: "positions"): PositionsState;
export function emptyState(kind: State["kind"]): State;
export function emptyState(kind: State["kind"]): State {
  const place = { epoch: 0, offset: 0 };
  if (kind === "reading") {
    return {
      kind,
      ...place,
      last: null,
      fine: new Series(FINE.bucketMs, FINE.capacity),
      coarse: new Series(COARSE.bucketMs, COARSE.capacity),
      hourly: new Series(HOURLY.bucketMs, HOURLY.capacity),
    };
  }
  if (kind === "events") return { kind, ...place, open: new Map(), closed: new Map(), counts: new Map() };
  return { kind, ...place, size: 0, ids: [], labels: [], ...columns(0) };
}

function columns(capacity: number) {
  return {
    lon: new Float64Array(capacity),
    lat: new Float64Array(capacity),
    at: new Float64Array(capacity),
    heading: new Float32Array(capacity),
    speed: new Float32Array(capacity),
    fromLon: new Float64Array(capacity),
    fromLat: new Float64Array(capacity),
    fromAt: new Float64Array(capacity),
  };
}

/**
 * Applies a snapshot or a delta, in place, and returns the state. A snapshot is nothing but a cleared state with its
 * items applied, so both take the same path. Items of one observed moment must come in the order in which they arrived;
 * applying the same list once more changes nothing.
 * @throws if state and change are of different kinds
 */
export function reduce<S extends State>(state: S, change: Change): S {
  if (state.kind !== change.kind) throw new Error(`a ${change.kind} change cannot be applied to ${state.kind}`);
  if (change.snapshot) clear(state);
  if (state.kind === "reading") applyReadings(state, (change as ReadingChange).items);
  else if (state.kind === "events") applyEvents(state, change as EventsChange);
  else applyPositions(state, change as PositionsChange);
  state.epoch = change.epoch;
  state.offset = change.offset;
  return state;
}

function clear(state: State): void {
  if (state.kind === "reading") {
    state.last = null;
    state.fine.clear();
    state.coarse.clear();
    state.hourly.clear();
  } else if (state.kind === "events") {
    state.open.clear();
    state.closed.clear();
    state.counts.clear();
  } else {
    state.size = 0;
    state.ids.length = 0;
    state.labels.length = 0;
  }
}

/**
 * Takes one reading in; false when it is a duplicate or too old to matter. Of several for one observed moment the one
 * given last holds; another quality makes it another reading.
 */
export function applyReading(state: ReadingState, item: ReadingItem): boolean {
  const fine = state.fine.add(item.at, item.value, item.quality);
  const coarse = state.coarse.add(item.at, item.value, item.quality);
  const hourly = state.hourly.add(item.at, item.value, item.quality);
  const last = state.last;
  if (last && item.at < last.at) return fine || coarse || hourly;
  if (last && item.at === last.at && item.value === last.value && item.quality === last.quality) return false;
  state.last = item;
  return true;
}

/**
 * Lets go of what was observed after `limit` (ms), as after a clock that was wrong; the reading before it is the last one
 * then. Returns what `applyReading` would have to be given to have all of it again.
 */
export function cutReadingsAfter(state: ReadingState, limit: number): ReadingItem[] {
  const cut: ReadingItem[] = [];
  let last: ReadingItem | null = null;
  for (const series of [state.hourly, state.coarse, state.fine]) {
    cut.push(...series.cutAfter(limit));
    const i = series.length - 1;
    if (i >= 0 && series.at(i) >= (last?.at ?? -Infinity))
      last = { at: series.at(i), value: series.value(i), quality: series.quality(i) };
  }
  if (state.last && state.last.at > limit) {
    cut.push(state.last);
    state.last = last;
  }
  return cut;
}

function applyReadings(state: ReadingState, items: ReadingItem[]): void {
  for (const item of items) applyReading(state, item);
}

function applyEvents(state: EventsState, { items, counts }: EventsChange): void {
  for (const version of items) {
    const known = state.open.get(version.id) ?? state.closed.get(version.id);
    const event = mergeEvent(known, version);
    if (event === known) continue;
    state.open.delete(event.id);
    state.closed.delete(event.id);
    if (isClosed(event)) bound(state.closed.set(event.id, event), EVENT_WINDOW.closed);
    else bound(state.open.set(event.id, event), EVENT_WINDOW.open);
  }
  setCells(state.counts, counts);
}

/** Order of a window: by the last change, the newest first. */
export function newestFirst(a: CityEvent, b: CityEvent): number {
  if (a.updated !== b.updated) return b.updated - a.updated;
  return a.id < b.id ? 1 : -1;
}

function bound(events: Map<string, CityEvent>, limit: number): void {
  if (events.size <= limit) return;
  let oldest: CityEvent | null = null;
  for (const event of events.values()) if (!oldest || newestFirst(event, oldest) > 0) oldest = event;
  if (oldest) events.delete(oldest.id);
}

/**
 * True when a window has lost many events by their closing while more are open than it holds: it is worth asking for it
 * anew.
 */
export function runLow({ open, counts }: EventsState): boolean {
  if (open.size >= EVENT_WINDOW.open / 2) return false;
  let all = 0;
  for (const { day, count } of counts.values()) if (day === "") all += count;
  return open.size < all;
}

/** Makes room for `size` slots, doubling so that growth stays cheap. */
export function grow(state: PositionsState, size: number): void {
  if (size > state.lon.length) {
    const wider = columns(Math.max(256, size, state.lon.length * 2));
    for (const key of Object.keys(wider) as (keyof typeof wider)[]) {
      wider[key].set(state[key]);
      Object.assign(state, { [key]: wider[key] });
    }
  }
  for (let slot = state.size; slot < size; slot++) {
    state.ids[slot] = "";
    state.labels[slot] = "";
    state.at[slot] = 0;
    state.fromAt[slot] = 0;
  }
  state.size = Math.max(state.size, size);
}

/** Puts one observation into its slot; false when a newer one is there. */
export function applyPosition(
  state: PositionsState,
  slot: number,
  at: number,
  lon: number,
  lat: number,
  heading: number,
  speed: number,
): boolean {
  const known = state.at[slot] as number;
  if (at <= known) return false;
  const first = known === 0;
  state.fromLon[slot] = first ? lon : (state.lon[slot] as number);
  state.fromLat[slot] = first ? lat : (state.lat[slot] as number);
  state.fromAt[slot] = first ? at : known;
  state.lon[slot] = lon;
  state.lat[slot] = lat;
  state.heading[slot] = heading;
  state.speed[slot] = speed;
  state.at[slot] = at;
  return true;
}

function applyPositions(state: PositionsState, change: PositionsChange): void {
  for (const [slot, id, label] of change.names) {
    grow(state, slot + 1);
    state.ids[slot] = id;
    state.labels[slot] = label;
    state.at[slot] = 0;
  }
  const { slots, lon, lat, heading, speed, at } = change;
  for (let i = 0; i < slots.length; i++) {
    applyPosition(
      state,
      slots[i] as number,
      at[i] as number,
      lon[i] as number,
      lat[i] as number,
      heading[i] as number,
      speed[i] as number,
    );
  }
}

/** Which series holds `span` seconds: 0 none, 1 fine, 2 coarse, 3 hourly; the finest that reaches back far enough. */
export function tierOf(span: number): 0 | 1 | 2 | 3 {
  if (span <= 0) return 0;
  if (span * 1000 <= FINE.bucketMs * FINE.capacity) return 1;
  return span * 1000 <= COARSE.bucketMs * COARSE.capacity ? 2 : 3;
}

/** The series that holds `span` seconds. */
export function seriesOf(state: ReadingState, span: number): Series {
  return [state.fine, state.fine, state.coarse, state.hourly][tierOf(span)] ?? state.hourly;
}

/** The longest of the spans (s) that each series is asked for: fine, coarse, hourly; 0: none. */
export function longestSpans(spans: readonly number[]): [fine: number, coarse: number, hourly: number] {
  const longest: [number, number, number] = [0, 0, 0];
  for (const span of spans) {
    const tier = tierOf(span);
    if (tier > 0) longest[tier - 1] = Math.max(longest[tier - 1] as number, span);
  }
  return longest;
}

/** Points that a snapshot holds for `spans` (s) of one topic, at the most. */
export function pointsIn(spans: readonly number[]): number {
  const tiers: { bucketMs: number; capacity: number }[] = [FINE, COARSE, HOURLY];
  return longestSpans(spans).reduce((points, span, i) => {
    const { bucketMs, capacity } = tiers[i] as (typeof tiers)[number];
    // A span touches one bucket more than it is long.
    return points + (span > 0 ? Math.min(capacity, Math.floor((span * 1_000) / bucketMs) + 1) : 0);
  }, 0);
}
