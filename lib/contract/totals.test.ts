import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metricSchema, type Metric } from "./city";
import { cityTotal, inputsOf, totalIssues } from "./totals";

const metric = (id: string, more: object = {}): Metric =>
  metricSchema.parse({
    id,
    name: { zh: id, en: id },
    unit: { zh: "", en: "" },
    kind: "gauge",
    interval: 10,
    limit: 60,
    districts: true,
    system: "s",
    ...more,
  });
const made = (id: string, districts: unknown, more: object = {}): Metric =>
  metric(id, { aggregate: { districts, time: "mean", ...more } });
const issues = (...metrics: Metric[]): string[] =>
  totalIssues(metrics).map(({ field, message }) => `${field} ${message}`);

describe("cityTotal", () => {
  const value = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 100);
  const weight = fc.integer({ min: 1, max: 1_000 });

  it("agrees with the sums done by hand", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, weight), { minLength: 1, maxLength: 25 }), (rows) => {
        let [sum, weighted, weights] = [0, 0, 0];
        for (const [v, w] of rows) [sum, weighted, weights] = [sum + v, weighted + v * w, weights + w];
        expect(cityTotal("sum", rows)).toBeCloseTo(sum, 6);
        expect(cityTotal("mean", rows)).toBeCloseTo(sum / rows.length, 6);
        expect(cityTotal({ weightedBy: "w" }, rows)).toBeCloseTo(weighted / weights, 6);
        expect(cityTotal({ ratio: ["n", "d"] }, rows)).toBeCloseTo(sum / weights, 6);
      }),
    );
  });

  it("shows no noise of the additions, and counts exactly", () => {
    expect(cityTotal("sum", [[0.1], [0.2]])).toBe(0.3);
    expect(cityTotal("sum", [[123_456_789_012_345], [1]])).toBe(123_456_789_012_346);
  });

  it("is none where nobody could publish it: no store could make sums and means of it", () => {
    expect(cityTotal({ ratio: ["a", "b"] }, [[1e100, 1e-60]])).toBeNull();
    expect(cityTotal({ ratio: ["a", "b"] }, [[1e-60, 1e60]])).toBeNull();
    expect(cityTotal("sum", [[1e100], [1e100]])).toBeNull();
  });

  it("is none where there is nothing to divide by, no district and no rule", () => {
    expect(
      cityTotal({ weightedBy: "w" }, [
        [5, 0],
        [7, 0],
      ]),
    ).toBeNull();
    expect(cityTotal({ ratio: ["n", "d"] }, [[5, 0]])).toBeNull();
    expect(cityTotal({ ratio: ["n", "d"] }, [[1e100, 1e-300]])).toBeNull();
    expect(cityTotal("mean", [])).toBeNull();
    expect(cityTotal("sum", [])).toBeNull();
    expect(cityTotal("none", [[1]])).toBeNull();
  });
});

describe("how metrics are put together", () => {
  it("names what each rule is made of", () => {
    expect(
      [
        metric("a"),
        made("a", "sum"),
        made("a", { weightedBy: "w" }),
        made("a", { ratio: ["n", "d"] }),
        made("a", "none"),
      ].map(inputsOf),
    ).toEqual([["a"], ["a"], ["a", "w"], ["n", "d"], []]);
  });

  it("passes what can be computed", () => {
    expect(
      issues(
        made("a", { weightedBy: "w" }, { total: "computed" }),
        metric("w"),
        made("r", { ratio: ["a", "w"] }, { total: "computed" }),
        { ...made("x", { ratio: ["a", "w"] }, { total: "computed" }), districts: false },
      ),
    ).toEqual([]);
  });

  it.each([
    [
      "a weight that is no metric",
      [made("a", { weightedBy: "w" })],
      'metrics[0].aggregate.districts.weightedBy "w" is not a metric of this city',
    ],
    [
      "a weight without districts",
      [made("a", { weightedBy: "w" }), { ...metric("w"), districts: false }],
      'metrics[0].aggregate.districts.weightedBy "w" has no readings by district',
    ],
    [
      "a metric weighted by itself",
      [made("a", { weightedBy: "a" })],
      'metrics[0].aggregate.districts.weightedBy "a" is the metric itself',
    ],
    [
      "a ratio of itself",
      [made("a", { ratio: ["b", "a"] }), metric("b")],
      'metrics[0].aggregate.districts.ratio[1] "a" is the metric itself',
    ],
    [
      "a ratio that is always 1",
      [made("a", { ratio: ["b", "b"] }), metric("b")],
      "metrics[0].aggregate.districts.ratio[1] is the numerator as well: the ratio would always be 1",
    ],
    [
      "computed without districts",
      [{ ...made("a", "sum", { total: "computed" }), districts: false }],
      "metrics[0].aggregate.total computed needs readings by district, but districts is false",
    ],
    [
      "computed without a rule",
      [made("a", "none", { total: "computed" })],
      "metrics[0].aggregate.total computed needs a rule in aggregate.districts, which is none",
    ],
  ])("refuses %s", (_name, metrics, issue) => {
    expect(issues(...metrics)).toEqual([issue]);
  });

  it("refuses a circle at each of its metrics", () => {
    expect(
      issues(
        made("a", { weightedBy: "b" }),
        made("b", { ratio: ["c", "d"] }),
        made("c", { weightedBy: "a" }),
        metric("d"),
      ),
    ).toEqual([
      'metrics[0].aggregate.districts.weightedBy "b" is itself made of "a": a circle',
      'metrics[1].aggregate.districts.ratio[0] "c" is itself made of "b": a circle',
      'metrics[2].aggregate.districts.weightedBy "a" is itself made of "c": a circle',
    ]);
  });
});
