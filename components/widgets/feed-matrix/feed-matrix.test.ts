import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { feedStates } from "./feed-matrix-option";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../../cities"), "lianyungang");
const NOW = 1_000_000_000;

describe("feedStates", () => {
  it("is as bad as the worst of a feed's metrics and counts the dead ones", () => {
    const ages: Record<string, number> = { "cloud-cpu": 1_000, "cloud-memory": 100_000, "cloud-vms": 1_000, "cloud-storage": 1_000, "cloud-systems": 1_000, "cloud-units": 1_000 };
    const [cloud] = feedStates(facts, ["cloud"], (metric) => NOW - (ages[metric] ?? 0), NOW, true);
    expect(cloud).toEqual({ system: "cloud", freshness: "stale", at: NOW - 1_000, metrics: 6, dead: 1 });
  });

  it("shows every system of the city, offline where nothing ever came", () => {
    const states = feedStates(facts, [], () => null, NOW, true);
    expect(states.length).toBe(Object.keys(facts.systems).length);
    expect(new Set(states.map((s) => s.freshness))).toEqual(new Set(["offline"]));
  });
});
