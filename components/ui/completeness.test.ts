import { describe, expect, it } from "vitest";
import { completenessRows, ratio, total } from "./completeness";

const MIDNIGHT = Date.parse("2026-11-20T00:00:00+08:00");
const HOUR = 3_600_000;
const hour = (at: number, due: number, met: number) => ({ at, due, met, complete: met / due });

describe("completeness", () => {
  it("lies in rows of local days, hours in which nothing was due empty", () => {
    const hours = Array.from({ length: 30 }, (_, i) => hour(MIDNIGHT - 2 * HOUR + i * HOUR, 60, i === 5 ? 30 : 60));
    const rows = completenessRows(hours, "Asia/Shanghai");
    expect(rows.map((row) => row.day)).toEqual(["11-19", "11-20", "11-21"]);
    expect(rows.map((row) => row.cells.filter((cell) => cell !== null).length)).toEqual([2, 24, 4]);
    expect([rows[1]?.cells[3], rows[0]?.cells[22], rows[0]?.cells[21]]).toEqual([
      { due: 60, met: 30 },
      { due: 60, met: 60 },
      null,
    ]);
  });

  it("puts an hour that the clock shows twice in one cell, and leaves out one that it skips", () => {
    const day = (start: string, hours: number) =>
      completenessRows(
        Array.from({ length: hours }, (_, i) => hour(Date.parse(start) + i * HOUR, 10, i === 1 ? 0 : 10)),
        "America/Los_Angeles",
      );
    const [long, ...more] = day("2026-11-01T00:00:00-07:00", 25);
    expect([more, long?.cells[1], long?.cells.every((cell) => cell !== null)]).toEqual([
      [],
      { due: 20, met: 10 },
      true,
    ]);
    const [short, ...rest] = day("2026-03-08T00:00:00-08:00", 23);
    expect([rest, short?.cells[1], short?.cells[2], short?.cells[3]]).toEqual([
      [],
      { due: 10, met: 0 },
      null,
      { due: 10, met: 10 },
    ]);
  });

  it("weighs hours by what was due in them, and does not round a gap away", () => {
    expect(total([hour(0, 60, 60), hour(HOUR, 3, 0)])).toEqual({ due: 63, met: 60 });
    expect([ratio(total([])), ratio({ due: 7, met: 7 }), ratio({ due: 604_800, met: 604_799 })]).toEqual([
      "–",
      "100.0 %",
      "99.9 %",
    ]);
  });
});
