import type { EventCellRow } from "./event-counts";
import type { CityEvent } from "./events";
import type { ReadingItem } from "./reduce";

/** What goes over the live socket besides frames. */

/** Client to gateway: the topics this page shows now, replacing what it asked before. */
export interface SubscribeRequest {
  /** `spans`: seconds of past readings wanted with a snapshot, one for each chart; none or 0 = the last one only */
  topics: { topic: string; spans: number[]; have?: { epoch: number; offset: number } }[];
}

/**
 * One topic of a snapshot; times in ms. `series` is pairs `[at, value]` flattened; `marks`, left out where all of it is good, is pairs
 * `[index of the pair in series, quality]` flattened, 1 uncertain and 2 bad.
 */
export type TopicSnapshot =
  | { kind: "reading"; offset: number; last: ReadingItem | null; series: number[]; marks?: number[] }
  | { kind: "events"; offset: number; items: CityEvent[]; counts: EventCellRow[] }
  | { kind: "positions"; offset: number; names: [number, string, string][]; rows: number[] };

/** Gateway to client: the answer to a subscription. Topics that the client already has are left out. */
export interface SnapshotMessage {
  epoch: number;
  now: number;
  set: number;
  /** the next frame of this set carries seq + 1 */
  seq: number;
  /** index in this list = topic index in the set's frames */
  order: string[];
  topics: Record<string, TopicSnapshot>;
  refused: { topic: string; reason: string }[];
}

/** Gateway to client, once per connection. */
export interface HelloMessage {
  epoch: number;
  now: number;
  build: string;
}

/** Gateway to client: a screen's layout as it now stands, and why a newer file was refused, if one was. */
export interface ScreenMessage {
  city: string;
  screen: string;
  revision: number;
  layout: unknown;
  error: string | null;
}

/** Gateway to client: how the store of the past stands. The live wall does not depend on it, as long as there is room on disk. */
export interface StoreMessage {
  /**
   * `behind`: what came is safe on disk but not in the store yet; `full`: the room for what waits is used up; `unwritable`: the disk
   * cannot be written. In the last two nothing is taken in: publishers are told to come again.
   */
  state: "starting" | "ok" | "behind" | "down" | "full" | "unwritable";
  /** ms */
  since: number;
  /** bytes that wait */
  waiting: number;
  /** batches refused since the gateway began because nothing more could be kept */
  refused: number;
}

/** Gateway to client: what this connection was too slow for, since it began. */
export interface LagMessage {
  skippedFrames: number;
}
