import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import type { Freshness } from "@/lib/contract/freshness";
import type { Quality } from "@/lib/contract/readings";
import { feedStates } from "./feed-matrix-option";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../../cities"), "lianyungang");
const NOW = 1_000_000_000;
const fresh = () => ({ at: NOW - 1_000, freshness: "live" as Freshness, quality: "good" as Quality });

describe("feedStates", () => {
  it("is as bad as the worst of a feed's metrics and counts the dead ones", () => {
    const odd: Record<string, Partial<ReturnType<typeof fresh>>> = {
      "cloud-memory": { at: NOW - 100_000, freshness: "stale" },
      "cloud-vms": { quality: "bad" },
      "cloud-units": { quality: "uncertain" },
    };
    const [cloud] = feedStates(facts, ["cloud"], (metric) => ({ ...fresh(), ...odd[metric] }));
    expect(cloud).toEqual({
      system: "cloud",
      freshness: "stale",
      quality: "bad",
      at: NOW - 1_000,
      metrics: 6,
      dead: 1,
      doubts: { bad: 1, uncertain: 1 },
    });
  });

  it("shows every system of the city, offline where nothing ever came", () => {
    const states = feedStates(facts, [], () => ({ at: null, freshness: "offline", quality: null }));
    expect(states.length).toBe(Object.keys(facts.systems).length);
    expect(new Set(states.map((s) => s.freshness))).toEqual(new Set(["offline"]));
  });
});
