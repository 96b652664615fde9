import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Catalogue } from "@/lib/cities/catalogue";
import { cityNames, loadCity, loadScreen, screenNames } from "@/lib/cities/load";
import type { CityFacts } from "@/lib/contract/city";
import { layoutIssues } from "@/lib/contract/screens";
import { districtScreen } from "@/components/district/district-screen";
import { eventScreen, eventsScreen } from "@/components/events/event-screen";
import { schemaFiles } from "@/scripts/schemas";
import { checkTile } from "./check-tile";
import { widgets } from "./index";
import { layers } from "./map/layers";

const HERE = import.meta.dirname;
const CITIES = path.resolve(HERE, "../../cities");
const folders = (where: string): string[] =>
  readdirSync(where, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

const { facts } = await loadCity(CITIES, "lianyungang");
const all = await Promise.all((await cityNames(CITIES)).map(async (name) => (await loadCity(CITIES, name)).facts));

describe("registries", () => {
  it("name each widget like its folder and its type", () => {
    expect(Object.keys(widgets).sort()).toEqual(folders(HERE));
    for (const [key, { definition }] of Object.entries(widgets)) expect(definition.type).toBe(key);
  });

  it("name each map layer like its folder and its type", () => {
    expect(Object.keys(layers).sort()).toEqual(folders(path.join(HERE, "map/layers")));
    for (const [key, definition] of Object.entries(layers)) expect(definition.type).toBe(key);
  });

  it("hold samples that fit their own schema and city", () => {
    for (const [type, { definition }] of Object.entries(widgets))
      expect(checkTile(type, definition.sample, facts), type).toEqual([]);
    for (const definition of Object.values(layers))
      expect(checkTile("map", { layers: [definition.sample] }, facts), definition.type).toEqual([]);
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

  it.each(all.map((city) => [city.id, city] as const))(
    "%s: has outlines for exactly its districts and their subdivisions, as closed rings inside its bounds",
    (id, city) => {
      const ringsOf = (file: string, codes: string[]): [number, number][][] => {
        const { features } = JSON.parse(readFileSync(path.join(CITIES, id, file), "utf8")) as {
          features: { properties: { adcode: string }; geometry: { coordinates: [number, number][][][] } }[];
        };
        expect(features.map((f) => f.properties.adcode).sort(), file).toEqual([...codes].sort());
        return features.flatMap((f) => f.geometry.coordinates.flat());
      };
      const [[west, south], [east, north]] = city.bounds;
      const rings = ringsOf("districts.geojson", city.outlined ? city.districts.map((d) => d.adcode) : [city.adcode]);
      for (const district of city.districts.filter((d) => d.subdivisions))
        rings.push(
          ...ringsOf(
            `subdivisions/${district.adcode}.geojson`,
            (district.subdivisions ?? []).map((one) => one.adcode),
          ),
        );
      for (const ring of rings) {
        expect(ring[0]).toEqual(ring[ring.length - 1]);
        const out = ring.filter(([lon, lat]) => !(lon >= west && lon <= east && lat >= south && lat <= north));
        expect(out).toEqual([]);
      }
      for (const place of city.districts.flatMap((d) => [d, ...(d.subdivisions ?? [])]))
        expect(
          place.seat[0] >= west && place.seat[0] <= east && place.seat[1] >= south && place.seat[1] <= north,
          place.name.en,
        ).toBe(true);
    },
  );

  it("name everything in both languages, no Chinese left in the English", () => {
    const left: string[] = [];
    const look = (value: unknown, where: string): void => {
      if (typeof value !== "object" || value === null) return;
      const { zh, en } = value as { zh?: unknown; en?: unknown };
      if (typeof zh === "string" && (typeof en !== "string" || /[\u4e00-\u9fff]/.test(en)))
        left.push(`${where}: ${zh} / ${String(en)}`);
      for (const [key, inner] of Object.entries(value)) look(inner, `${where}.${key}`);
    };
    for (const city of all) {
      look(city, city.id);
      for (const file of readdirSync(path.join(CITIES, city.id, "screens")))
        look(JSON.parse(readFileSync(path.join(CITIES, city.id, "screens", file), "utf8")), file);
    }
    expect(left).toEqual([]);
  });

  it("depend on nothing whose time is over: without the metrics of an era every screen but the era's own is as good", async () => {
    for (const city of all) {
      const without = { ...city, metrics: city.metrics.filter((metric) => metric.era === undefined) };
      for (const name of await screenNames(CITIES, city.id)) {
        const ask = (facts: CityFacts): Promise<unknown> =>
          loadScreen(CITIES, facts, name, checkTile).then(
            () => "good",
            (error: Error) => error.message,
          );
        if (name === "epidemic") expect(await ask(without), city.id).not.toBe("good");
        else expect(await ask(without), `${city.id} ${name}`).toBe("good");
      }
    }
  });

  it("have a page for every event, of one and of all, that fits its widgets", () => {
    for (const city of all.filter(({ events }) => events)) {
      for (const screen of [eventsScreen(city), eventScreen(city, "e-1", city.districts[0]?.adcode ?? "all")]) {
        expect(layoutIssues(screen)).toEqual([]);
        for (const tile of screen.tiles)
          expect([city.id, tile.id, checkTile(tile.widget, tile.settings, city)]).toEqual([city.id, tile.id, []]);
      }
    }
  });

  it("have a page for each district that fits its grid and its widgets", () => {
    for (const [city, district] of all.flatMap((one) =>
      one.districts.flatMap((d) => [d, ...(d.subdivisions ?? [])]).map((d) => [one, d] as const),
    )) {
      const screen = districtScreen(city, district.adcode);
      if (!screen) throw new Error("no screen");
      expect(layoutIssues(screen)).toEqual([]);
      for (const tile of screen.tiles) expect(checkTile(tile.widget, tile.settings, city), tile.id).toEqual([]);
    }
    expect(districtScreen(facts, "999999")).toBeNull();
  });

  it("come with JSON Schemas that match the code (npm run schemas writes them)", () => {
    for (const [name, text] of Object.entries(schemaFiles()))
      expect(readFileSync(path.join(CITIES, name), "utf8") === text, name).toBe(true);
  });
});

describe("checkTile", () => {
  it.each([
    ["unknown", {}, "widget"],
    ["figure", {}, "settings.metric"],
    ["figure", { metric: "cases-today", colour: 1 }, "settings.colour"],
    ["figure", { metric: "tides" }, "settings.metric"],
    ["figure", { metric: "cases-today", district: "999999" }, "settings.district"],
    ["figure", { metric: "cloud-cpu", district: "320706" }, "settings.metric"],
    ["line", { series: [{ metric: "cases-today" }, { metric: "tides" }] }, "settings.series[1].metric"],
    ["map", { layers: [{ type: "points", layer: "boats" }] }, "settings.layers[0].layer"],
    ["gauge", { metric: "cloud-cpu", min: 5, max: 5 }, "settings.max"],
    ["image", { src: "https://example.com/x.png", alt: { zh: "图", en: "x" } }, "settings.src"],
    ["video", { src: "//elsewhere/x.m3u8" }, "settings.src"],
  ])("names the field at fault in %s %j: %s", (widget, settings, field) => {
    expect(checkTile(widget, settings, facts).map((issue) => issue.field)).toContain(field);
  });
});
