import { describe, expect, it } from "vitest";
import { completenessRows, ratio } from "./metric-math";

const MIDNIGHT = Date.parse("2026-11-20T00:00:00+08:00");
const HOUR = 3_600_000;

describe("completeness", () => {
  it("lies in rows of local days, unknown hours empty", () => {
    const hours = Array.from({ length: 30 }, (_, i) => ({ at: MIDNIGHT - 2 * HOUR + i * HOUR, complete: i === 5 ? 0.5 : 1 }));
    const rows = completenessRows(hours, "Asia/Shanghai");
    expect(rows.map((row) => row.day)).toEqual(["11-19", "11-20", "11-21"]);
    expect(rows.map((row) => row.cells.filter((cell) => cell !== null).length)).toEqual([2, 24, 4]);
    expect([rows[1]?.cells[3], rows[0]?.cells[22], rows[0]?.cells[21]]).toEqual([0.5, 1, null]);
  });

  it("does not round a gap away", () => {
    expect([ratio([]), ratio([{ at: 0, complete: 1 }]), ratio([{ at: 0, complete: 0.9999 }])]).toEqual(["–", "100.0 %", "99.9 %"]);
  });
});
