import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCity, loadScreen } from "./load";

const CITIES = path.resolve(import.meta.dirname, "../../cities");
let root = "";

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "citywall-names-"));
  await cp(path.join(CITIES, "guangdong"), path.join(root, "guangdong"), { recursive: true });
  await rename(path.join(root, "guangdong/subdivisions"), path.join(root, "guangdong/parts"));
  for (const name of ["city.json", "metrics.json"]) {
    const file = path.join(root, "guangdong", name);
    await writeFile(file, (await readFile(file, "utf8")).replaceAll('"subdivisions":', '"parts":'));
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe("a city written for an earlier version", () => {
  it("is read as it is under the present names", async () => {
    const [then, now] = [await loadCity(root, "guangdong"), await loadCity(CITIES, "guangdong")];
    expect(then).toEqual(now);
    expect(now.subdivisions.size).toBeGreaterThan(0);
  });

  it("has its maps' settings under the present name", async () => {
    const { facts } = await loadCity(root, "guangdong");
    const map = {
      id: "map",
      widget: "map",
      box: { x: 0, y: 0, w: 4, h: 4 },
      settings: { parts: "440100", layers: [{ type: "outlines" }] },
    };
    const ring = { id: "ring", widget: "ring", box: { x: 4, y: 0, w: 4, h: 4 }, settings: { parts: [1, 2] } };
    const screen = { title: { zh: "图", en: "Map" }, grid: { columns: 24, rows: 12 }, tiles: [map, ring] };
    await writeFile(path.join(root, "guangdong/screens/old.json"), JSON.stringify(screen));
    const { tiles } = await loadScreen(root, facts, "old", () => []);
    expect(tiles.map(({ settings }) => settings)).toEqual([
      { subdivisions: "440100", layers: [{ type: "outlines" }] },
      { parts: [1, 2] },
    ]);
  });
});
