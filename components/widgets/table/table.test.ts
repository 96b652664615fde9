import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import path from "node:path";
import { columns, firstRow, rowsIn, rowsOf } from "./table-option";

const { facts } = await loadCity(path.resolve(import.meta.dirname, "../../../cities"), "lianyungang");

describe("table", () => {
  it("has the city and its districts as rows, units in the heads", () => {
    const settings = {
      rows: "districts" as const,
      metrics: ["cases-today", "online-rate"],
      district: "all",
      compare: "none" as const,
    };
    expect(columns(settings, facts, "en")).toEqual(["Cases today", "Handled online (%)"]);
    expect(columns({ ...settings, compare: "week" }, facts, "zh")).toEqual([
      "今日办件量 (件) · 较上周同期",
      "网上办理率 (%) · 较上周同期",
    ]);
    const rows = rowsOf(settings, facts, "zh", "全市");
    expect(rows.map((row) => row.name)).toEqual(["全市", "连云区", "海州区", "赣榆区", "东海县", "灌云县", "灌南县"]);
    // Each leads to the page of the place that it stands for.
    expect(rows.slice(0, 3).map((row) => row.place)).toEqual(["all", "320703", "320706"]);
    expect(rows[2]?.cells[1]).toEqual({
      topic: "reading/lianyungang/320706/online-rate",
      metric: "online-rate",
      district: "320706",
    });
  });

  it("lists every metric with its source when none is named", () => {
    const rows = rowsOf({ rows: "metrics", metrics: [], district: "all", compare: "none" }, facts, "zh", "全市");
    expect(rows.length).toBe(facts.metrics.length);
    expect(rows[0]).toMatchObject({ name: "今日活跃用户", unit: "人", source: "我的连云港" });
  });

  it("cuts no row: those that nearly fit move together, of many whole ones take turns", () => {
    expect(rowsIn(400, 10, 16)).toEqual({ height: 35.2, seen: 10 });
    expect(rowsIn(340, 10, 16)).toEqual({ height: 34, seen: 10 });
    const many = rowsIn(250, 150, 16);
    expect(many.seen * many.height).toBeCloseTo(250);
    expect(many.height).toBeGreaterThanOrEqual(35.2);
    const shown = new Set<number>();
    for (let page = 0; page < 30; page++) {
      const first = firstRow(150, many.seen, page * 10_000);
      for (let row = first; row < first + many.seen; row++) shown.add(row);
    }
    expect([shown.size, Math.max(...shown)]).toEqual([150, 149]);
    expect(firstRow(3, 7, 50_000)).toBe(0);
  });
});
