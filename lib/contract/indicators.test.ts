import path from "node:path";
import { describe, expect, it } from "vitest";
import { cityNames, loadCity, loadIndicators } from "@/lib/cities/load";
import {
  aggregateOf,
  eraAt,
  isSmallCell,
  metricOf,
  placesUnder,
  populationOf,
  siblingsOf,
  type CityFacts,
  type Metric,
} from "./city";
import { catalogueRows, comparables, comparedValue, type Indicator } from "./indicators";

const CITIES = path.resolve(import.meta.dirname, "../../cities");
const all = await Promise.all((await cityNames(CITIES)).map(async (name) => (await loadCity(CITIES, name)).facts));
const indicators = await loadIndicators(CITIES);
const cityOf = (id: string): CityFacts => all.find((city) => city.id === id) as CityFacts;

describe("comparison", () => {
  const of = (id: string): Indicator => indicators.find((indicator) => indicator.id === id) as Indicator;

  it("never sets unlike beside like silently", () => {
    const users = comparables(of("app-users"), all);
    expect(users.find(({ city }) => city.id === "guangdong")?.apart).toBeUndefined();
    expect(users.find(({ city }) => city.id === "lianyungang")?.apart?.en).toMatch(/Downloads/);
    expect(
      comparables(of("gov-cases-day"), all)
        .filter(({ apart }) => !apart)
        .map(({ city }) => city.id)
        .sort(),
    ).toEqual(["guangdong", "hangzhou", "lianyungang"]);
  });

  it("tells apart what is counted in another way, in another zone, or has no population to be divided by", () => {
    const lyg = cityOf("lianyungang");
    const other = (change: Partial<CityFacts>, metric: Partial<Metric> = {}): CityFacts => ({
      ...lyg,
      id: "other",
      ...change,
      metrics: lyg.metrics.map((m) => (m.id === "cases-today" ? { ...m, ...metric } : m)),
    });
    const verdict = (city: CityFacts): string | undefined =>
      comparables(of("gov-cases-day"), [lyg, city])[1]?.apart?.en;
    expect(verdict(other({}))).toBeUndefined();
    expect(verdict(other({}, { kind: "gauge" }))).toMatch(/Counted differently/);
    expect(verdict(other({ timeZone: "Asia/Urumqi" }))).toMatch(/time zone/);
    expect(
      verdict({
        ...other({}),
        districts: lyg.districts.map(({ population: _gone, ...d }) => d),
        population: undefined,
      }),
    ).toMatch(/population/);
  });

  it("divides by residents where the indicator says so", () => {
    const [one] = comparables(of("gov-cases-day"), [cityOf("lianyungang")]);
    if (!one) throw new Error("none");
    expect(comparedValue(of("gov-cases-day"), one, 2_300)).toBeCloseTo((2_300 / 4_599_360) * 10_000);
    expect(comparedValue(of("satisfaction"), one, 98)).toBe(98);
    expect(comparedValue(of("gov-cases-day"), one, null)).toBeNull();
  });

  it("has a catalogue whose every indicator is some place's, and no metric that names another", () => {
    const named = new Set(all.flatMap((city) => city.metrics.flatMap((metric) => metric.indicator ?? [])));
    expect([...named].sort()).toEqual(indicators.map(({ id }) => id).sort());
    expect(
      indicators.filter((indicator) => comparables(indicator, all).filter(({ apart }) => !apart).length >= 2).length,
    ).toBeGreaterThanOrEqual(10);
  });
});

describe("catalogue", () => {
  it("lists every metric of a place once, with how it adds up", () => {
    for (const city of all)
      expect(
        catalogueRows(city)
          .map(({ metric }) => metric.id)
          .sort(),
      ).toEqual(city.metrics.map(({ id }) => id).sort());
    const lyg = cityOf("lianyungang");
    const over = (id: string) => aggregateOf(metricOf(lyg, id) as Metric);
    expect(over("cases-today")).toEqual({ districts: "sum", time: "last" });
    expect(over("congestion-index")).toEqual({ districts: "mean", time: "mean" });
    expect(over("windows-waiting")).toEqual({ districts: "sum", time: "mean" });
    expect(over("app-downloads")).toEqual({ districts: "none", time: "last" });
  });
});

describe("places", () => {
  it("have levels: a province's cities have districts where outlines exist", () => {
    const gd = cityOf("guangdong");
    expect(gd.districts.length).toBe(21);
    expect(placesUnder(gd, "440100").length).toBe(11);
    expect(gd.districts.filter((d) => !d.subdivisions).map((d) => d.adcode)).toEqual(["441900", "442000"]);
    expect(siblingsOf(gd, "440106").map((d) => d.adcode)).toContain("440103");
    expect(siblingsOf(gd, "440100")).toBe(gd.districts);
    expect(populationOf(gd)).toBe(126_012_510);
  });

  it("tell small cells of districts alone", () => {
    const metric = { smallCell: 5 };
    expect([0, 1, 4.5, 5, 9].map((value) => isSmallCell(metric, "320706", value))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(isSmallCell(metric, "all", 2)).toBe(false);
    expect(isSmallCell({}, "320706", 2)).toBe(false);
  });

  it("know the era of a date", () => {
    const gd = cityOf("guangdong");
    expect(eraAt(gd, "2023-02-16")?.id).toBe("health-code");
    expect(eraAt(gd, "2023-02-17")).toBeUndefined();
  });
});
