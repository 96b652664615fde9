import { expect, it } from "vitest";
import { MapFault } from "./map-fault";
import { seaTile, tileLayer, varint } from "./test-archive";
import { layersOfTile } from "./vector-tile";

const bytes = (...parts: (number | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.from([part]) : part)));
const part = (tag: number, content: Buffer): Buffer => bytes(varint(tag * 8 + 2), varint(content.length), content);
/** A layer with one shape of this geometry. */
const layerWith = (geometry: Buffer): Buffer =>
  part(3, bytes(part(1, Buffer.from("x")), part(2, part(4, geometry)), varint(15 * 8), 2));

it("layers of a tile are told by name, with how many features they have", () => {
  const line: [number, number][] = [[0, 0], [10, 10]]; // prettier-ignore
  const tile = Buffer.concat([seaTile(), tileLayer("place", line, ["class", "city"], 2)]);
  expect([...layersOfTile(tile)]).toEqual([
    ["water", 1],
    ["transportation", 1],
    ["place", 1],
  ]);
  expect([...layersOfTile(Buffer.alloc(0))]).toEqual([]);
});

it.each<[string, Buffer, string]>([
  ["a cut-off number", Buffer.from([0x80]), "is cut off"],
  ["a field beyond its end", Buffer.from([0x1a, 100, 0]), "reaches beyond its end"],
  ["a wire type nobody knows", Buffer.from([0x1b]), "wire type 3"],
  ["a number of eleven bytes", Buffer.alloc(11, 0xff), "too long"],
  ["a layer without a name", part(3, part(2, Buffer.alloc(0))), "has no name"],
  ["a geometry of a command nobody knows", layerWith(bytes(varint(8 + 3))), "command 3"],
  ["a ring that is closed half a billion times", layerWith(bytes(varint(2 ** 29 * 8 + 7))), "command 7"],
  ["a line of half a billion points", layerWith(bytes(varint(2 ** 29 * 8 + 2), 1, 1)), "is cut off"],
])("%s is no vector tile", (_name, tile, what) => {
  expect(() => layersOfTile(tile)).toThrow(MapFault);
  expect(() => layersOfTile(tile)).toThrow(what);
});
