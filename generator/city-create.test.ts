import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import type { Position } from "geojson";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTile } from "../components/widgets/check-tile";
import { Catalogue } from "../lib/cities/catalogue";
import { districtOf, type City } from "../lib/contract/city";
import { parseTopic, PLACE_CODE, readingTopic } from "../lib/contract/topics";
import { createCity, type CityCreateOptions } from "./city-create";
import { ownCityCode, ownCodes } from "./place-codes";
import { englishName, shortNames } from "./place-names";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-create-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const square = (lon: number, lat: number, side = 0.2): Position[] => [
  [lon, lat],
  [lon + side, lat],
  [lon + side, lat + side],
  [lon, lat + side],
  [lon, lat],
];
const facts = async (id: string): Promise<City> =>
  JSON.parse(await readFile(path.join(folder, id, "city.json"), "utf8")) as City;
const feature = (adcode: string, name: string, ring: Position[]): object => ({
  type: "Feature",
  properties: { adcode, name },
  geometry: { type: "Polygon", coordinates: [ring] },
});

async function create(features: object[], more: Partial<CityCreateOptions> = {}): ReturnType<typeof createCity> {
  const outlines = path.join(folder, "outlines.geojson");
  await writeFile(outlines, JSON.stringify({ type: "FeatureCollection", features }));
  return createCity({
    id: "yuncheng",
    adcode: "999900",
    name: "云城市",
    outlines,
    properties: { codes: "file" },
    crs: "gcj02",
    timeZone: "Asia/Shanghai",
    cities: folder,
    force: true,
    ...more,
  });
}

const THREE = [
  feature("999901", "东湖区", square(118, 34)),
  feature("999902", "西安县", square(118.2, 34)),
  feature("999903", "花都区", square(118, 34.2)),
];

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
    expect(city && districtOf(city, "999902")?.name).toEqual({ zh: "西安县", en: "Xi'an County" });
    expect(city && districtOf(city, "999903")?.short).toEqual({ zh: "花都", en: "Huadu" });
  });

  it("converts GCJ-02 once, and leaves WGS-84 as it is", async () => {
    const corner = async (crs: "gcj02" | "wgs84"): Promise<[number, number]> => {
      await create(THREE, { crs });
      const { features } = JSON.parse(await readFile(path.join(folder, "yuncheng/districts.geojson"), "utf8")) as {
        features: { geometry: { coordinates: [number, number][][][] } }[];
      };
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
    [
      'features[1].properties.adcode: "999901" is that of features[0] as well, which is 东湖区 and not 又一区',
      [THREE[0], feature("999901", "又一区", square(119, 34))],
    ],
    ["overlaps 重叠区 by", [THREE[0], feature("999905", "重叠区", square(118.1, 34.1))]],
    [
      "crosses itself",
      [
        feature("999905", "蝴蝶区", [
          [118, 34],
          [118.2, 34.2],
          [118.2, 34],
          [118, 34.2],
          [118, 34],
        ]),
      ],
    ],
    [
      "fewer than three corners",
      [
        feature("999905", "线区", [
          [118, 34],
          [118.2, 34.2],
          [118, 34],
        ]),
      ],
    ],
    [
      "is not a longitude and latitude",
      [
        feature("999905", "远区", [
          [34, 118],
          [34.2, 118],
          [34.2, 118.2],
          [34, 118],
        ]),
      ],
    ],
    ["must be a FeatureCollection with a feature", []],
  ])("refuses what cannot be a map, naming the place: %s", async (message, features) => {
    await expect(create(features as object[], { crs: "wgs84" })).rejects.toThrow(message);
  });

  it("refuses a name that is taken, an id that is none, and a zone nobody knows", async () => {
    await create(THREE);
    await expect(create(THREE, { force: false })).rejects.toThrow("--id");
    await expect(create(THREE, { id: "Yun Cheng" })).rejects.toThrow("--id");
    await expect(create(THREE, { timeZone: "Mars/Olympus" })).rejects.toThrow("--time-zone");
  });

  it.each([
    ["--time-zone", "Mars/Olympus"],
    ["--time-zone", "+08:00"],
  ])("checks the zone and names the option: %s %s", async (field, timeZone) => {
    await expect(create(THREE, { timeZone })).rejects.toThrow(`${field}: "${timeZone}" is not an IANA time zone`);
  });

  it("takes China's zone by itself there alone, and doubts one that is far from the sun", async () => {
    await create(THREE, { timeZone: undefined });
    expect((await facts("yuncheng")).timeZone).toBe("Asia/Shanghai");
    const far = [feature("06037", "Glendale", square(-118, 34))];
    await expect(create(far, { timeZone: undefined, adcode: "999900" })).rejects.toThrow(
      "--time-zone: is needed for a place outside China",
    );
    expect((await create(far, { timeZone: "Asia/Shanghai" })).warnings).toEqual([
      "--time-zone: Asia/Shanghai is 8 h from the sun at -117.9° of longitude; is it this city's?",
    ]);
    expect((await create(far, { timeZone: "america/los_angeles" })).warnings).toEqual([]);
    expect((await facts("yuncheng")).timeZone).toBe("America/Los_Angeles");
  });

  it("closes what is open, and says so", async () => {
    const made = await create([feature("999901", "东湖区", square(118, 34).slice(0, -1))]);
    expect(made.warnings).toEqual(["features[0] (东湖区) polygon 0 ring 0: was open and has been closed"]);
  });
});

describe("a city outside China", () => {
  const named = (properties: object, lon: number): object => ({
    type: "Feature",
    properties,
    geometry: { type: "Polygon", coordinates: [square(lon, 34)] },
  });
  const abroad: Partial<CityCreateOptions> = {
    id: "abroad",
    adcode: "US-CA",
    name: "California",
    crs: "wgs84",
    timeZone: "America/Los_Angeles",
  };

  it.each(["06037", "E09000001", "US-CA-037", "11000000", "DE300", "320706001"])(
    "keeps its districts' code %s, from the file to the topic",
    async (code) => {
      await create([feature(code, "Glendale", square(-118, 34))], abroad);
      const catalogue = new Catalogue(folder, checkTile);
      await catalogue.look();
      expect(catalogue.broken.get("abroad")).toBeUndefined();
      expect(catalogue.city("abroad")?.facts.districts[0]?.adcode).toBe(code);
      expect(parseTopic(readingTopic("abroad", code, "cases-today"))).toEqual({
        kind: "reading",
        city: "abroad",
        district: code,
        metric: "cases-today",
      });
      for (const [name, entry] of catalogue.screens("abroad")) expect([name, entry.error]).toEqual([name, null]);
    },
  );

  it.each(["1", "US--CA", "a/b", "USA.5_1", "ALL", "X".repeat(33)])(
    "refuses the code %s, naming the feature",
    async (code) => {
      await expect(create([feature(code, "Glendale", square(-118, 34))], abroad)).rejects.toThrow(
        "features[0].properties.adcode",
      );
    },
  );

  it("names the properties there are when none of them is the code, and takes the one that is chosen", async () => {
    const features = [named({ LAD23CD: "e09000001", LAD23NM: "City of London" }, 0)];
    await expect(create(features, abroad)).rejects.toThrow(
      "features[0].properties.adcode: is missing; the properties are LAD23CD, LAD23NM: choose one by --code-property",
    );
    await create(features, {
      ...abroad,
      timeZone: "Europe/London",
      properties: { codes: "file", code: "LAD23CD", name: "LAD23NM" },
    });
    expect((await facts("abroad")).districts.map(({ adcode, name }) => [adcode, name.en])).toEqual([
      ["E09000001", "City of London"],
    ]);
    await expect(
      create(features, { ...abroad, properties: { codes: "own", name: "LAD23NM", nameEn: "english" } }),
    ).rejects.toThrow("features[0].properties.english: is missing");
  });

  it("leaves names in letters alone and takes English ones where they are given", async () => {
    await create(
      [
        named({ code: "AAA", name: "Glendale" }, 10),
        named({ code: "BBB", NAME: "Saint-Étienne" }, 11),
        named({ code: "CCC", name: "Straßfurt" }, 12),
        named({ code: "DDD", name: "Москва" }, 13),
        named({ code: "EEE", name: "القاهرة", "name:en": "Cairo" }, 14),
        named({ code: "FFF", name: "千代田区", name_en: "Chiyoda" }, 15),
        named({ code: "GGG", NAME_EN: "Lake County" }, 16),
        named({ code: "HHH", name: "Gent", "name:zh": "根特" }, 17),
      ],
      abroad,
    );
    const { districts } = await facts("abroad");
    expect(districts.map(({ name }) => [name.zh, name.en])).toEqual([
      ["Glendale", "Glendale"],
      ["Saint-Étienne", "Saint-Étienne"],
      ["Straßfurt", "Straßfurt"],
      ["Москва", "Москва"],
      ["القاهرة", "Cairo"],
      ["千代田区", "Chiyoda"],
      ["Lake County", "Lake County"],
      ["根特", "Gent"],
    ]);
    expect(districts.map(({ short }) => short.en)).toEqual([
      "Glendale",
      "Saint-Étienne",
      "Straßfurt",
      "Москва",
      "Cairo",
      "Chiyoda",
      "Lake County",
      "Gent",
    ]);
  });

  it("reads well in English: no Chinese hotline, office or review number", async () => {
    await create([feature("06037", "Los Angeles", square(-118, 34))], abroad);
    const city = await facts("abroad");
    expect([city.name, city.center, city.level]).toEqual([
      { zh: "California", en: "California" },
      { zh: "California 城市运营中心", en: "California Operations Center" },
      "city",
    ]);
    const text = JSON.stringify(city) + (await readFile(path.join(folder, "abroad/metrics.json"), "utf8"));
    expect(text).not.toMatch(/审图号|map review|12345|Approval Bureau/);
  });

  it("makes codes where there are none", async () => {
    const made = await create([named({ name: "Silver Lake" }, -118), named({ name: "Saint-Étienne" }, -117)], {
      ...abroad,
      adcode: undefined,
      properties: { codes: "own" },
    });
    expect(made.districts).toBe(2);
    const city = await facts("abroad");
    expect([city.adcode, ...city.districts.map(({ adcode }) => adcode)]).toEqual([
      "XX-ABROAD",
      "X-SILVER-LAKE",
      "X-SAINT-ETIENNE",
    ]);
    await expect(
      create([named({ name: "Silver Lake" }, -118)], {
        ...abroad,
        adcode: undefined,
        properties: { codes: "own" },
        timeZone: undefined,
      }),
    ).rejects.toThrow("--time-zone");
    await expect(create([feature("06037", "x", square(-118, 34))], { ...abroad, adcode: undefined })).rejects.toThrow(
      "--adcode: is needed",
    );
  });

  it("says what to do about a file in metres", async () => {
    const outlines = path.join(folder, "metres.geojson");
    await writeFile(
      outlines,
      JSON.stringify({
        type: "FeatureCollection",
        crs: { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::27700" } },
        features: [feature("06037", "x", square(530000, 180000, 100))],
      }),
    );
    await expect(
      createCity({
        id: "abroad",
        adcode: "US-CA",
        name: "x",
        outlines,
        properties: { codes: "file" },
        crs: "wgs84",
        timeZone: "Europe/London",
        cities: folder,
        force: true,
      }),
    ).rejects.toThrow("ogr2ogr -t_srs EPSG:4326");
  });

  it("has its schemas and indicators beside it", async () => {
    const cities = path.join(folder, "own");
    await create([feature("06037", "x", square(-118, 34))], { ...abroad, cities });
    const product = path.resolve(import.meta.dirname, "../cities");
    for (const name of [
      "city.schema.json",
      "metrics.schema.json",
      "screen.schema.json",
      "indicators.schema.json",
      "theme.schema.json",
      "indicators.json",
    ])
      expect(await readFile(path.join(cities, name), "utf8"), name).toBe(
        await readFile(path.join(product, name), "utf8"),
      );
  });
});

describe("codes made from names", () => {
  it("are codes, one a name, whatever the order and whatever stands beside", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.oneof(
            fc.string({ unit: "grapheme", minLength: 1 }),
            fc.constantFrom(
              "Sao Paulo",
              "São Paulo",
              "Москва",
              "القاهرة",
              "L'Aquila",
              "a".repeat(60),
              "a".repeat(61),
              "---",
              "All",
            ),
          ),
          { minLength: 1, maxLength: 12 },
        ),
        (names) => {
          const codes = ownCodes(names);
          for (const code of codes) expect(code).toMatch(PLACE_CODE);
          expect(new Set(codes).size).toBe(new Set(names.map((name) => name.normalize("NFC"))).size);
          expect(ownCodes([...names].reverse())).toEqual([...codes].reverse());
        },
      ),
    );
  });
  it("can be read", () =>
    expect(ownCodes(["Glendale", "St. John’s", "Łódź", "Straße", "東京"])).toEqual([
      "X-GLENDALE",
      "X-ST-JOHNS",
      "X-LODZ",
      "X-STRASSE",
      "X-130016",
    ]));
  it("of a whole are never those of a district", () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,59}$/), (id) => {
        expect(ownCityCode(id)).toMatch(PLACE_CODE);
        expect(ownCodes([id])).not.toContain(ownCityCode(id));
      }),
    ));
});

describe("English names", () => {
  it.each([
    ["连云港市", "Lianyungang"],
    ["海州区", "Haizhou District"],
    ["东海县", "Donghai County"],
    ["潮安区", "Chao'an District"],
    ["大埔县", "Dabu County"],
    ["台州市", "Taizhou"],
    ["六安市", "Lu'an"],
    ["乳源自治县", "Ruyuan Autonomous County"],
    ["杨舍镇", "Yangshe Town"],
    ["城区", "Urban District"],
    ["Glendale", "Glendale"],
    ["A区", "A District"],
    ["K11商圈", "K11 Shangquan"],
  ])("%s is %s", (zh, en) => expect(englishName(zh)).toBe(en));
  it("are short where there is little room", () =>
    expect(["海州区", "沛县", "城区"].map((zh) => shortNames(zh))).toEqual([
      { zh: "海州", en: "Haizhou" },
      { zh: "沛县", en: "Pei" },
      { zh: "城区", en: "Urban District" },
    ]));
});
