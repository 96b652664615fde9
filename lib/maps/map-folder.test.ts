import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MapFault } from "./map-fault";
import { addMap, kindsOf, mapFolder, placesWithMaps, readNote, removeMap } from "./map-folder";
import { checkBytes, openMapOf, type OpenedMap } from "./open-note";
import { archiveBytes, plainPicture, seaTile, worldTiles } from "./test-archive";

const AT = "2026-12-01T00:00:00Z";
let folder: string;
let data: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-maps-"));
  data = path.join(folder, "data");
  file = path.join(folder, "city.pmtiles");
  await writeFile(file, archiveBytes({ tiles: worldTiles(1, seaTile()) }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const add = (words = {}) => addMap({ data, city: "rivermouth", file }, words, AT);
const names = async (): Promise<string[]> => (await readdir(mapFolder(data, "rivermouth"))).sort();

async function opened(): Promise<OpenedMap> {
  const found = await openMapOf(data, "rivermouth", "vector");
  if (!found) throw new Error("no map");
  return found;
}

describe("a place's archives", () => {
  it("are copied for their own user alone, and told with what was said of them", async () => {
    await add({ attribution: "<b>© The City</b>" });
    expect(await placesWithMaps(data)).toEqual(["rivermouth"]);
    expect(await kindsOf(data, "rivermouth")).toEqual(["vector"]);
    const { file: kept, map } = await opened();
    expect(map).toMatchObject({ kind: "vector", schema: "openmaptiles", attribution: "© The City", maxZoom: 1 });
    expect(path.basename(kept)).toBe(`vector-${map.version}.pmtiles`);
    const modes = [(await stat(kept)).mode & 0o777, (await stat(path.dirname(kept))).mode & 0o777];
    expect(modes).toEqual([0o600, 0o700]);
    await checkBytes(await opened());
  });

  it("are replaced by a second one of the same kind, and stand beside those of another", async () => {
    await add();
    const before = await opened();
    await writeFile(file, archiveBytes({ tiles: worldTiles(2, seaTile()) }));
    await add();
    const after = await opened();
    expect(after.map.version).not.toBe(before.map.version);
    expect(await names()).toEqual([path.basename(after.file), "vector.json"]);
    await writeFile(
      file,
      archiveBytes({ tiles: worldTiles(1, plainPicture(9, 9, 9)), type: 2, packing: 1, metadata: {} }),
    );
    await add({ relief: true, encoding: "mapbox" });
    expect(await kindsOf(data, "rivermouth")).toEqual(["vector", "relief"]);
    expect((await openMapOf(data, "rivermouth", "relief"))?.map.encoding).toBe("mapbox");
  });

  it("stay as they are where a new file is refused, or does not suit", async () => {
    await add();
    const before = await names();
    await writeFile(file, "no archive");
    await expect(add()).rejects.toThrow(MapFault);
    await writeFile(file, archiveBytes({ tiles: worldTiles(2, seaTile()) }));
    const unfit = (): void => {
      throw new MapFault("is of another place");
    };
    await expect(addMap({ data, city: "rivermouth", file }, {}, AT, unfit)).rejects.toThrow("is of another place");
    expect(await names()).toEqual(before);
  });

  it("are gone when they are removed", async () => {
    await add();
    expect(await removeMap(data, "rivermouth", "raster")).toBe(false);
    expect(await removeMap(data, "rivermouth", "vector")).toBe(true);
    expect(await names()).toEqual([]);
    expect(await openMapOf(data, "rivermouth", "vector")).toBeNull();
  });

  it("are known for damaged when any bit of them has changed since", async () => {
    await add();
    const { file: kept } = await opened();
    const bytes = archiveBytes({ tiles: worldTiles(1, seaTile()) });
    for (let at = 0; at < bytes.length; at += 37) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 4;
      await writeFile(kept, damaged);
      await expect(opened().then(checkBytes)).rejects.toThrow(MapFault);
    }
    await writeFile(kept, bytes.subarray(0, 300));
    await expect(opened()).rejects.toThrow(/cut off/);
  });

  it("are named where their note is damaged or gone", async () => {
    await add();
    await writeFile(path.join(mapFolder(data, "rivermouth"), "vector.json"), "{}");
    await expect(readNote(data, "rivermouth", "vector")).rejects.toThrow("vector.json, is damaged");
    expect(await readNote(data, "nowhere", "vector")).toBeNull();
  });
});
