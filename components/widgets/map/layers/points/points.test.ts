import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { emptyState, reduce } from "@/lib/contract/reduce";
import { LiveStore } from "@/lib/live/live-store";
import type { LayerContext } from "../../layer";
import make from "./points";

// There is no canvas here to write the counts on.
vi.mock("../../marks/atlas", () => ({ writeTexts: () => ({ canvas: null, pictures: new Map() }) }));

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../../../../cities"), "guangdong");
const NOW = 100_000;

const state = reduce(emptyState("positions"), {
  kind: "positions",
  snapshot: true,
  epoch: 1,
  offset: 2,
  names: [
    [0, "a", ""],
    [1, "b", ""],
  ],
  slots: [0, 1],
  lon: [113.2, 113.3],
  lat: [23.1, 23.1],
  heading: [0, 0],
  speed: [0, 0],
  at: [NOW, NOW],
});

function layerAt(zoom: number, latitude: number) {
  const live = Object.assign(new LiveStore(() => NOW), { state: () => state });
  const context: LayerContext = {
    city: facts,
    lang: "zh",
    live,
    districts: { type: "FeatureCollection", features: [] },
    roads: null,
    rem: () => 16,
    zoom: () => zoom,
    metresPerPixel: () => (78_271.5 * Math.cos((latitude * Math.PI) / 180)) / 2 ** zoom,
    project: () => [0, 0],
    room: () => null,
    occupied: () => [],
    still: () => false,
    fill: null,
    selected: () => null,
  };
  const layer = make({ type: "points", layer: "kiosks", cluster: 40 }, context);
  const [points] = layer.draw(NOW);
  live.close();
  return { layer, marks: (points?.props as unknown as { marks: { length: number } }).marks.length };
}

/** Marks that a map draws whose middle is at a latitude. */
const drawn = (zoom: number, latitude: number): number => layerAt(zoom, latitude).marks;

describe("points layer", () => {
  it("clusters for the zoom that its map has, wherever on Earth that is", () => {
    const parts = [0, 23, 34.6, 60].map((latitude) => {
      const zooms = Array.from({ length: 24 }, (_, i) => 4 + i / 4);
      return zooms.find((zoom) => drawn(zoom, latitude) === 2);
    });
    expect(new Set(parts).size).toBe(1);
    expect(parts[0]).toBeGreaterThan(4);
  });

  it("tells names where its numbers stand, the same until they move; a point alone has none", () => {
    const { layer } = layerAt(5, 23);
    const [crowd, ...others] = layer.occupied?.() ?? [];
    expect(others).toEqual([]);
    expect(crowd?.at[0]).toBeCloseTo(113.25, 2);
    expect(crowd?.radius).toBeGreaterThan(8);
    expect(layer.occupied?.()).toBe(layer.occupied?.());
    expect(layerAt(14, 23).layer.occupied?.()).toEqual([]);
  });
});
