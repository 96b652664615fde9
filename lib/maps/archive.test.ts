import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkArchive } from "./archive";
import { MapFault } from "./map-fault";
import { archiveBytes, OPENMAPTILES, plainPicture, seaTile, worldTiles, type TestArchive } from "./test-archive";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-archive-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = (): string => path.join(folder, "one.pmtiles");
const vector = (more: Partial<TestArchive> = {}): Buffer => archiveBytes({ tiles: worldTiles(2, seaTile()), ...more });

async function faultOf(bytes: Buffer | string, relief = false): Promise<string> {
  await writeFile(file(), bytes);
  const error = await checkArchive(file(), relief).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MapFault)) throw new Error(`no fault but ${String(error)}`);
  return error.message;
}

/** The same bytes with some of them written over. */
function patched(bytes: Buffer, at: number, by: number | bigint): Buffer {
  const copy = Buffer.from(bytes);
  if (typeof by === "bigint") copy.writeBigUInt64LE(by, at);
  else copy.writeUInt8(by, at);
  return copy;
}

describe("an archive that can be drawn", () => {
  it("says what it is: vector tiles of a schema, with credits as plain text", async () => {
    const metadata = { ...OPENMAPTILES, attribution: '<a href="https://osm.org">&copy; OpenStreetMap</a>\u202e' };
    const bytes = vector({ metadata, bounds: [7.4, 43.7, 7.5, 43.8] });
    await writeFile(file(), bytes);
    expect(await checkArchive(file())).toEqual({
      kind: "vector",
      schema: "openmaptiles",
      attribution: "© OpenStreetMap",
      bounds: [7.4, 43.7, 7.5, 43.8],
      minZoom: 0,
      maxZoom: 2,
      entries: 21,
      bytes: bytes.length,
    });
  });

  it("may have leaf directories, be packed or not, and go by Protomaps' schema", async () => {
    await writeFile(file(), vector({ leaves: 4 }));
    expect((await checkArchive(file())).entries).toBe(21);
    const metadata = { vector_layers: [{ id: "earth" }, { id: "roads" }] };
    await writeFile(file(), vector({ internal: 1, packing: 1, metadata }));
    expect(await checkArchive(file())).toMatchObject({ schema: "protomaps", attribution: "" });
  });

  it("may be pictures, whose width is found, or heights, which only it or who adds it can say", async () => {
    const pictures = { tiles: worldTiles(1, plainPicture(1, 2, 3)), type: 2, packing: 1 };
    await writeFile(file(), archiveBytes({ ...pictures, metadata: {} }));
    expect(await checkArchive(file())).toMatchObject({ kind: "raster", tileSize: 256 });
    expect(await checkArchive(file(), true)).toMatchObject({ kind: "relief", encoding: "terrarium" });
    await writeFile(file(), archiveBytes({ ...pictures, metadata: { encoding: "mapbox" } }));
    expect(await checkArchive(file())).toMatchObject({ kind: "relief", encoding: "mapbox" });
  });
});

describe("an archive that cannot be drawn is refused by what is wrong with it", () => {
  const good = vector();
  const size = BigInt(good.length);
  it.each<[string, Buffer | string, RegExp]>([
    ["an empty file", "", /does not begin with "PMTiles"/],
    ["a page of a failed download", "<!doctype html>", /HTML or XML/],
    ["MBTiles", "SQLite format 3\u0000 and more", /MBTiles.*pmtiles convert/],
    ["a header cut off", good.subarray(0, 100), /has 100 bytes; the header alone has 127/],
    ["another version", patched(good, 7, 2), /version 2; version 3/],
    ["a file cut off", good.subarray(0, good.length - 1), /tile data would end at byte \d+, and the file has \d+/],
    ["a directory past the end", patched(good, 8, size), /root directory would end/],
    ["a metadata length beyond numbers", patched(good, 32, 2n ** 63n), /metadata would end/],
    ["a root directory beyond 16 KiB", patched(Buffer.concat([good, Buffer.alloc(20_000)]), 8, 17_000n), /first 16384/],
    ["no directory", patched(good, 16, 0n), /no directory/],
    ["a directory over the header", patched(good, 8, 0n), /lies over the header/],
    ["directories packed with brotli", patched(good, 97, 3), /internal compression is brotli/],
    ["tiles packed with zstd", patched(good, 98, 4), /tile compression is zstd/],
    ["a packing nobody knows", patched(good, 98, 77), /unknown kind 77/],
    ["tiles of MapLibre's own form", patched(good, 99, 6), /tiles are mlt/],
    ["tiles nobody knows", patched(good, 99, 50), /unknown type 50/],
    ["zooms that are no range", patched(good, 100, 9), /zooms 9 to 2/],
    ["no bounds", vector({ bounds: [0, 0, 0, 0] }), /bounds 0,0,0,0 are no box/],
    ["metadata that is no JSON", vector({ metadata: "{" }), /metadata: is no JSON/],
    ["metadata that is a list", vector({ metadata: "[]" }), /metadata: is no JSON object/],
    ["no layers", vector({ metadata: {} }), /vector_layers names no layer/],
    [
      "a foreign schema",
      vector({ metadata: { vector_layers: [{ id: "streets" }] } }),
      /layers streets are of no schema/,
    ],
    ["no tile", vector({ entries: () => [] }), /Empty directory|has no tile/],
    ["tiles that are none", vector({ tiles: worldTiles(0, Buffer.from([0xff])) }), /tile of zoom 0 .*no vector tile/],
    ["tiles that are pictures", vector({ type: 2 }), /tile of zoom \d.*is no png/],
    [
      "tiles past the end",
      vector({ entries: (all) => all.map((one, i) => (i === 3 ? { ...one, offset: 1e9 } : one)) }),
      /entry of tile 3 points beyond the end of the tile data/,
    ],
    [
      "a leaf past the end",
      vector({ entries: (all) => all.map((one, i) => (i === 3 ? { ...one, run: 0 } : one)) }),
      /entry of tile 3 points beyond the end of the leaf directories/,
    ],
    [
      "tiles out of order",
      vector({ entries: ([a, ...rest]) => [a, a, ...rest].flatMap((e) => e ?? []) }),
      /out of order/,
    ],
    ["tiles beyond its zooms", patched(good, 101, 1), /of zoom 2, beyond 1/],
  ])("%s", async (_name, bytes, what) => expect(await faultOf(bytes)).toMatch(what));

  it("heights that are no png or webp", async () => {
    expect(await faultOf(vector(), true)).toMatch(/heights are written as png or webp/);
  });

  it("a leaf directory that leads to itself does not lead on for ever", async () => {
    const bytes = vector({
      leaves: 30,
      entries: (all) => all.map((one) => ({ ...one, run: 0, offset: 0, length: 40 })),
    });
    expect(await faultOf(bytes)).toMatch(/director/);
  });

  it("a part that grows too large when it is unpacked is not unpacked", async () => {
    const bytes = vector({ metadata: JSON.stringify({ ...OPENMAPTILES, more: "x".repeat(5_000_000) }) });
    expect(await faultOf(bytes)).toMatch(/cannot be unpacked/);
  }, 20_000);

  it("whatever bit of it is another, and wherever it is cut off, it is drawn or refused, and nothing else happens", async () => {
    const archives = [vector(), vector({ internal: 1, packing: 1, leaves: 5 })];
    const damage = fc.record({
      of: fc.constantFrom(...archives),
      flips: fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(7)), {
        maxLength: 4,
      }),
      end: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ of, flips, end }) => {
        const bytes = Buffer.from(of);
        for (const [place, bit] of flips) {
          const at = Math.floor(place * bytes.length);
          bytes[at] = (bytes[at] as number) ^ (1 << bit);
        }
        await writeFile(file(), end === null ? bytes : bytes.subarray(0, Math.floor(end * bytes.length)));
        await checkArchive(file()).catch((error: unknown) => expect(error).toBeInstanceOf(MapFault));
      }),
      { numRuns: 300 },
    );
  });

  it("a file that is not there, or is a folder", async () => {
    await expect(checkArchive(path.join(folder, "none.pmtiles"))).rejects.toThrow("is not there");
    await expect(checkArchive(folder)).rejects.toThrow("is no file");
  });
});
