import type { Quality } from "./readings";

/** An hour in which readings were due. */
export interface HourCompleteness {
  /** start of the hour as the city's clock shows it, ms */
  at: number;
  /** readings that were due in it and are judged already */
  due: number;
  /** how many of these came, however late */
  met: number;
  /** met / due, 0 to 1 */
  complete: number;
}

/** A value, or only its quality, that was changed after it was shown. */
export interface Revision {
  /** the observed moment, ms */
  at: number;
  before: number;
  after: number;
  /** quality before and after */
  quality: [Quality, Quality];
  /** when the earlier version was recorded, and when the later one, ms */
  shown: number;
  corrected: number;
}

/** How well a series kept its promise. */
export interface MetricQuality {
  /** hours in which readings were due, oldest first, and how many of them came */
  hours: HourCompleteness[];
  /** the first reading that is kept, ms: nothing is said to be missing before it; null where there is none */
  since: number | null;
  /** how long (ms) the last day's readings took from observation to record: median and 95th percentile of those that were live when they came */
  lag: { p50: number; p95: number } | null;
  /** readings of the last day that came after their limit: sent again after a break, or filled in when a source first joined */
  late: number;
  /** corrections recorded in the range, whatever moment they correct, newest first; the list is bounded */
  revisions: Revision[];
  /** how many there are in all: those that changed the value, and those that changed the quality alone */
  revised: { values: number; qualities: number };
  /** moments of the range with a reading, by its present quality: good, uncertain, bad */
  qualities: [number, number, number];
}

/** What `GET /api/v1/history/quality` answers. Times in ms. */
export interface QualityAnswer extends MetricQuality {
  /** when it was asked */
  asked: number;
  /** everything that was acknowledged before it is in the answer */
  completeUntil: number;
}
