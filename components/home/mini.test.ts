import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import type { Tile } from "@/lib/contract/screens";
import { miniTiles, miniWanted } from "./mini";

const { facts: city } = await loadCity(path.resolve(import.meta.dirname, "../../cities"), "lianyungang");
const tile = (id: string, widget: string, settings: Tile["settings"], more: Partial<Tile> = {}): Tile => ({
  id,
  widget,
  box: { x: 6, y: 3, w: 12, h: 6 },
  settings,
  ...more,
});
const grid = { columns: 24, rows: 12 };

describe("a screen's small picture", () => {
  it("has each tile where it stands on the screen, a backdrop first and under all others", () => {
    const tiles = [tile("now", "figure", { metric: "cases-today" }), tile("map", "map", {}, { backdrop: true })];
    expect(miniTiles(city, { tiles, grid }).map(({ id, box }) => [id, box])).toEqual([
      ["map", { left: 0, top: 0, width: 100, height: 100 }],
      ["now", { left: 25, top: 25, width: 50, height: 50 }],
    ]);
  });

  const shown = (widget: string, settings: Tile["settings"]) =>
    miniTiles(city, { tiles: [tile("one", widget, settings)], grid })[0]?.content;
  const topics = (widget: string, settings: Tile["settings"]) => {
    const content = shown(widget, settings);
    return content
      ? miniWanted(city, content).map(({ topic, span }) => [topic.slice("reading/lianyungang/".length), span])
      : [];
  };

  it("shows a figure's and a gauge's own number, and the first six of a group of figures", () => {
    expect(topics("figure", { metric: "cases-today" })).toEqual([["all/cases-today", 0]]);
    expect(topics("gauge", { metric: "congestion-index", district: "320706" })).toEqual([
      ["320706/congestion-index", 0],
    ]);
    const items = ["a", "b", "c", "d", "e", "f", "g"].map((metric) => ({ metric, compare: "day" }));
    expect(topics("figures", { items }).map(([topic]) => topic)).toEqual([
      "all/a",
      "all/b",
      "all/c",
      "all/d",
      "all/e",
      "all/f",
    ]);
  });

  it("shows a bar or row of each district where a metric has districts, and none of several metrics", () => {
    expect(shown("bar", { metrics: ["cases-today"] })).toMatchObject({ shows: "bars" });
    expect(topics("bar", { metrics: ["cases-today"] })).toHaveLength(city.districts.length);
    expect(topics("table", { metrics: ["cases-today", "online-rate"] })[0]).toEqual(["320703/cases-today", 0]);
    expect(shown("bar", { metrics: ["cases-today", "online-rate"] })).toEqual({ shows: "nothing" });
    expect(shown("table", { rows: "metrics", metrics: ["cases-today"] })).toEqual({ shows: "nothing" });
  });

  it("shows lines over the time that the tile shows, and over a day and more what each hour added to a day's count", () => {
    expect(topics("line", { series: [{ metric: "mean-speed" }] })).toEqual([["all/mean-speed", 900]]);
    expect(topics("line", { series: [{ metric: "mean-speed" }], span: 86_400 })).toEqual([["all/mean-speed", 86_400]]);
    expect(shown("line", { series: [{ metric: "cases-today" }], span: 86_400 })).toMatchObject({
      shows: "rises",
      span: 86_400,
    });
    expect(topics("sparklines", { items: [{ metric: "app-online" }] })).toEqual([["all/app-online", 21_600]]);
  });

  it("shows a map in the colours of the metric that its districts are filled by, an event list by its feed", () => {
    const layers = [{ type: "district-fill", metric: "cases-today" }, { type: "events" }];
    expect(shown("map", { layers })).toMatchObject({
      shows: "land",
      outlines: "/api/v1/cities/lianyungang/districts.geojson",
    });
    expect(topics("map", { layers })).toHaveLength(city.districts.length);
    expect(topics("map", { layers: [{ type: "events" }] })).toEqual([]);
    expect(shown("event-list", {})).toEqual({ shows: "events" });
  });

  it("shows nothing of a widget that it has no picture of, or whose settings it cannot read", () => {
    expect(shown("sankey", {})).toEqual({ shows: "nothing" });
    expect(topics("line", { series: "mean-speed" })).toEqual([]);
    expect(topics("figure", {})).toEqual([]);
  });
});
