import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { evaluateReading } from "@/lib/contract/evaluation";
import { metricFacts } from "@/lib/contract/widget-settings";
import type { CityReading } from "@/lib/live/read-metric";
import { doubtWords, readingData, readingText } from "./paint-value";

const { facts: city } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "lianyungang");

describe("a reading that there is no right to", () => {
  const metric = metricFacts(city, "cases-today");
  const nothing = evaluateReading(null, metric, "all", { now: 1, tolerance: 0, connected: true });
  const reading = (withheld: boolean): CityReading => ({ ...nothing, metric, district: "all", withheld });

  it("is said so in words, where one that is missing is a dash", () => {
    expect([readingText(reading(true), "zh"), readingText(reading(true), "en", 6)]).toEqual(["无权查看", "No right"]);
    expect(readingText(reading(false), "zh")).toBe("–");
  });

  it("has no freshness, as nobody knows it", () => {
    expect(readingData(reading(true), "zh")).toMatchObject({ "data-freshness": "withheld", "data-at": "", title: "" });
    expect(readingData(reading(false), "zh")["data-freshness"]).toBe("offline");
  });
});

describe("doubtWords", () => {
  it("tells bad values from doubted ones: neither is counted under the other's name", () => {
    expect(doubtWords({ bad: 3, uncertain: 2 }, "zh")).toBe("无效 3 · 存疑 2");
    expect(doubtWords({ bad: 1, uncertain: 1 }, "en")).toBe("Invalid 1 · Uncertain 1");
    expect(doubtWords({ bad: 0, uncertain: 2 }, "zh")).toBe("存疑 2");
  });

  it("needs no number for a single one and no word for none", () => {
    expect(doubtWords({ bad: 1, uncertain: 0 }, "zh")).toBe("无效");
    expect(doubtWords({ bad: 0, uncertain: 0 }, "zh")).toBe("");
  });
});
