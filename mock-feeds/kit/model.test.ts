import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { systems } from "../index";
import { dayOf, dayStart, DAY } from "./clock";
import { DISTRICTS, sample, surgeGain, type DayCount, type MetricModel } from "./model";

const WEDNESDAY = dayOf(Date.parse("2026-11-18T00:00:00+08:00"));
const END = DAY - 1;
const models = new Map<string, MetricModel>(systems.flatMap((system) => system.metrics.map((metric) => [metric.metric, metric] as const)));

function modelOf<K extends MetricModel["kind"]>(id: string, kind: K): Extract<MetricModel, { kind: K }> {
  const model = models.get(id);
  if (model?.kind !== kind) throw new Error(`${id} is not a ${kind}`);
  return model as Extract<MetricModel, { kind: K }>;
}

const cityValue = (model: MetricModel, at: number, seed = 1): number => sample(model, seed, at).find((s) => s.district === "all")?.value ?? NaN;
const dayEnd = (model: MetricModel, day: number, seed = 1): number => cityValue(model, dayStart(day) + END, seed);

describe("calibration: totals of a simulated day against the published daily figures", () => {
  // 80 M scans over 270 days, 250 M uses over 548, 2.6 M cases over 1,095, CNY 50 M over 120: see each model's basis.
  it.each([
    ["app-active-today", 150_000], ["exchange-today", 500_000], ["app-uses-today", 250_000_000 / 548], ["code-scans-today", 80_000_000 / 270], ["inbound-people-today", 300_000 / 300], ["coupons-redeemed-today", 50_000_000 / 120],
  ])("%s stays within 5 %% of %d on a working day and on a Sunday, whatever the seed", (id, published) => {
    for (const seed of [1, 7, 42]) {
      for (const day of [WEDNESDAY, WEDNESDAY + 4]) expect(Math.abs(dayEnd(modelOf(id, "day"), day, seed) / published - 1)).toBeLessThan(0.05);
    }
  });

  it("cases handled at offices keep their daily mean over a week, with weak weekends", () => {
    const model = modelOf("cases-today", "day");
    const week = Array.from({ length: 7 }, (_, i) => dayEnd(model, WEDNESDAY - 2 + i));
    expect(Math.abs(week.reduce((a, b) => a + b, 0) / 7 / (2_600_000 / 1_095) - 1)).toBeLessThan(0.05);
    expect(week[6]).toBeLessThan((week[2] as number) / 2);
  });

  it.each([["app-uses-total", 250_000_000], ["app-downloads", 2_500_000], ["codes-issued", 1_800_000], ["cases-total", 2_600_000], ["certificates", 796_000], ["exchange-total", 60_000_000], ["masks-handed", 250_000], ["coupons-issued", 50_000_000], ["open-records", 110_000]])("%s starts from the published total %d", (id, published) => {
    expect(cityValue(modelOf(id, "total"), Date.parse("2026-11-01T00:00:00+08:00"))).toBe(published);
  });

  it("a day of the mask rush ends within 5 % of 800,000 visits, most of them in the morning", () => {
    const model = modelOf("mask-visits-today", "day");
    let extra = 0;
    let noon = 0;
    for (let at = dayStart(WEDNESDAY) + 60_000; at <= dayStart(WEDNESDAY) + END; at += 60_000) {
      extra += surgeGain(model, 1, at, 60_000);
      if (at === dayStart(WEDNESDAY) + DAY / 2) noon = sample(model, 1, at, true, extra)[0]?.value ?? 0;
    }
    const total = sample(model, 1, dayStart(WEDNESDAY) + END, true, extra)[0]?.value ?? 0;
    expect(Math.abs(total / 800_000 - 1)).toBeLessThan(0.05);
    expect(noon).toBeGreaterThan(total * 0.6);
  });

  it.each([["app-matters", 394], ["powers-listed", 7_505], ["exchange-resources", 1_071], ["cloud-systems", 270]])("%s is the published %d", (id, published) => {
    expect(cityValue(modelOf(id, "gauge"), dayStart(WEDNESDAY) + DAY / 3)).toBe(published);
  });
});

describe("every model", () => {
  it("gives the same values for the same seed and time, and others for another seed", () => {
    const at = dayStart(WEDNESDAY) + DAY * 0.6;
    const all = (seed: number): string => JSON.stringify([...models.values()].map((model) => sample(model, seed, at)));
    expect(all(3)).toBe(all(3));
    expect(all(3)).not.toBe(all(4));
  });

  it("counts up through the day and starts anew at midnight", () => {
    for (const model of models.values()) {
      if (model.kind === "gauge") continue;
      let before = cityValue(model, dayStart(WEDNESDAY));
      if (model.kind === "day") expect(before).toBe(0);
      for (let at = dayStart(WEDNESDAY); at < dayStart(WEDNESDAY) + DAY; at += 10 * 60_000) {
        const value = cityValue(model, at);
        expect(value, `${model.metric} at ${at}`).toBeGreaterThanOrEqual(before);
        before = value;
      }
      if (model.kind === "total") expect(cityValue(model, dayStart(WEDNESDAY + 1))).toBeGreaterThanOrEqual(before);
    }
  });

  it("adds up over the districts", () => {
    const at = dayStart(WEDNESDAY) + DAY * 0.45;
    for (const model of models.values()) {
      const values = sample(model, 1, at);
      if (values.length === 1) continue;
      expect(values.map((s) => s.district)).toEqual(["all", ...DISTRICTS]);
      const districts = values.slice(1).map((s) => s.value);
      const sum = districts.reduce((a, b) => a + b, 0);
      if (model.kind === "gauge" && model.districts === "level") {
        expect(values[0]?.value).toBeGreaterThanOrEqual(Math.min(...districts));
        expect(values[0]?.value).toBeLessThanOrEqual(Math.max(...districts));
      } else {
        expect(values[0]?.value).toBeCloseTo(sum, 6);
      }
    }
  });

  it("is quiet on a holiday where offices are closed", () => {
    const model = modelOf("cases-today", "day") as DayCount;
    expect(dayEnd(model, dayOf(Date.parse("2026-10-01T12:00:00+08:00")))).toBeLessThan(dayEnd(model, WEDNESDAY) * 0.4);
  });
});

describe("the mock systems", () => {
  const root = path.resolve(import.meta.dirname, "..");

  it("have a folder each, and each folder is a system", () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "kit").map((entry) => entry.name).sort();
    expect(systems.map((system) => system.id).sort()).toEqual(folders);
  });

  it("publish every metric of the city, at its pace, by district where it says so, and none besides", () => {
    const { metrics } = JSON.parse(readFileSync(path.join(root, "../cities/lianyungang/metrics.json"), "utf8")) as { metrics: { id: string; system: string; interval: number; kind: string; districts?: boolean }[] };
    const published = systems.flatMap((system) => system.metrics.map((m) => ({ id: m.metric, system: system.id, interval: m.interval, kind: m.kind, districts: sample(m, 1, dayStart(WEDNESDAY)).length > 1 })));
    const listed = metrics.map((m) => ({ id: m.id, system: m.system, interval: m.interval, kind: m.kind, districts: m.districts ?? false }));
    const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
    expect(published.sort(byId)).toEqual(listed.sort(byId));
  });
});
