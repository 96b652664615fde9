import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { cities } from "../index";
import type { MockCity } from "./city";
import { dayOf, dayStart, DAY, HOUR } from "./clock";
import { sample, surgeGain, type MetricModel } from "./model";
import { districtsOf, seedOf } from "./place";

const WEDNESDAY = dayOf(Date.parse("2026-11-18T00:00:00+08:00"));
const END = DAY - 1;

function cityOf(id: string): MockCity {
  const city = cities.find(({ place }) => place.city === id);
  if (!city) throw new Error(`no mock feeds of ${id}`);
  return city;
}

function modelOf<K extends MetricModel["kind"]>(city: string, id: string, kind: K): Extract<MetricModel, { kind: K }> {
  const model = cityOf(city)
    .systems.flatMap((system) => system.metrics)
    .find((m) => m.metric === id);
  if (model?.kind !== kind) throw new Error(`${id} of ${city} is not a ${kind}`);
  return model as Extract<MetricModel, { kind: K }>;
}

const modelsOf = (city: MockCity): MetricModel[] => city.systems.flatMap((system) => system.metrics);
const valueOf = (city: string, model: MetricModel, at: number, seed = 1): number =>
  sample(cityOf(city).place, model, seedOf(cityOf(city).place, seed), at).find((s) => s.district === "all")?.value ??
  NaN;
const dayEnd = (city: string, model: MetricModel, day: number, seed = 1): number =>
  valueOf(city, model, dayStart(day) + END, seed);
const within = (value: number, published: number): void =>
  expect(Math.abs(value / published - 1), `${value} against ${published}`).toBeLessThan(0.05);

describe("calibration: totals of a simulated day against the published figures", () => {
  // Where a total over a period is published, its daily mean is derived: 80 M scans over 270 days, 250 M uses over 548,
  // 2.6 M cases over 1,095, CNY 50 M over 120, 27 M visits over a year; see each model's basis.
  it.each([
    ["lianyungang", "app-active-today", 150_000],
    ["lianyungang", "exchange-today", 500_000],
    ["lianyungang", "app-uses-today", 250_000_000 / 548],
    ["lianyungang", "code-scans-today", 80_000_000 / 270],
    ["lianyungang", "inbound-people-today", 300_000 / 300],
    ["lianyungang", "coupons-redeemed-today", 50_000_000 / 120],
    ["zhengzhou", "enrol-today", 15_000 / 2],
  ])("%s: %s stays within 5 %% of %d on a working day and on a Sunday, whatever the seed", (city, id, published) => {
    for (const seed of [1, 7, 42])
      for (const day of [WEDNESDAY, WEDNESDAY + 4])
        within(dayEnd(city, modelOf(city, id, "day"), day, seed), published);
  });

  it.each([
    ["lianyungang", "cases-today", 2_600_000 / 1_095],
    ["guangdong", "companies-visits-today", 27_000_000 / 365],
  ])("%s: %s keeps its daily mean over a week, with weak weekends", (city, id, published) => {
    const week = Array.from({ length: 7 }, (_, i) => dayEnd(city, modelOf(city, id, "day"), WEDNESDAY - 2 + i));
    within(week.reduce((a, b) => a + b, 0) / 7, published);
    expect(week[6]).toBeLessThan((week[2] as number) / 2);
  });

  it("leaves as few people waiting and as many cases an hour on a Sunday as the day's count says", () => {
    const morning = (metric: string, day: number): number =>
      valueOf("lianyungang", modelOf("lianyungang", metric, "gauge"), dayStart(day) + 9.5 * HOUR);
    for (const metric of ["cases-minute", "windows-waiting"])
      expect(morning(metric, WEDNESDAY + 4) / morning(metric, WEDNESDAY), metric).toBeLessThan(0.5);
    const sum = Array.from({ length: 24 }, (_, hour) =>
      valueOf(
        "lianyungang",
        modelOf("lianyungang", "cases-minute", "gauge"),
        dayStart(WEDNESDAY + 4) + (hour + 0.5) * HOUR,
      ),
    ).reduce((a, b) => a + b, 0);
    expect(
      Math.abs(sum / dayEnd("lianyungang", modelOf("lianyungang", "cases-today", "day"), WEDNESDAY + 4) - 1),
    ).toBeLessThan(0.2);
  });

  it.each([
    ["lianyungang", "app-uses-total", 250_000_000],
    ["lianyungang", "app-downloads", 2_500_000],
    ["lianyungang", "codes-issued", 1_800_000],
    ["lianyungang", "code-scans-total", 80_000_000],
    ["lianyungang", "inbound-total", 300_000],
    ["lianyungang", "cases-total", 2_600_000],
    ["lianyungang", "certificates", 796_000],
    ["lianyungang", "exchange-total", 60_000_000],
    ["lianyungang", "exchange-records", 3_020_000_000],
    ["lianyungang", "masks-handed", 250_000],
    ["lianyungang", "coupons-issued", 50_000_000],
    ["lianyungang", "open-records", 110_000],
    ["zhengzhou", "staff-users", 90_000],
    ["hangzhou", "data-records", 29_360_000_000],
    ["guangdong", "citizens-users", 30_000_000],
    ["guangdong", "companies-downloads", 750_000],
    ["guangdong", "companies-users", 690_000],
    ["guangdong", "companies-visits", 27_000_000],
    ["guangdong", "data-records", 9_500_000_000],
  ])("%s: %s starts from the published total %d", (city, id, published) => {
    expect(valueOf(city, modelOf(city, id, "total"), Date.parse("2026-11-01T00:00:00+08:00"))).toBe(published);
  });

  it.each([
    [
      "lianyungang",
      {
        "app-matters": 394,
        "app-filed-matters": 1_600,
        "app-releases": 14,
        "powers-listed": 7_505,
        "certificate-coverage": 87,
        "units-connected": 50,
        "provincial-applications": 61,
        "exchange-departments": 60,
        "exchange-resources": 1_071,
        "exchange-items": 12_492,
        "open-departments": 30,
        "open-resources": 62,
        "cloud-units": 69,
        "cloud-systems": 270,
        "office-departments": 60,
      },
    ],
    [
      "zhangjiagang",
      {
        "ai-abilities": 12,
        "data-applications": 53,
        "data-units": 31,
        "industry-services": 15,
        "sso-systems": 70,
        "systems-connected": 48,
        "interfaces-open": 600,
      },
    ],
    [
      "zhengzhou",
      {
        "enrol-first-days": 15_000,
        "registration-one-days": 1,
        "registration-paper": 70,
        "registration-steps": 80,
        "registration-time": 80,
        "data-units": 52,
        "data-interfaces": 199,
        "data-tables": 191,
      },
    ],
    [
      "hangzhou",
      {
        "congested-hours-before": 10,
        "brain-systems": 11,
        "brain-scenes": 48,
        "data-departments": 59,
        "data-systems-before": 899,
        "data-databases-before": 627,
        "data-tables-before": 600_000,
        "matters-at-once": 310,
        "matters-personal": 585,
        "matters-joint": 81,
      },
    ],
    [
      "guangdong",
      {
        "companies-matters": 557,
        "small-addressed": 12_000_000,
        "data-departments": 55,
        "data-items": 14_350,
        "data-systems-before": 1_068,
        "epidemic-services": 25,
        "epidemic-first": 12,
        "epidemic-second": 7,
        "epidemic-third": 6,
      },
    ],
  ])("%s: what does not move is as published, or within 5 %% of a figure that ends in a plus", (city, published) => {
    for (const [id, value] of Object.entries(published))
      within(valueOf(city, modelOf(city, id, "gauge"), dayStart(WEDNESDAY) + DAY / 3), value);
  });

  it("follows what is published of states that move", () => {
    const at = dayStart(WEDNESDAY) + DAY * 0.4;
    within(valueOf("zhengzhou", modelOf("zhengzhou", "fund-deposit-online", "gauge"), at), 88.3);
    within(valueOf("zhengzhou", modelOf("zhengzhou", "fund-withdraw-online", "gauge"), at), 92.5);
    within(valueOf("lianyungang", modelOf("lianyungang", "network-villages", "gauge"), at), 1_651);
    within(valueOf("lianyungang", modelOf("lianyungang", "cloud-vms", "gauge"), at), 1_500);
    expect(valueOf("zhengzhou", modelOf("zhengzhou", "registration-x-days", "gauge"), at)).toBeLessThanOrEqual(4);
    // A property certificate in about an hour.
    expect(Math.abs(valueOf("hangzhou", modelOf("hangzhou", "property-minutes", "gauge"), at) - 60)).toBeLessThan(12);
  });

  it("Zhengzhou's housing fund is about 80 % of all cases, and the kinds add up to them", () => {
    const of = (id: string): number => dayEnd("zhengzhou", modelOf("zhengzhou", id, "day"), WEDNESDAY);
    within(of("cases-fund-today") / of("cases-today"), 0.8);
    within(
      ["fund", "social", "medical", "household", "other"].reduce((sum, kind) => sum + of(`cases-${kind}-today`), 0),
      of("cases-today"),
    );
  });

  it("a day of the mask rush ends within 5 % of 800,000 visits, most of them in the morning", () => {
    const model = modelOf("lianyungang", "mask-visits-today", "day");
    let extra = 0;
    let noon = 0;
    const { place } = cityOf("lianyungang");
    for (let at = dayStart(WEDNESDAY) + 60_000; at <= dayStart(WEDNESDAY) + END; at += 60_000) {
      extra += surgeGain(model, 1, at, 60_000);
      if (at === dayStart(WEDNESDAY) + DAY / 2) noon = sample(place, model, 1, at, true, extra)[0]?.value ?? 0;
    }
    const total = sample(place, model, 1, dayStart(WEDNESDAY) + END, true, extra)[0]?.value ?? 0;
    within(total, 800_000);
    expect(noon).toBeGreaterThan(total * 0.6);
  });
});

describe("every model of every place", () => {
  it("gives the same values for the same seed and time, and others for another seed or place", () => {
    const at = dayStart(WEDNESDAY) + DAY * 0.6;
    const all = (city: MockCity, seed: number): string =>
      JSON.stringify(modelsOf(city).map((model) => sample(city.place, model, seedOf(city.place, seed), at)));
    for (const city of cities) {
      expect(all(city, 3)).toBe(all(city, 3));
      expect(all(city, 3)).not.toBe(all(city, 4));
    }
    expect(new Set(cities.map(({ place }) => place.salt)).size).toBe(cities.length);
  });

  it("counts up through the day and starts anew at midnight", () => {
    for (const city of cities) {
      const id = city.place.city;
      for (const model of modelsOf(city)) {
        if (model.kind === "gauge") continue;
        let before = valueOf(id, model, dayStart(WEDNESDAY));
        if (model.kind === "day") expect(before).toBe(0);
        for (let at = dayStart(WEDNESDAY); at < dayStart(WEDNESDAY) + DAY; at += 20 * 60_000) {
          const value = valueOf(id, model, at);
          expect(value, `${model.metric} at ${at}`).toBeGreaterThanOrEqual(before);
          before = value;
        }
        if (model.kind === "total") expect(valueOf(id, model, dayStart(WEDNESDAY + 1))).toBeGreaterThanOrEqual(before);
      }
    }
  });

  it("adds up over districts, and districts over their parts", () => {
    const at = dayStart(WEDNESDAY) + DAY * 0.45;
    for (const city of cities) {
      expect(
        Object.values(city.place.shares).reduce((a, b) => a + b, 0),
        city.place.city,
      ).toBeCloseTo(1, 6);
      for (const model of modelsOf(city)) {
        const values = new Map(sample(city.place, model, 1, at).map((s) => [s.district, s.value]));
        if (values.size === 1) continue;
        const districts = districtsOf(city.place).map((district) => values.get(district) ?? NaN);
        const sum = districts.reduce((a, b) => a + b, 0);
        if (model.kind === "gauge" && "districts" in model && model.districts === "level") {
          expect(values.get("all")).toBeGreaterThanOrEqual(Math.min(...districts));
          expect(values.get("all")).toBeLessThanOrEqual(Math.max(...districts));
        } else {
          expect(values.get("all")).toBeCloseTo(sum, 6);
        }
        if (model.kind !== "day" || "of" in model || "whole" in model || !model.byPart) continue;
        for (const [district, parts] of Object.entries(city.place.subdivisions ?? {}))
          expect(values.get(district), district).toBe(
            Object.keys(parts).reduce((all, part) => all + (values.get(part) ?? NaN), 0),
          );
      }
    }
  });

  it("is quiet on a holiday where offices are closed", () => {
    const model = modelOf("lianyungang", "cases-today", "day");
    expect(dayEnd("lianyungang", model, dayOf(Date.parse("2026-10-01T12:00:00+08:00")))).toBeLessThan(
      dayEnd("lianyungang", model, WEDNESDAY) * 0.4,
    );
  });
});

describe("the opening second of school enrolment", () => {
  const drill = (metric: string, at: number, asked = 0): number =>
    sample(cityOf("zhengzhou").place, modelOf("zhengzhou", metric, "gauge"), 1, at, false, asked)[0]?.value ?? NaN;
  const ten = dayStart(WEDNESDAY) + 10 * HOUR;

  it("gathers a crowd before it opens and is far more than can be served when it does", () => {
    expect(drill("enrol-opens-in", ten - 90_000)).toBe(90);
    expect(drill("enrol-waiting", ten - 60_000)).toBeGreaterThan(15_000);
    expect(drill("enrol-demand", ten - 60_000)).toBeLessThan(drill("enrol-capacity", ten - 60_000) / 5);
    expect(drill("enrol-demand", ten + 1_000)).toBeGreaterThan(5 * drill("enrol-capacity", ten + 1_000));
    expect(drill("enrol-queue", ten + 60_000)).toBeGreaterThan(100_000);
  });

  it("is over a quarter of an hour later, and comes again after two hours", () => {
    expect(drill("enrol-queue", ten + 19 * 60_000)).toBe(0);
    expect(drill("enrol-opens-in", ten + HOUR)).toBe(3_600);
  });

  it("can be played at any moment", () => {
    const asked = dayStart(WEDNESDAY) + 3 * HOUR;
    expect(drill("enrol-demand", asked + 1_000)).toBeLessThan(1_000);
    expect(drill("enrol-demand", asked + 1_000, asked)).toBeGreaterThan(15_000);
    expect(drill("enrol-opens-in", asked - 300_000, asked)).toBe(300);
  });
});

describe("the mock systems", () => {
  const root = path.resolve(import.meta.dirname, "..");
  const folders = (where: string): string[] =>
    readdirSync(where, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();

  it("have a folder each in their place's, and each folder is one", () => {
    expect(cities.map(({ place }) => place.city).sort()).toEqual(folders(root).filter((name) => name !== "kit"));
    for (const { place, systems } of cities)
      expect(systems.map((system) => system.id).sort(), place.city).toEqual(folders(path.join(root, place.city)));
  });

  it.each(cities.map((city) => [city.place.city, city] as const))(
    "%s: publish every metric of the place, at its pace, by district and part where it says so, and none besides",
    (id, { place, systems }) => {
      const { metrics } = JSON.parse(readFileSync(path.join(root, `../cities/${id}/metrics.json`), "utf8")) as {
        metrics: {
          id: string;
          system: string;
          interval: number;
          kind: string;
          districts?: boolean;
          subdivisions?: boolean;
          decimals?: number;
          aggregate?: { total?: string };
        }[];
      };
      const published = systems.flatMap((system) =>
        system.metrics.map((m) => {
          const districts = new Set(sample(place, m, 1, dayStart(WEDNESDAY)).map((s) => s.district));
          return {
            id: m.metric,
            system: system.id,
            interval: m.interval,
            kind: m.kind,
            decimals: m.decimals ?? 0,
            computed: m.districtsOnly ?? false,
            districts: districts.size > 1,
            subdivisions: Object.values(place.subdivisions ?? {}).some((parts) =>
              Object.keys(parts).some((part) => districts.has(part)),
            ),
          };
        }),
      );
      const listed = metrics.map((m) => ({
        id: m.id,
        system: m.system,
        interval: m.interval,
        kind: m.kind,
        decimals: m.decimals ?? 0,
        computed: m.aggregate?.total === "computed",
        districts: m.districts ?? false,
        subdivisions: m.subdivisions ?? false,
      }));
      const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
      expect(published.sort(byId)).toEqual(listed.sort(byId));
    },
  );

  it.each(cities.map((city) => [city.place.city, city] as const))(
    "%s: have the districts, parts, layers and events of the place",
    (id, { place, systems, events, fleet, spots }) => {
      const facts = JSON.parse(readFileSync(path.join(root, `../cities/${id}/city.json`), "utf8")) as {
        districts: { adcode: string; seat: number[]; subdivisions?: { adcode: string }[] }[];
        systems: object;
        layers?: { id: string; system: string }[];
        events?: { system: string };
      };
      expect(districtsOf(place).sort()).toEqual(facts.districts.map((d) => d.adcode).sort());
      for (const district of facts.districts) {
        expect(place.seats[district.adcode]).toEqual(district.seat);
        expect(Object.keys(place.subdivisions?.[district.adcode] ?? {}).sort()).toEqual(
          (district.subdivisions ?? []).map((part) => part.adcode).sort(),
        );
      }
      expect(Object.keys(facts.systems).sort()).toEqual(systems.map((system) => system.id).sort());
      expect(facts.events?.system).toBe(events?.system);
      const layers = [
        ...(fleet ? [`${fleet.system}/vehicles`, `${fleet.system}/roads`] : []),
        ...(spots ?? []).map((s) => `${s.system}/${s.at(1, "t", 0)[0]?.layer}`),
      ];
      expect(layers.sort()).toEqual((facts.layers ?? []).map((layer) => `${layer.system}/${layer.id}`).sort());
    },
  );
});
