import { LIMITS } from "./api/limits";
import { aggregateOf, type DistrictRule, type Metric } from "./city";

/**
 * Metrics whose districts' values make up the city's figure, in the order in which `cityTotal` takes them; none where
 * no rule makes one.
 */
export function inputsOf(metric: Metric): string[] {
  const { districts } = aggregateOf(metric);
  if (districts === "none") return [];
  if (typeof districts === "string") return [metric.id];
  return "ratio" in districts ? [...districts.ratio] : [metric.id, districts.weightedBy];
}

/** True where the city's figure is computed from its districts' and not sent. */
export function isComputed(metric: Metric): boolean {
  return metric.aggregate?.total === "computed";
}

/** Digits that a sum of decimals has; the sixteenth is noise of the additions. */
const DIGITS = 15;

/**
 * The figure of a whole from its districts': the one place where districts are added up.
 * @param districts of each district, always in the same order, the values of `inputsOf(metric)`
 * @returns null where there is none: no district, weights or denominators that add up to nothing, a result that is no
 * number or one that nobody could publish
 */
export function cityTotal(rule: DistrictRule, districts: readonly (readonly number[])[]): number | null {
  const sum = (of: (values: readonly number[]) => number): number =>
    districts.reduce((all, values) => all + of(values), 0);
  const first = (values: readonly number[]): number => values[0] ?? NaN;
  const second = (values: readonly number[]): number => values[1] ?? NaN;
  const total = (): number => {
    if (rule === "none" || districts.length === 0) return NaN;
    if (rule === "sum") return sum(first);
    if (rule === "mean") return sum(first) / districts.length;
    return "ratio" in rule ? sum(first) / sum(second) : sum((values) => first(values) * second(values)) / sum(second);
  };
  const exact = total();
  const size = Math.abs(exact);
  const tellable = size <= LIMITS.value && (size === 0 || size >= LIMITS.smallest);
  return tellable ? Number(exact.toPrecision(DIGITS)) : null;
}

/** What is wrong with how metrics are put together from districts; `field` as in metrics.json. */
export function totalIssues(metrics: Metric[]): { field: string; message: string }[] {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  return metrics.flatMap((metric, i) => {
    const issues: { field: string; message: string }[] = [];
    const rule = aggregateOf(metric).districts;
    const refer = (id: string, field: string): void => {
      const other = byId.get(id);
      const at = `metrics[${i}].aggregate.districts.${field}`;
      if (id === metric.id) issues.push({ field: at, message: `"${id}" is the metric itself` });
      else if (!other) issues.push({ field: at, message: `"${id}" is not a metric of this city` });
      else if (!other.districts) issues.push({ field: at, message: `"${id}" has no readings by district` });
      else if (leadsTo(metric.id, id, byId))
        issues.push({ field: at, message: `"${id}" is itself made of "${metric.id}": a circle` });
    };
    if (typeof rule === "object" && "weightedBy" in rule) refer(rule.weightedBy, "weightedBy");
    if (typeof rule === "object" && "ratio" in rule) {
      rule.ratio.forEach((id, k) => refer(id, `ratio[${k}]`));
      if (rule.ratio[0] === rule.ratio[1])
        issues.push({
          field: `metrics[${i}].aggregate.districts.ratio[1]`,
          message: "is the numerator as well: the ratio would always be 1",
        });
    }
    const ownDistricts = typeof rule === "string" || "weightedBy" in rule;
    if (isComputed(metric) && rule === "none")
      issues.push({
        field: `metrics[${i}].aggregate.total`,
        message: "computed needs a rule in aggregate.districts, which is none",
      });
    else if (isComputed(metric) && ownDistricts && !metric.districts)
      issues.push({
        field: `metrics[${i}].aggregate.total`,
        message: "computed needs readings by district, but districts is false",
      });
    return issues;
  });
}

/** Whether a metric is made of `goal`, at first or second hand. */
function leadsTo(goal: string, from: string, byId: Map<string, Metric>, seen = new Set<string>()): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const metric = byId.get(from);
  return (
    metric !== undefined && inputsOf(metric).some((id) => id !== from && (id === goal || leadsTo(goal, id, byId, seen)))
  );
}
