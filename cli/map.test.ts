import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveBytes, OPENMAPTILES, plainPicture, seaTile, worldTiles } from "../lib/maps/test-archive";
import { addMapOf, listMaps, removeMaps } from "./map";

const CITIES = path.resolve(import.meta.dirname, "../cities");
const AT = "2026-12-01T08:00:00Z";
/** A box around all of Lianyungang, and one that ends in it. */
const [AROUND, WITHIN] = [[118, 33.8, 120, 35.3] as const, [118, 33.8, 119.1, 35.3] as const];
let data: string;
let file: string;

beforeEach(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-map-"));
  file = path.join(data, "given.pmtiles");
});
afterEach(() => rm(data, { recursive: true, force: true }));

async function give(more: Partial<Parameters<typeof archiveBytes>[0]> = {}): Promise<void> {
  await writeFile(file, archiveBytes({ tiles: worldTiles(1, seaTile()), bounds: [...AROUND], ...more }));
}
const add = (city = "lianyungang", wishes: { relief?: boolean; attribution?: string; encoding?: string } = {}) =>
  addMapOf({ data, cities: CITIES }, city, file, { relief: false, ...wishes }, AT);

describe("npx citywall map", () => {
  it("adds a file, lists what there is and takes it away", async () => {
    await give({ metadata: { ...OPENMAPTILES, attribution: "© OpenStreetMap contributors" } });
    const { done, warnings } = await add();
    expect(done).toMatch(/^lianyungang: vector \(openmaptiles\), zooms 0 to 1, 0\.0 MB, 5 tiles$/);
    expect(warnings).toEqual([]);
    expect(await listMaps(data)).toEqual({
      lines: [
        "lianyungang: vector (openmaptiles), zooms 0 to 1, 0.0 MB, from given.pmtiles, added 2026-12-01; " +
          "© OpenStreetMap contributors",
      ],
      faults: [],
    });
    await expect(removeMaps(data, "lianyungang", "relief")).rejects.toThrow("lianyungang has no relief map");
    await expect(removeMaps(data, "lianyungang", "paper")).rejects.toThrow('"paper" is not vector, raster, relief');
    expect(await removeMaps(data, "lianyungang", undefined)).toEqual(["vector"]);
    expect(await listMaps(data)).toEqual({ lines: [], faults: [] });
  });

  it("says what should be looked at: a map that ends within the place, and one that names nobody", async () => {
    await give({ bounds: [...WITHIN] });
    const { warnings } = await add();
    expect(warnings[0]).toMatch(/^it covers [1-9]\d? % of lianyungang$/);
    expect(warnings[1]).toContain("names nobody to credit");
    expect((await add("lianyungang", { attribution: "© The City" })).warnings).toHaveLength(1);
  });

  it("refuses what cannot be drawn there, naming the file and why", async () => {
    await give({ bounds: [7.4, 43.7, 7.5, 43.8] });
    await expect(add()).rejects.toThrow(`${file}: header: bounds 7.4,43.7,7.5,43.8 are nowhere in lianyungang`);
    await writeFile(file, "hello");
    await expect(add()).rejects.toThrow(`${file}: does not begin with "PMTiles"`);
    await expect(add("atlantis")).rejects.toThrow('"atlantis" is not configured; there is ');
    await expect(add("lianyungang", { relief: true, encoding: "morse" })).rejects.toThrow('"morse" is not terrarium');
    await expect(add("lianyungang", { encoding: "mapbox" })).rejects.toThrow("which --relief adds");
    expect(await listMaps(data)).toEqual({ lines: [], faults: [] });
  });

  it("adds heights as they are told to be written", async () => {
    await give({ tiles: worldTiles(1, plainPicture(1, 2, 3)), type: 2, packing: 1, metadata: {} });
    expect((await add("lianyungang", { relief: true, encoding: "mapbox" })).done).toContain("relief (mapbox)");
    expect((await listMaps(data)).lines[0]).toContain("relief (mapbox)");
  });
});
