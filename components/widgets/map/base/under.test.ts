import { describe, expect, it } from "vitest";
import { mayShowBoundaries } from "./boundaries";
import { ANCHORS } from "./drawing";
import { anchorOf } from "./under";

describe("a layer of the map's own", () => {
  it.each([
    ["neighbours", ANCHORS.land],
    ["neighbours-borders", ANCHORS.land],
    ["glow-0", ANCHORS.land],
    ["land", ANCHORS.land],
    ["district-fill", ANCHORS.fill],
    ["district-seats", null],
    ["outlines", ANCHORS.outlines],
    ["outlines-labels-names", null],
    ["land-lines", ANCHORS.outlines],
    ["vehicles", null],
  ])("%s lies before %s", (id, anchor) => expect(anchorOf(id)).toBe(anchor));
});

describe("boundaries of data that nobody reviewed", () => {
  it.each([
    ["Asia/Shanghai", false],
    ["Asia/Urumqi", false],
    ["Asia/Hong_Kong", false],
    ["Asia/Taipei", false],
    ["PRC", false],
    ["Europe/Monaco", true],
    ["America/New_York", true],
    ["Asia/Tokyo", true],
  ])("of a place in the zone %s are drawn: %s", (timeZone, drawn) =>
    expect(mayShowBoundaries({ timeZone })).toBe(drawn),
  );
});
