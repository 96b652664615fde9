import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressMoments } from "./address-moments";

const of = (query: string) => addressMoments(new URLSearchParams(query));

describe("moments of an address", () => {
  it("are those that it names, with an offset escaped or not", () => {
    const at = Date.parse("2026-11-20T02:20:00Z");
    for (const text of ["2026-11-20T10:20:00%2B08:00", "2026-11-20T10:20:00+08:00", "2026-11-20T02:20:00.000Z"])
      expect(of(`at=${text}`), text).toEqual({ at, beside: null, range: null, refused: null });
    expect(of("view=analysis&from=2026-11-20T00:00:00Z&to=2026-11-20T02:20:00Z").range).toEqual([
      Date.parse("2026-11-20T00:00:00Z"),
      at,
    ]);
    expect(of("lang=zh")).toEqual({ at: null, beside: null, range: null, refused: null });
  });

  it("come back as a page writes them", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }), (date) => {
        const ask = new URLSearchParams({ at: date.toISOString() });
        expect(addressMoments(ask).at).toBe(date.getTime());
      }),
    );
  });

  it("are refused by name where no calendar has them or their zone is missing, and not taken for another day", () => {
    for (const text of [
      "2026-11-31T10:00:00Z",
      "2026-02-29T10:00:00Z",
      "2026-13-01T10:00:00Z",
      "2026-00-01T10:00:00Z",
      "2026-11-00T10:00:00Z",
      "2026-11-20T25:00:00Z",
      "2026-11-20T24:00:00Z",
      "2026-11-20T10:60:00Z",
      "2026-11-20T10:00:00",
      "2026-11-20",
      "yesterday",
      "",
    ]) {
      const ask = new URLSearchParams({ at: text });
      expect(addressMoments(ask), text).toEqual({
        at: null,
        beside: null,
        range: null,
        refused: { name: "at", text, why: "none" },
      });
    }
    const good = "2026-11-20T10:00:00Z";
    expect(of(`at=${good}&beside=2026-11-31T10:00:00Z`)).toMatchObject({ beside: null, refused: { name: "beside" } });
    expect(of(`view=analysis&from=2026-11-31T00:00:00Z&to=2026-12-02T00:00:00Z`)).toMatchObject({
      range: null,
      refused: { name: "from" },
    });
  });

  it("are no range where the end does not lie after the beginning", () => {
    const [early, late] = ["2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"];
    for (const [from, to] of [
      [late, early],
      [early, early],
    ])
      expect(of(`view=analysis&from=${from}&to=${to}`)).toMatchObject({
        range: null,
        refused: { name: "to", text: to, why: "order" },
      });
    expect(of(`from=${late}&to=${early}`).refused).toBeNull();
  });
});
