import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import type { HomeCity } from "./home";
import { entriesOf, search } from "./search";

const CITIES = path.resolve(import.meta.dirname, "../../cities");
const grid = { columns: 24, rows: 12 };
const layout = { title: { zh: "", en: "" }, order: 0, grid, wideGrid: grid, tiles: [] };

async function cityWith(id: string, screens: [string, string, string][]): Promise<HomeCity> {
  const { facts } = await loadCity(CITIES, id);
  return { facts, screens: screens.map(([id, zh, en]) => ({ id, title: { zh, en }, layout, error: null })) };
}
const entries = entriesOf([
  await cityWith("lianyungang", [
    ["overview", "城市总览", "Overview"],
    ["traffic", "交通运行", "Traffic"],
  ]),
  await cityWith("guangdong", [["overview", "全省总览", "Overview"]]),
]);
const found = (query: string, lang: "zh" | "en" = "zh"): string[] =>
  search(entries, query, lang).map(({ kind, title, of }) => `${kind} ${title} (${of})`);

describe("the front page's search", () => {
  it("finds places, screens and indicators by their names in either language, and links to each", () => {
    expect(found("海州")[0]).toBe("place 海州区 (连云港)");
    expect(found("haizhou", "en")[0]).toBe("place Haizhou District (Lianyungang)");
    expect(search(entries, "traffic", "zh")[0]).toMatchObject({ kind: "screen", href: "/wall/lianyungang/traffic" });
    expect(search(entries, "今日办件量", "zh").map(({ href }) => href)).toContain("/metric/lianyungang/cases-today");
    expect(search(entries, "320706", "zh")[0]).toMatchObject({ href: "/district/lianyungang/320706" });
    expect(search(entries, "越秀", "zh")[0]).toMatchObject({ href: "/district/guangdong/440104" });
  });

  it("takes several words together, one of which may name the place", () => {
    expect(found("guangdong overview", "en")).toEqual(["screen Overview (Guangdong)"]);
    expect(found("overview", "en")).toHaveLength(2);
  });

  it("has the name itself before those that only hold it, and no more of each kind than are read", () => {
    expect(found("广州")[0]).toBe("place 广州市 (广东)");
    const all = search(entries, "a", "en");
    for (const kind of ["place", "screen", "metric"])
      expect(all.filter((one) => one.kind === kind).length).toBeLessThanOrEqual(6);
  });

  it("finds nothing of nothing, nor of what nothing is called", () => {
    expect([found(""), found("  "), found("atlantis")]).toEqual([[], [], []]);
  });
});
