import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import type { Tile } from "@/lib/contract/screens";
import { miniTiles } from "./mini";

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

  it("shows the numbers and the districts' bars of its tiles live, and of all else only where it is", () => {
    const tiles = [
      tile("now", "figure", { metric: "cases-today" }),
      tile("load", "gauge", { metric: "congestion-index", district: "320706" }),
      tile("rank", "bar", { metrics: ["cases-today"] }),
      tile("kinds", "bar", { metrics: ["cases-today", "online-rate"] }),
      tile("line", "line", { series: [] }),
    ];
    expect(miniTiles(city, { tiles, grid }).map(({ shows, topics }) => [shows, topics[0], topics.length])).toEqual([
      ["number", "reading/lianyungang/all/cases-today", 1],
      ["number", "reading/lianyungang/320706/congestion-index", 1],
      ["bars", "reading/lianyungang/320703/cases-today", city.districts.length],
      ["nothing", undefined, 0],
      ["nothing", undefined, 0],
    ]);
  });
});
