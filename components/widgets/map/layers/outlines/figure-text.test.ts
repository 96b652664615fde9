import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { emptyState, reduce } from "@/lib/contract/reduce";
import { LiveStore } from "@/lib/live/live-store";
import { readMetric } from "@/lib/live/read-metric";
import type { Quality } from "@/lib/contract/readings";
import { setNumbersMode } from "@/components/ui/numbers";
import { figureText } from "./figure-text-option";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../../../../cities"), "lianyungang");
const NOW = 1_000_000_000;
const TOPIC = "reading/lianyungang/320706/cases-today";

/** The figure of a reading so many ms old; none without a value. */
function figure(value: number | null, age: number, quality: Quality = "good") {
  const state = reduce(emptyState("reading"), {
    kind: "reading",
    snapshot: true,
    epoch: 1,
    offset: 1,
    items: value === null ? [] : [{ at: NOW - age, value, quality }],
  });
  const live = Object.assign(new LiveStore(() => NOW), { state: () => state, connected: () => true, now: () => NOW });
  const found = figureText(readMetric(live, facts, TOPIC), "zh");
  live.close();
  return found;
}

afterEach(() => setNumbersMode("auto"));

describe("a figure beside a name", () => {
  it("is the value as the page writes numbers, and dim once it is past its limit", () => {
    expect(figure(12_345, 1_000)).toEqual({ text: "12,345", alive: true });
    expect(figure(12_345, 31_000)).toEqual({ text: "12,345", alive: false });
    setNumbersMode("short");
    expect(figure(12_345, 1_000)).toEqual({ text: "1.23万", alive: true });
  });

  it("is a dash where nothing came and a cross where it is bad, neither as if it were alive", () => {
    expect(figure(null, 0)).toEqual({ text: "–", alive: false });
    expect(figure(12_345, 1_000, "bad")).toEqual({ text: "×", alive: false });
    expect(figure(12_345, 1_000, "uncertain")).toEqual({ text: "12,345", alive: true });
  });

  it("is not there where there is no right to it: a dash would say that nothing came", () => {
    const live = Object.assign(new LiveStore(() => NOW), { isWithheld: () => true });
    expect(figureText(readMetric(live, facts, TOPIC), "zh")).toBeNull();
    live.close();
  });
});
