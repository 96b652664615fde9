import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { isTurn } from "./turned";

describe("a turn of screens", () => {
  it("is from one screen of a page to another; the first screen of a page, and the same one again, come as they are", () => {
    expect([isTurn(null, "a/overview"), isTurn("a/overview", "a/overview"), isTurn("a/overview", "a/traffic")]).toEqual(
      [false, false, true],
    );
  });
});

describe("tiles that come in stages", () => {
  const css = readFileSync(path.join(import.meta.dirname, "turned.css"), "utf8");

  it("are all there within 400 ms, by opacity and transforms alone, never from nothing, and not where less motion is asked for", () => {
    const duration = Number(/animation: tile-in (\d+)ms/.exec(css)?.[1]);
    const latest = Number(/animation-delay: min\((\d+)ms/.exec(css)?.[1]);
    expect(duration + latest).toBeLessThanOrEqual(400);
    const frames = /@keyframes tile-in \{([\s\S]*?)\n {2}\}/.exec(css)?.[1] ?? "";
    const properties = [...frames.matchAll(/^\s+([a-z-]+):/gm)].map((match) => match[1]);
    expect(properties.sort()).toEqual(["opacity", "transform"]);
    // A wall that went dark for a moment at each turn would flash.
    expect(Number(/opacity: ([\d.]+)/.exec(frames)?.[1])).toBeGreaterThanOrEqual(0.3);
    expect(css.indexOf("prefers-reduced-motion: no-preference")).toBeLessThan(css.indexOf("animation"));
  });
});
