import type { EventCellRow } from "./event-counts";
import type { CityEvent } from "./events";
import type { SnapshotMessage } from "./socket-messages";

/** Questions about the past and their answers, as the gateway and the player of the past exchange them. */

/** `then`: as it was known at the moment shown. `since`: with what was corrected or came late since. */
export type Knowledge = "then" | "since";

/** `increase` and `rate` (a second) are for counters; the others take every usable reading as it is. */
export const AGGREGATES = [
  "avg",
  "sum",
  "count",
  "min",
  "max",
  "last",
  "p05",
  "p50",
  "p95",
  "increase",
  "rate",
] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** What stands for a bucket without a reading. */
export const FILLS = ["none", "null", "previous", "linear", "zero"] as const;
export type Fill = (typeof FILLS)[number];

export interface PastRequest {
  /** ms */
  at: number;
  knowledge: Knowledge;
  /** `spans`: seconds of past readings, as in a live subscription */
  topics: { topic: string; spans: number[] }[];
  /** time zone of each city whose events are asked for; the gateway adds it */
  zones?: Record<string, string>;
}

export interface ChangesRequest {
  /** changes in (from, to], ms */
  from: number;
  to: number;
  knowledge: Knowledge;
  /** keep only the last of each topic in so many ms; 0 keeps all */
  downsample: number;
  topics: string[];
  /** as in PastRequest */
  zones?: Record<string, string>;
}

/**
 * What changed, oldest first; `when` is the moment (ms) at which a wall showed it. Readings of one observed moment stand in the order
 * in which they came; `quality` is the index in QUALITIES, left out where all are good.
 */
export interface Changes {
  topics: string[];
  readings: { topic: number[]; when: number[]; at: number[]; value: number[]; quality?: number[] };
  positions: {
    topic: number[];
    when: number[];
    thing: number[];
    lon: number[];
    lat: number[];
    heading: number[];
    speed: number[];
  };
  /** id and label of each thing that `positions` names by number */
  things: Record<number, [string, string]>;
  /** `counts`: cells that changed with it, as they then were */
  events: { when: number; event: CityEvent; counts: EventCellRow[] }[];
  /** true when there was more than an answer holds: ask for a shorter range */
  cut: boolean;
}

/** `spacing`: median ms between two kept readings of a series just before the moment; null where nothing can be said. */
export type PastSnapshot = SnapshotMessage & { spacing: number | null };

/** What somebody wrote to a stretch of time: why it was so. */
export interface Annotation {
  id: string;
  city: string;
  /** adcode, or `all` for the city */
  district: string;
  /** the metric it explains; null = whatever is looked at */
  metric: string | null;
  /** ms; the same for a moment */
  from: number;
  to: number;
  text: string;
  /** when it was written, ms */
  made: number;
}

/** Events of a range as they last stood. */
export interface PastEvents {
  /** newest first */
  events: CityEvent[];
  /** how many there are, in the list or beyond it */
  total: number;
  /** true when there were more than an answer holds */
  cut: boolean;
}
