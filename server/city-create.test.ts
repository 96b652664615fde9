import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import type { Position } from "geojson";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTile } from "../components/widgets/check-tile";
import { Catalogue } from "../lib/cities/catalogue";
import { districtOf } from "../lib/contract/city";
import { createCity, type CityCreateOptions } from "./city-create";
import { checkOutlines, normalised, selfCrossing } from "./outlines";
import { englishName, shortNames } from "./place-names";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-create-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const square = (lon: number, lat: number, side = 0.2): Position[] => [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]];
const feature = (adcode: string, name: string, ring: Position[]): object => ({ type: "Feature", properties: { adcode: Number(adcode), name }, geometry: { type: "Polygon", coordinates: [ring] } });

async function create(features: object[], more: Partial<CityCreateOptions> = {}): ReturnType<typeof createCity> {
  const outlines = path.join(folder, "outlines.geojson");
  await writeFile(outlines, JSON.stringify({ type: "FeatureCollection", features }));
  return createCity({ id: "yuncheng", adcode: "999900", zh: "云城市", outlines, crs: "gcj02", timeZone: "Asia/Shanghai", cities: folder, force: true, ...more });
}

const THREE = [feature("999901", "东湖区", square(118, 34)), feature("999902", "西安县", square(118.2, 34)), feature("999903", "花都区", square(118, 34.2))];

describe("city create", () => {
  it("makes a folder that the product takes as it is, every screen of it", async () => {
    const made = await create(THREE);
    expect([made.districts, made.screens.length, made.warnings]).toEqual([3, 4, []]);
    const catalogue = new Catalogue(folder, checkTile);
    await catalogue.look();
    expect([...catalogue.broken]).toEqual([]);
    for (const [name, entry] of catalogue.screens("yuncheng")) expect([name, entry.error]).toEqual([name, null]);
    const city = catalogue.city("yuncheng")?.facts;
    expect(city?.name).toEqual({ zh: "云城市", en: "Yuncheng" });
    expect(city && districtOf(city, "999902")?.name).toEqual({ zh: "西安县", en: "Xi’an County" });
    expect(city && districtOf(city, "999903")?.short).toEqual({ zh: "花都", en: "Huadu" });
  });

  it("converts GCJ-02 once, and leaves WGS-84 as it is", async () => {
    const corner = async (crs: "gcj02" | "wgs84"): Promise<[number, number]> => {
      await create(THREE, { crs });
      const { features } = JSON.parse(await readFile(path.join(folder, "yuncheng/districts.geojson"), "utf8")) as { features: { geometry: { coordinates: [number, number][][][] } }[] };
      return features[0]?.geometry.coordinates[0]?.[0]?.[0] ?? [0, 0];
    };
    expect(await corner("wgs84")).toEqual([118, 34]);
    const [lon, lat] = await corner("gcj02");
    const metres = Math.hypot((lon - 118) * 92_300, (lat - 34) * 111_320);
    expect(metres).toBeGreaterThan(300);
    expect(metres).toBeLessThan(900);
  });

  it.each([
    ["features[1].properties.adcode", [THREE[0], { ...feature("1", "x", square(119, 34)) }]],
    ["features[1].properties.name", [THREE[0], feature("999905", " ", square(119, 34))]],
    ["features[1].properties.adcode: \"999901\" is that of features[0] as well", [THREE[0], feature("999901", "又一区", square(119, 34))]],
    ["overlaps 重叠区 by", [THREE[0], feature("999905", "重叠区", square(118.1, 34.1))]],
    ["crosses itself", [feature("999905", "蝴蝶区", [[118, 34], [118.2, 34.2], [118.2, 34], [118, 34.2], [118, 34]])]],
    ["fewer than three corners", [feature("999905", "线区", [[118, 34], [118.2, 34.2], [118, 34]])]],
    ["is not a longitude and latitude", [feature("999905", "远区", [[34, 118], [34.2, 118], [34.2, 118.2], [34, 118]])]],
    ["must be a FeatureCollection with a feature", []],
  ])("refuses what cannot be a map, naming the place: %s", async (message, features) => {
    await expect(create(features as object[], { crs: "wgs84" })).rejects.toThrow(message);
  });

  it("refuses a name that is taken, an id that is none, and a zone nobody knows", async () => {
    await create(THREE);
    await expect(create(THREE, { force: false })).rejects.toThrow("--id");
    await expect(create(THREE, { id: "Yun Cheng" })).rejects.toThrow("--id");
    await expect(create(THREE, { timeZone: "Mars/Olympus" })).rejects.toThrow("timeZone");
  });

  it("closes what is open, and says so", async () => {
    const made = await create([feature("999901", "东湖区", square(118, 34).slice(0, -1))]);
    expect(made.warnings).toEqual(["features[0] (东湖区) polygon 0 ring 0: was open and has been closed"]);
  });
});

describe("outlines", () => {
  it("turn the way RFC 7946 wants whichever way they came, and stay closed", () => {
    fc.assert(fc.property(fc.double({ min: 100, max: 120, noNaN: true }), fc.double({ min: 20, max: 40, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }), fc.boolean(), (lon, lat, side, backwards) => {
      const ring = backwards ? square(lon, lat, side).reverse() : square(lon, lat, side);
      const { outlines, faults } = checkOutlines(normalised([{ adcode: "1", name: "x", polygons: [[ring]] }], "wgs84"));
      const [out = []] = outlines[0]?.polygons[0] ?? [];
      const area = out.slice(0, -1).reduce((sum, [x = 0, y = 0], i) => sum + x * (out[i + 1]?.[1] ?? 0) - (out[i + 1]?.[0] ?? 0) * y, 0);
      expect(faults).toEqual([]);
      expect(area).toBeGreaterThan(0);
      expect(out[0]).toEqual(out[out.length - 1]);
    }));
  });

  it("that touch do not overlap; a star crosses itself", () => {
    expect(selfCrossing(square(1, 1))).toBe(-1);
    expect(selfCrossing([[0, 0], [2, 6], [4, 0], [-1, 4], [5, 4], [0, 0]])).toBeGreaterThanOrEqual(0);
  });
});

describe("English names", () => {
  it.each([["连云港市", "Lianyungang"], ["海州区", "Haizhou District"], ["东海县", "Donghai County"], ["潮安区", "Chao’an District"], ["大埔县", "Dabu County"], ["台州市", "Taizhou"], ["六安市", "Lu’an"], ["乳源自治县", "Ruyuan Autonomous County"], ["杨舍镇", "Yangshe Town"], ["城区", "Urban District"]])("%s is %s", (zh, en) => expect(englishName(zh)).toBe(en));
  it("are short where there is little room", () => expect(["海州区", "沛县", "城区"].map((zh) => shortNames(zh))).toEqual([{ zh: "海州", en: "Haizhou" }, { zh: "沛县", en: "Pei" }, { zh: "城区", en: "Urban District" }]));
});
