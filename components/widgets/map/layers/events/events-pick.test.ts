import path from "node:path";
import { expect, it, vi } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { emptyState, reduce } from "@/lib/contract/reduce";
import { LiveStore } from "@/lib/live/live-store";
import type { LayerContext } from "../../layer";
import make from "./events";

// There is no canvas here to paint on.
vi.mock("../../marks/atlas", () => ({
  writeTexts: () => ({ canvas: null, pictures: new Map() }),
  paintRow: () => ({ canvas: null, frames: [] }),
}));
vi.stubGlobal("devicePixelRatio", 1);

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../../../../cities"), "lianyungang");
const NOW = 1_000_000;
const base = {
  city: "lianyungang",
  district: "all",
  kind: "noise",
  title: "t",
  stages: ["上报", "办结"],
  stage: "上报",
};

/** Pixels of a made-up map: a hundredth of a degree is 20. */
const project = ([lon, lat]: readonly [number, number]): [number, number] => [(lon - 119) * 2_000, (35 - lat) * 2_000];

function layerOf(still: boolean) {
  const events = [
    { id: "a", severity: 1 as const, lon: 119.1, lat: 34.9 },
    { id: "b", severity: 4 as const, lon: 119.1001, lat: 34.9 },
    { id: "c", severity: 2 as const, lon: 119.3, lat: 34.5 },
  ];
  const state = reduce(emptyState("events"), {
    kind: "events",
    snapshot: true,
    epoch: 1,
    offset: 1,
    items: events.map((event) => ({ ...base, ...event, at: NOW - 60_000, updated: NOW, source: "s" })),
    counts: [],
  });
  const live = Object.assign(new LiveStore(() => NOW), { state: () => state });
  const context: LayerContext = {
    city: facts,
    lang: "zh",
    live,
    districts: { type: "FeatureCollection", features: [] },
    roads: null,
    rem: () => 16,
    zoom: () => 11,
    metresPerPixel: () => 50,
    project,
    room: () => null,
    occupied: () => [],
    still: () => still,
    fill: null,
    selected: () => null,
  };
  const layer = make({ type: "events", minSeverity: 1 }, context);
  layer.draw(NOW);
  live.close();
  return layer;
}

it("what is under a hand is an event, of those that are drawn as one the gravest, and nothing beside them", () => {
  const { pick } = layerOf(false);
  expect(pick?.(600, 1_000)).toEqual({ events: ["c"], at: [119.3, 34.5], apart: Infinity });
  expect(pick?.(203, 203)).toMatchObject({ events: ["b", "a"], at: [119.1001, 34.9] });
  expect(pick?.(400, 600)).toBeNull();
});

it("a crowd tells from which zoom on it is several marks", () => {
  const { apart } = layerOf(false).pick?.(203, 203) ?? { apart: 0 };
  // A ten-thousandth of a degree is the reach of 41.6 pixels in a world of so many.
  const exact = Math.log2(41.6 / ((0.0001 / 360) * 512));
  expect(apart).toBeGreaterThanOrEqual(exact);
  expect(apart).toBeLessThan(exact + 0.25);
});

it("nothing moves by itself where that was asked for; else what is gravest does, a few frames a second", () => {
  expect(layerOf(true).motion?.()).toBe(0);
  const pixels = layerOf(false).motion?.() ?? 0;
  expect(pixels).toBeGreaterThan(0);
  expect(pixels * 3).toBeLessThanOrEqual(8);
});
