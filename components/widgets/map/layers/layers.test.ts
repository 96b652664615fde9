import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import { emptyState, reduce } from "@/lib/contract/reduce";
import type { Districts } from "../layer";
import { arcsOf } from "./arcs/arcs-option";
import { columnHeight } from "./columns/columns-option";
import { placesOf } from "./density/density-option";
import { marks } from "./events/events-option";
import { labelPlaces } from "./outlines/outlines-option";
import { layers } from ".";
import { clusters } from "./points/points-option";
import { palette, rgb } from "@/components/ui/theme";
import { congestionColor } from "./roads/roads-option";
import { districtAt } from "../map-option";
import { doubtedPlaces, markStrokes } from "../quality-marks-option";

const CITIES = path.resolve(import.meta.dirname, "../../../../cities");
const { facts } = await loadCity(CITIES, "lianyungang");
const districts = JSON.parse(readFileSync(path.join(CITIES, "lianyungang/districts.geojson"), "utf8")) as Districts;

const points = reduce(emptyState("positions"), {
  kind: "positions",
  snapshot: true,
  epoch: 1,
  offset: 3,
  names: [
    [0, "a", ""],
    [1, "b", ""],
    [2, "c", ""],
  ],
  slots: [0, 1, 2],
  lon: [119.1, 119.1001, 118.5],
  lat: [34.6, 34.6001, 34.2],
  heading: [0, 0, 0],
  speed: [0, 0, 0],
  at: [1_000, 1_000, 50_000],
});

describe("map layers", () => {
  it("points and events lie over outlines, which would go through their numbers", () => {
    const order = Object.keys(layers);
    expect(order.slice(order.indexOf("outlines"))).toEqual(["outlines", "points", "events"]);
  });

  it("outlines: a name stands in its own district", () => {
    for (const { text, at } of labelPlaces(districts, facts, "zh"))
      expect(facts.districts.find((d) => d.adcode === districtAt(districts, ...at))?.name.zh).toBe(text);
  });

  it("roads: free is calm, jammed is red, unknown is grey", () => {
    expect(congestionColor(80, 80).slice(0, 3)).toEqual(rgb(palette()["flow-free"]));
    expect(congestionColor(5, 80).slice(0, 3)).toEqual(rgb(palette()["flow-jam"]));
    expect(congestionColor(null, 80)[3]).toBe(150);
  });

  it("density: only what was seen of late", () => {
    expect(placesOf(points, 36_000)).toEqual([[118.5, 34.2]]);
    expect(placesOf(undefined, 0)).toEqual([]);
  });

  it("points: close ones become one, and part when zoomed in", () => {
    const counts = (zoom: number): number[] =>
      clusters(points, -9_000, zoom, 40)
        .map((c) => c.count)
        .sort();
    expect(counts(8)).toEqual([1, 2]);
    expect(counts(18)).toEqual([1, 1, 1]);
  });

  it("arcs: the largest flows, the very largest last, nothing to itself", () => {
    const arcs = arcsOf(facts, 3, (from, to) => Number(from.slice(4)) * 10 + Number(to.slice(4)));
    expect(arcs.length).toBe(3);
    expect(arcs[2]?.weight).toBe(1);
    expect(arcs.every((arc) => arc.from !== arc.to)).toBe(true);
  });

  it("marks: a cross for what is bad, a triangle for what is doubted, around their places and as large as asked", () => {
    const doubted = doubtedPlaces(
      facts.districts,
      (adcode) =>
        ({ "320706": "bad" as const, "320703": "uncertain" as const, "320707": "good" as const })[adcode] ?? null,
    );
    expect(doubted.map(({ quality }) => quality).sort()).toEqual(["bad", "uncertain"]);
    const strokes = markStrokes(
      [
        { at: [119, 34.6], quality: "bad" },
        { at: [120, 34], quality: "uncertain" },
      ],
      1_000,
    );
    expect(strokes.map(({ quality, path }) => [quality, path.length])).toEqual([
      ["bad", 2],
      ["bad", 2],
      ["uncertain", 4],
    ]);
    for (const { path } of strokes.slice(0, 2))
      for (const [lon, lat] of path)
        expect(Math.hypot((lon - 119) * Math.cos((34.6 * Math.PI) / 180), lat - 34.6) * 111_320).toBeCloseTo(
          1_000 * 0.8 * Math.SQRT2,
          0,
        );
  });

  it("columns: as high as their value, flat without one", () => {
    expect([columnHeight(5, 10, 1_000), columnHeight(null, 10, 1_000), columnHeight(5, 0, 1_000)]).toEqual([500, 0, 0]);
  });

  it("events: open ones with a place, the gravest on top", () => {
    const base = {
      city: "a",
      district: "all",
      kind: "noise",
      title: "t",
      stages: ["上报", "受理", "办结"],
      at: 1,
      updated: 1,
      source: "s",
    };
    const state = reduce(emptyState("events"), {
      kind: "events",
      snapshot: true,
      epoch: 1,
      offset: 1,
      items: [
        { ...base, id: "x", severity: 4, stage: "受理", lon: 1, lat: 1 },
        { ...base, id: "y", severity: 1, stage: "上报", lon: 1, lat: 1 },
        { ...base, id: "z", severity: 2, stage: "上报" },
        { ...base, id: "w", severity: 2, stage: "办结", lon: 1, lat: 1 },
      ],
      counts: [],
    });
    expect(marks(state, 1).map((m) => [m.id, m.progress])).toEqual([
      ["y", 0],
      ["x", 0.5],
    ]);
    expect(marks(state, 2).map((m) => m.id)).toEqual(["x"]);
  });
});
