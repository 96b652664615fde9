import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { emptyState, reduce } from "@/lib/contract/reduce";
import { LiveStore } from "@/lib/live/live-store";
import type { LayerContext } from "../../layer";
import make from "./arcs";
import type { FlowColumns } from "./flow-option";

vi.stubGlobal("devicePixelRatio", 1);

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../../../../cities"), "lianyungang");
const NOW = 1_000_000_000;
/** Trips come every ten seconds and count for a minute. */
const LIMIT = 60_000;

/** A layer whose trips to Haizhou are those given, by origin, told at NOW. */
function layerOf(trips: Record<string, number>, { still = false } = {}) {
  const told = { ...trips };
  const at = { now: NOW, told: NOW, connected: true };
  const state = (topic: string) => {
    const [, , origin = "", metric] = topic.split("/");
    if (metric !== "trips-to-320706" || told[origin] === undefined) return emptyState("reading");
    const items = [{ at: at.told, value: told[origin], quality: "good" as const }];
    return reduce(emptyState("reading"), { kind: "reading", snapshot: true, epoch: 1, offset: 1, items });
  };
  const live = Object.assign(new LiveStore(() => NOW), { state, now: () => at.now, connected: () => at.connected });
  const context: LayerContext = {
    city: facts,
    lang: "zh",
    live,
    districts: { type: "FeatureCollection", features: [] },
    roads: null,
    rem: () => 16,
    zoom: () => 9,
    metresPerPixel: () => 100,
    project: () => [0, 0],
    room: () => null,
    occupied: () => [],
    still: () => still,
    fill: null,
    selected: () => null,
  };
  const layer = make({ type: "arcs", metric: "trips-to-{to}", top: 10 }, context);
  live.close();
  const draw = (now: number) => {
    at.now = now;
    const [flows] = layer.draw(now);
    return flows?.props as unknown as { flows: FlowColumns; travelled: number };
  };
  return { draw, told, at, motion: () => layer.motion?.() ?? 0 };
}

const TRIPS = { "320703": 100, "320707": 400 };

describe("flows between districts", () => {
  it("move from where they begin, a few frames a second, and steadily whatever the frames", () => {
    const { draw, motion } = layerOf(TRIPS);
    expect(draw(NOW).flows.length).toBe(2);
    const [fine, coarse] = [layerOf(TRIPS), layerOf(TRIPS)];
    for (let t = 0; t <= 1_000; t += 50) fine.draw(NOW + t);
    for (let t = 0; t <= 1_000; t += 100) coarse.draw(NOW + t);
    expect(fine.draw(NOW + 1_000).travelled).toBeGreaterThan(0);
    expect(fine.draw(NOW + 1_000).travelled).toBeCloseTo(coarse.draw(NOW + 1_000).travelled, 5);
    expect(motion()).toBeGreaterThan(0);
    expect(motion() * 3).toBeLessThanOrEqual(10);
  });

  it("stay as they were sent while no reading is another one", () => {
    const { draw, told, at } = layerOf(TRIPS);
    const first = draw(NOW).flows;
    at.told = NOW + 20_000;
    expect(draw(NOW + 20_000).flows).toBe(first);
    told["320703"] = 150;
    const second = draw(NOW + 21_000).flows;
    expect(second).not.toBe(first);
    expect(second.length).toBe(2);
  });

  it("past their limit are not drawn, and then nothing moves", () => {
    const { draw, motion } = layerOf(TRIPS);
    expect(draw(NOW + LIMIT - 500).flows.length).toBe(2);
    expect(draw(NOW + LIMIT + 500).flows.length).toBe(0);
    expect(motion()).toBe(0);
  });

  it("do not move where nothing may, nor while nobody is heard, nor in a replay that stands", () => {
    const calm = layerOf(TRIPS, { still: true });
    calm.draw(NOW);
    expect(calm.draw(NOW + 500)).toMatchObject({ moving: false, travelled: 0 });
    expect(calm.motion()).toBe(0);
    const cut = layerOf(TRIPS);
    cut.draw(NOW);
    const { travelled } = cut.draw(NOW + 100);
    cut.at.connected = false;
    expect(cut.draw(NOW + 200).travelled).toBe(travelled);
    expect(layerOf(TRIPS).draw(NOW).travelled).toBe(0);
  });

  it("do not race in a replay that runs an hour a second, nor go backwards with it", () => {
    const { draw, at } = layerOf(TRIPS);
    draw(NOW);
    at.told = NOW + 1_000_000;
    const forth = draw(NOW + 1_000_000).travelled;
    expect(forth).toBeGreaterThan(0);
    expect(forth).toBeLessThan(0.5);
    expect(draw(NOW + 990_000).travelled).toBe(forth);
  });
});
