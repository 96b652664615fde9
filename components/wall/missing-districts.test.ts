import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import type { CityFacts, Metric } from "@/lib/contract/city";
import { isComputed } from "@/lib/contract/totals";
import { missingDistricts, totalUrl, type TotalSnapshot } from "./missing-districts";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "zhengzhou");
const [first, second, third] = facts.districts as [
  CityFacts["districts"][number],
  CityFacts["districts"][number],
  CityFacts["districts"][number],
];
const sum = facts.metrics.find((one) => isComputed(one) && one.aggregate?.districts === "sum") as Metric;
const weighted: Metric = {
  ...sum,
  aggregate: { ...sum.aggregate, districts: { weightedBy: "weight" } } as Metric["aggregate"],
};
const NOW = Date.parse("2026-11-20T10:20:00+08:00");
const ago = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();

function snapshot(
  missing: string[] | undefined,
  ...inputs: [string, string, string | null, "good" | "bad"][]
): TotalSnapshot {
  return {
    now: new Date(NOW).toISOString(),
    topics: [
      { topic: `reading/zhengzhou/all/${sum.id}`, at: ago(600), quality: "good", ...(missing ? { missing } : {}) },
      ...inputs.map(([district, metric, at, quality]) => ({
        topic: `reading/zhengzhou/${district}/${metric}`,
        at,
        quality: at === null ? null : quality,
      })),
    ],
  };
}

describe("districts that a total lacks", () => {
  it("are named in both languages with the age of their last readings", () => {
    const answer = snapshot(
      [first.adcode, second.adcode, third.adcode],
      [first.adcode, sum.id, ago(720), "good"],
      [second.adcode, sum.id, null, "good"],
      [third.adcode, sum.id, ago(5), "bad"],
    );
    expect(missingDistricts(facts, sum, answer, "zh")).toEqual([
      `${first.short.zh}（最近数据 12分钟前）`,
      `${second.short.zh}（暂无数据）`,
      `${third.short.zh}（最近数据 5秒前，无效）`,
    ]);
    expect(missingDistricts(facts, sum, answer, "en")).toEqual([
      `${first.short.en} (last reading 12 min ago)`,
      `${second.short.en} (No data yet)`,
      `${third.short.en} (last reading 5 s ago, Invalid)`,
    ]);
  });

  it("are none where all are there, and not told where the gateway does not say", () => {
    expect(missingDistricts(facts, sum, snapshot([]), "en")).toEqual([]);
    expect(missingDistricts(facts, sum, snapshot(undefined), "en")).toBeNull();
  });

  it("have the age of the oldest of what they need", () => {
    const answer = snapshot(
      [first.adcode, second.adcode],
      [first.adcode, sum.id, ago(5), "good"],
      [first.adcode, "weight", ago(90), "good"],
      [second.adcode, sum.id, ago(5), "good"],
      [second.adcode, "weight", null, "good"],
    );
    expect(missingDistricts(facts, weighted, answer, "en")).toEqual([
      `${first.short.en} (last reading 1 min 30 s ago)`,
      `${second.short.en} (No data yet)`,
    ]);
  });

  it("are asked for with the total in one question", () => {
    const topics = new URL(totalUrl(facts, weighted), "http://x").searchParams.getAll("topic");
    expect(topics[0]).toBe(`reading/zhengzhou/all/${sum.id}`);
    expect(topics).toHaveLength(1 + 2 * facts.districts.length);
    expect(topics).toContain(`reading/zhengzhou/${first.adcode}/weight`);
  });
});
