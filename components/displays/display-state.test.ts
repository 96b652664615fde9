import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DisplayItem } from "@/lib/contract/api/displays";
import { isBehind, stateOf } from "./display-state";
import { refusalWords } from "./words";

const LIST = { silent: 90_000 };
const NOW = 10_000_000;
const health = { connected: true, faults: 0, skipped: 0, up: 60, width: 1920, height: 1080 };
const item = (more: Partial<DisplayItem> = {}): DisplayItem => ({
  id: "1",
  title: "Hall",
  city: "lianyungang",
  screen: "overview",
  made: 0,
  madeBy: "local",
  seen: NOW - 20_000,
  address: "",
  version: "one",
  painted: NOW - 20_500,
  health,
  withdrawn: null,
  ...more,
});

describe("a display", () => {
  it("is online only while it is heard of, draws, and live readings come to it", () => {
    expect(stateOf(item(), NOW, LIST)).toBe("live");
    expect(stateOf(item({ seen: NOW - 90_000 }), NOW, LIST)).toBe("silent");
    expect(stateOf(item({ painted: NOW - 80_000 }), NOW, LIST)).toBe("dark");
    expect(stateOf(item({ painted: null }), NOW, LIST)).toBe("dark");
    expect(stateOf(item({ painted: null, health: { ...health, up: 1 } }), NOW, LIST)).toBe("live");
    expect(stateOf(item({ painted: null, health: null }), NOW, LIST)).toBe("dark");
    expect(stateOf(item({ health: { ...health, connected: false } }), NOW, LIST)).toBe("cut");
    expect(stateOf(item({ seen: null, painted: null, health: null }), NOW, LIST)).toBe("waiting");
    expect(stateOf(item({ withdrawn: NOW }), NOW, LIST)).toBe("withdrawn");
  });

  it("never looks alive past its limit, whatever it said last", () => {
    const moment = fc.option(fc.integer({ min: 0, max: NOW }), { nil: null });
    fc.assert(
      fc.property(
        moment,
        moment,
        fc.boolean(),
        fc.integer({ min: 0, max: 300_000 }),
        (seen, painted, connected, later) => {
          const now = NOW + later;
          const state = stateOf(item({ seen, painted, health: { ...health, connected } }), now, LIST);
          if (state === "live")
            expect(seen !== null && now - seen < 90_000 && painted !== null && connected).toBe(true);
        },
      ),
    );
  });

  it("is behind where it runs other pages than those that are served", () => {
    expect(isBehind({ version: "one" }, { build: "two" })).toBe(true);
    expect(isBehind({ version: "two" }, { build: "two" })).toBe(false);
    expect(isBehind({ version: "" }, { build: "two" })).toBe(false);
    expect(isBehind({ version: "one" }, { build: "dev" })).toBe(false);
  });
});

describe("what was refused", () => {
  it("is told in the page's language, also where nobody foresaw it", () => {
    expect(refusalWords("en", "taken", "title")).toContain("already");
    expect(refusalWords("zh", "bad-parameter", "code")).toContain("8个字母");
    for (const code of [undefined, "internal", "__proto__"])
      expect(refusalWords("en", code, undefined)).toContain("try again");
  });
});
