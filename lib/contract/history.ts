import type { z } from "zod";
import type { annotation } from "./api/annotations";
import type { changes, pastEvents, pastSnapshot } from "./api/history";

/** Questions about the past and their answers, as the gateway, the store and the player of the past exchange them. */

/** `then`: as it was known at the moment shown. `since`: with what was corrected or came late since. */
export const KNOWLEDGE = ["then", "since"] as const;
export type Knowledge = (typeof KNOWLEDGE)[number];

/** Forms of an answer about past readings, and the languages of the words in them. */
export const FORMATS = ["json", "csv", "arrow", "xlsx"] as const;
export type Format = (typeof FORMATS)[number];
export const LANGUAGES = ["zh", "en"] as const;

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
  /** places of a city whose events alone are told of; a city that is not named is told of whole */
  places?: Record<string, readonly string[]>;
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
  places?: Record<string, readonly string[]>;
}

/**
 * What changed, oldest first; `when` is the moment (ms) at which a wall showed it. Readings of one observed moment
 * stand in the order in which they came; `quality` is the index in QUALITIES, left out where all are good.
 */
export type Changes = z.infer<typeof changes>;

/**
 * `spacing`: median ms between two kept readings of a series just before the moment; null where nothing can be said.
 */
export type PastSnapshot = z.infer<typeof pastSnapshot>;

/** What somebody wrote to a stretch of time: why it was so. */
export type Annotation = z.infer<typeof annotation>;

/** Events of a range as they last stood. */
export type PastEvents = z.infer<typeof pastEvents>;
