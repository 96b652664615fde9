import type { Quality } from "./readings";

/** A reading that stood at a moment. */
export interface PastValue {
  /** observed, ms */
  at: number;
  value: number;
  quality: Quality;
}

/** What is asked of one topic: the reading at or before each moment (ms). */
export interface ValuesItem {
  topic: string;
  at: number[];
  /** as it was known at this moment, ms; left out: as it is known now */
  known?: number;
}
