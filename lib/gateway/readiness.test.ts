import { describe, expect, it } from "vitest";
import { Descriptors } from "./descriptors";
import { makeReadiness } from "./readiness";

const catalogue = { cities: () => [{} as never], unreadable: null };
const clock = () => null;
const open = (count: number): Descriptors =>
  new Descriptors(
    () => 0,
    () => ({ open: count, limit: 1_000 }),
  );

describe("readiness", () => {
  it("warns when descriptors run low, and is false when next to none are left", () => {
    const at = (count: number) =>
      makeReadiness({ catalogue, clock, history: null, pages: null, descriptors: open(count) })();
    expect(at(500)).toMatchObject({ ready: true, parts: { descriptors: "ok" } });
    expect(at(900)).toMatchObject({ ready: true, parts: { descriptors: "900 of 1000 are open" } });
    expect(at(950)).toMatchObject({
      ready: false,
      reason: "descriptors: 950 of 1000 are open",
      parts: { descriptors: "950 of 1000 are open" },
    });
  });

  it("says nothing of descriptors where the system does not tell", () => {
    const descriptors = new Descriptors(
      () => 0,
      () => null,
    );
    expect(makeReadiness({ catalogue, clock, history: null, pages: null, descriptors })()).toEqual({
      ready: true,
      parts: { cities: "ok", clock: "ok" },
    });
  });

  it("is false while pages are not rendered, and names it", () => {
    const pages = { fault: "cannot render /: 500" };
    expect(makeReadiness({ catalogue, clock, history: null, pages })()).toMatchObject({
      ready: false,
      reason: "pages cannot render /: 500",
      parts: { pages: "cannot render /: 500" },
    });
  });
});
