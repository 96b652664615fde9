import type { Metric } from "./city";

/**
 * What a value is set against. `week`, `yesterday`: the same time of day then; `hour`: an hour before (of a counter:
 * the last hour's growth against that of the hour before); `today`: what came since local midnight; `target`: the
 * metric's own; `normal`: what the last four weeks had at this time of the week.
 */
export const COMPARISONS = ["week", "yesterday", "hour", "today", "target", "normal", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];

const BY_KIND: Record<Metric["kind"], Comparison[]> = { gauge: ["hour"], day: ["week", "yesterday"], total: ["today"] };

/**
 * The comparisons to try, best first: the one that was chosen, or what suits the way the metric counts. Empty where the
 * one chosen says nothing: a day's count is already what came today, and a target that is the whole city's is no
 * district's count.
 */
export function comparisonsOf(
  metric: Pick<Metric, "kind" | "target">,
  district: string,
  chosen?: Comparison,
): Comparison[] {
  if (chosen === undefined) return BY_KIND[metric.kind];
  if (chosen === "none" || (chosen === "today" && metric.kind === "day")) return [];
  if (chosen === "target" && targetOf(metric, district) === null) return [];
  return [chosen];
}

/** The target that holds for a place: a city's holds for its districts only where it is a level and not a count. */
export function targetOf(metric: Pick<Metric, "kind" | "target">, district: string): number | null {
  return metric.target !== undefined && (district === "all" || metric.kind === "gauge") ? metric.target : null;
}
