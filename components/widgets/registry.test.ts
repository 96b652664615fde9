import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Catalogue } from "@/lib/cities/catalogue";
import { loadCity } from "@/lib/cities/load";
import { layoutFaults } from "@/lib/contract/screens";
import { districtScreen } from "@/components/district/district-screen";
import { schemaFiles } from "@/scripts/schemas";
import { checkTile } from "./check-tile";
import { widgets } from "./index";
import { layers } from "./map/layers";

const HERE = import.meta.dirname;
const CITIES = path.resolve(HERE, "../../cities");
const folders = (where: string): string[] => readdirSync(where, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();

const { facts } = await loadCity(CITIES, "lianyungang");

describe("registries", () => {
  it("name each widget like its folder and its type", () => {
    expect(Object.keys(widgets).sort()).toEqual(folders(HERE));
    for (const [key, { definition }] of Object.entries(widgets)) expect(definition.type).toBe(key);
  });

  it("name each map layer like its folder and its type", () => {
    expect(Object.keys(layers).sort()).toEqual(folders(path.join(HERE, "map/layers")));
    for (const [key, { definition }] of Object.entries(layers)) expect(definition.type).toBe(key);
  });

  it("hold samples that fit their own schema and city", () => {
    for (const [type, { definition }] of Object.entries(widgets)) expect(checkTile(type, definition.sample, facts), type).toEqual([]);
    for (const { definition } of Object.values(layers)) expect(checkTile("map", { layers: [definition.sample] }, facts), definition.type).toEqual([]);
  });
});

describe("cities", () => {
  it("parse against the registries, every screen of them", async () => {
    const catalogue = new Catalogue(CITIES, checkTile);
    await catalogue.look();
    expect([...catalogue.broken.values()]).toEqual([]);
    for (const city of catalogue.cities()) {
      expect(catalogue.screens(city.id).size).toBeGreaterThanOrEqual(4);
      for (const [name, entry] of catalogue.screens(city.id)) expect([name, entry.error]).toEqual([name, null]);
    }
  });

  it("have outlines for exactly their districts, as closed rings inside their bounds", () => {
    const { features } = JSON.parse(readFileSync(path.join(CITIES, "lianyungang/districts.geojson"), "utf8")) as { features: { properties: { adcode: string }; geometry: { coordinates: [number, number][][][] } }[] };
    expect(features.map((f) => f.properties.adcode).sort()).toEqual(facts.districts.map((d) => d.adcode).sort());
    const [[west, south], [east, north]] = facts.bounds;
    for (const ring of features.flatMap((f) => f.geometry.coordinates.flat())) {
      expect(ring[0]).toEqual(ring[ring.length - 1]);
      for (const [lon, lat] of ring) expect(lon >= west && lon <= east && lat >= south && lat <= north).toBe(true);
    }
  });

  it("have a page for each district that fits its grid and its widgets", () => {
    for (const district of facts.districts) {
      const screen = districtScreen(facts, district.adcode);
      if (!screen) throw new Error("no screen");
      expect(layoutFaults(screen)).toEqual([]);
      for (const tile of screen.tiles) expect(checkTile(tile.widget, tile.settings, facts), tile.id).toEqual([]);
    }
    expect(districtScreen(facts, "999999")).toBeNull();
  });

  it("come with JSON Schemas that match the code (npm run schemas writes them)", () => {
    for (const [name, text] of Object.entries(schemaFiles())) expect(readFileSync(path.join(CITIES, name), "utf8") === text, name).toBe(true);
  });
});

describe("checkTile", () => {
  it.each([
    ["unknown", {}, "widget"], ["figure", {}, "settings.metric"], ["figure", { metric: "cases-today", colour: 1 }, "settings.colour"], ["figure", { metric: "tides" }, "settings.metric"],
    ["figure", { metric: "cases-today", district: "999999" }, "settings.district"], ["figure", { metric: "cloud-cpu", district: "320706" }, "settings.metric"],
    ["line", { series: [{ metric: "cases-today" }, { metric: "tides" }] }, "settings.series[1].metric"], ["map", { layers: [{ type: "points", layer: "boats" }] }, "settings.layers[0].layer"],
    ["gauge", { metric: "cloud-cpu", min: 5, max: 5 }, "settings.max"], ["image", { src: "https://example.com/x.png", alt: { zh: "图", en: "x" } }, "settings.src"], ["video", { src: "//elsewhere/x.m3u8" }, "settings.src"],
  ])("names the field at fault in %s %j: %s", (widget, settings, field) => {
    expect(checkTile(widget, settings, facts).map((fault) => fault.field)).toContain(field);
  });
});
