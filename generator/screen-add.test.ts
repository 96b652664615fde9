import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkTile } from "../components/widgets/check-tile";
import { Catalogue } from "../lib/cities/catalogue";
import type { ScreenMessage } from "../lib/contract/socket-messages";
import { screenSchema } from "../lib/contract/screens";
import { checkCities } from "./city-check";
import { createCity, OWN_CITIES } from "./city-create";
import { addMetric, addToScreen, type ScreenAddOptions } from "./screen-add";

let root: string;
let cities: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "citywall-screen-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

beforeEach(async () => {
  cities = path.join(root, `${++count}`);
  const features = [
    ["Old Town", 0],
    ["Harbor", 0.2],
  ].map(([name, lon]) => ({
    type: "Feature",
    properties: { name },
    geometry: {
      type: "Polygon",
      coordinates: [
        [
          [lon, 34],
          [Number(lon) + 0.2, 34],
          [Number(lon) + 0.2, 34.2],
          [lon, 34.2],
          [lon, 34],
        ],
      ],
    },
  }));
  const outlines = path.join(root, "outlines.geojson");
  await writeFile(outlines, JSON.stringify({ type: "FeatureCollection", features }));
  await createCity({
    id: "rivermouth",
    name: "Rivermouth",
    outlines,
    properties: { codes: "own" },
    crs: "wgs84",
    timeZone: "Europe/London",
    cities,
    force: false,
  });
});

const file = (name: string): string => path.join(cities, "rivermouth", name);
const edit = async (name: string, change: (text: string) => string): Promise<void> =>
  writeFile(file(name), change(await readFile(file(name), "utf8")));
const add = (more: Partial<ScreenAddOptions>): Promise<string> =>
  addToScreen({
    cities,
    city: "rivermouth",
    screen: "overview",
    metrics: ["mean-speed"],
    district: "all",
    box: "auto",
    ...more,
  });
const screen = async (name: string): Promise<ReturnType<typeof screenSchema.parse>> =>
  screenSchema.parse(JSON.parse(await readFile(file(`screens/${name}.json`), "utf8")));

describe("screen add", () => {
  it("finds room, keeps the file as it is written, and running walls follow", async () => {
    await edit("screens/overview.json", (text) => text.replace(/,\s*\{\s*"id": "more"[\s\S]*?\n {4}\}/, ""));
    const before = await readFile(file("screens/overview.json"), "utf8");
    const catalogue = new Catalogue(cities, checkTile);
    await catalogue.look();
    const heard: ScreenMessage[] = [];
    catalogue.onScreen((message) => heard.push(message));
    expect(await add({})).toBe("rivermouth/overview: mean-speed as figure at 18,8 (6 x 3)");
    const after = await readFile(file("screens/overview.json"), "utf8");
    expect(after.startsWith(before.slice(0, before.lastIndexOf("}\n  ]")))).toBe(true);
    expect((await screen("overview")).tiles.at(-1)).toEqual({
      id: "mean-speed",
      widget: "figure",
      box: { x: 18, y: 8, w: 6, h: 3 },
      settings: { metric: "mean-speed" },
    });
    await catalogue.look();
    expect(heard.map(({ screen: name, error, layout }) => [name, error, layout?.tiles.length])).toEqual([
      ["overview", null, 9],
    ]);
  });

  it("says how much room there is when there is too little", async () => {
    await expect(add({})).rejects.toThrow(
      "--box: overview has no room for a figure of 3 x 2: every cell is taken. Put the metric into a tile that " +
        "takes several (--into), or onto a new screen (--new)",
    );
  });

  it("puts a metric into a tile that shows several, and makes a screen", async () => {
    expect(await add({ into: "more", metrics: ["mean-speed", "windows-waiting"] })).toBe(
      'rivermouth/overview: mean-speed, windows-waiting in "more"',
    );
    expect((await screen("overview")).tiles.find(({ id }) => id === "more")?.settings.items).toEqual(
      ["online-rate", "satisfaction", "events-today", "events-closed-rate", "mean-speed", "windows-waiting"].map(
        (metric) => ({ metric }),
      ),
    );
    expect(
      await add({
        screen: "harbor",
        fresh: { zh: "港口", en: "Harbor" },
        widget: "line",
        metrics: ["mean-speed", "congestion-index"],
        settings: '{"span": 86400}',
        district: "X-HARBOR",
        title: { zh: "车速", en: "Speed" },
      }),
    ).toBe("rivermouth/harbor: mean-speed, congestion-index as line at 0,0 (8 x 4)");
    expect(await add({ screen: "harbor" })).toBe("rivermouth/harbor: mean-speed as figure at 8,0 (6 x 3)");
    expect(await add({ screen: "harbor", box: "0,4,24,8", widget: "bar", metrics: ["cases-today"] })).toBe(
      "rivermouth/harbor: cases-today as bar at 0,4 (24 x 8)",
    );
    await expect(add({ screen: "harbor", box: "fill" })).resolves.toBe(
      "rivermouth/harbor: mean-speed as figure at 14,0 (10 x 4)",
    );
    const { title, tiles } = await screen("harbor");
    expect(title.en).toBe("Harbor");
    expect(tiles.map(({ id, widget, settings }) => [id, widget, settings])).toEqual([
      [
        "mean-speed",
        "line",
        {
          series: [
            { metric: "mean-speed", district: "X-HARBOR" },
            { metric: "congestion-index", district: "X-HARBOR" },
          ],
          span: 86_400,
        },
      ],
      ["mean-speed-2", "figure", { metric: "mean-speed" }],
      ["cases-today", "bar", { metrics: ["cases-today"] }],
      ["mean-speed-3", "figure", { metric: "mean-speed" }],
    ]);
    expect(await checkCities(cities)).toMatchObject({ warnings: [], issues: [] });
  });

  it.each<[string, Partial<ScreenAddOptions>]>([
    ['city: "atlantis" is not configured; there is rivermouth', { city: "atlantis" }],
    ['screen: rivermouth has no screen "night"; --new', { screen: "night" }],
    ['screen: "../x" must be', { screen: "../x" }],
    ['--metric: "tides" is not a metric of rivermouth', { metrics: ["tides"] }],
    ['--district: "X-MOON" is not a district', { district: "X-MOON" }],
    ['--widget: "dial" is not one of', { widget: "dial" }],
    ["--widget: a clock is not made from a metric alone; those that are: bar", { widget: "clock" }],
    ["--metric: a figure shows one metric", { metrics: ["mean-speed", "cases-today"] }],
    ['--box: "1,2" is not auto, fill or x,y,w,h', { box: "1,2" }],
    ['--box: overlaps "map"', { box: "8,4,2,2" }],
    ["--box: leaves the grid of 24 x 12", { box: "22,11,6,2" }],
    ["--settings: must be a JSON object", { settings: "[1]" }],
    ["settings.colour: is not a known setting", { settings: '{"colour": 1}' }],
    ['--into: "moer" is not a tile of overview; there is', { into: "moer" }],
    ['--into: "map" is a map', { into: "map" }],
    ["settings.metrics: Too", { widget: "bar", metrics: Array<string>(17).fill("mean-speed") }],
    ['--new: rivermouth has a screen "overview" already', { fresh: { zh: "x", en: "x" } }],
    [
      'settings.metric: "events-closed-rate" has no values by district',
      { metrics: ["events-closed-rate"], district: "X-HARBOR" },
    ],
  ])("refuses by field: %s", async (message, more) => {
    const before = await readFile(file("screens/overview.json"), "utf8");
    await expect(add(more)).rejects.toThrow(message);
    expect(await readFile(file("screens/overview.json"), "utf8")).toBe(before);
  });

  it("changes no other line of any screen the product comes with", async () => {
    await cp(OWN_CITIES, cities, { recursive: true });
    const metrics: Record<string, string> = { lianyungang: "cases-today", hangzhou: "cases-today" };
    let added = 0;
    for (const [city, metric] of Object.entries(metrics)) {
      for (const name of await readdir(path.join(cities, city, "screens"))) {
        const where = path.join(cities, city, "screens", name);
        // The product's screens are full: their last tile makes room.
        const text = (await readFile(where, "utf8")).replace(/,\n\s*\{"id"[^\n]*(\n\s*\]\n\}\n)$/, "$1");
        await writeFile(where, text);
        const before = text.split("\n");
        const done = await add({ city, screen: name.slice(0, -5), metrics: [metric] }).catch(
          (error: Error) => error.message,
        );
        const after = (await readFile(where, "utf8")).split("\n");
        if (/no room|not a metric/.test(done)) expect(after, done).toEqual(before);
        else {
          added++;
          expect(after.length).toBe(before.length + 1);
          expect(after.filter((line) => !before.includes(line)).length, name).toBe(2);
        }
      }
    }
    expect(added).toBeGreaterThan(10);
    expect((await checkCities(cities)).issues).toEqual([]);
  });
});

describe("metric add", () => {
  const metric = {
    id: "permits-today",
    name: { zh: "今日许可", en: "Permits today" },
    unit: { zh: "件", en: "permits" },
    kind: "day" as const,
    interval: 60,
    limit: 360,
    system: "services",
  };
  it("adds one that a screen can show without anything more", async () => {
    const before = await readFile(file("metrics.json"), "utf8");
    expect(await addMetric(cities, "rivermouth", metric)).toBe("rivermouth: metric permits-today");
    expect((await readFile(file("metrics.json"), "utf8")).startsWith(before.slice(0, -10))).toBe(true);
    expect(await add({ into: "more", metrics: ["permits-today"] })).toContain("permits-today");
    expect((await checkCities(cities)).issues).toEqual([]);
  });
  it.each([
    ['--id: rivermouth has a metric "cases-today" already', { id: "cases-today" }],
    ['--system: "tides" is not a system', { system: "tides" }],
    ["metric: limit must not be shorter", { limit: 1 }],
    ["metric: id Invalid", { id: "Permits" }],
  ])("refuses by field: %s", async (message, more) => {
    await expect(addMetric(cities, "rivermouth", { ...metric, ...more })).rejects.toThrow(message);
  });
});

describe("check", () => {
  const issues = async (): Promise<string[]> => (await checkCities(cities)).issues;
  it("has nothing to say of a city just made, nor of the product's own", async () => {
    expect(await checkCities(cities)).toEqual({
      good: ["rivermouth: 2 districts, 10 metrics, 4 screens"],
      warnings: [],
      issues: [],
    });
    expect(await checkCities(OWN_CITIES)).toMatchObject({ warnings: [], issues: [] });
  });
  it("notices a $schema that leads nowhere, and one of another version", async () => {
    await rm(path.join(cities, "city.schema.json"));
    await writeFile(path.join(cities, "screen.schema.json"), "{}");
    const report = await checkCities(cities);
    expect(report.issues).toEqual([
      "rivermouth/city.json: $schema leads to ../city.schema.json, which is not there; npx citywall city " +
        "schemas puts this version's beside the cities",
    ]);
    expect(report.warnings).toEqual([
      "screen.schema.json: is the schema of another version; npx citywall city schemas puts this version's there",
    ]);
  });
  it("notices missing and broken indicators", async () => {
    await writeFile(path.join(cities, "indicators.json"), '{"indicators": 1}');
    expect((await issues())[0]).toMatch(/^indicators\.json: indicators /);
    await rm(path.join(cities, "indicators.json"));
    expect((await issues())[0]).toMatch(
      /^rivermouth\/metrics\.json: metrics\[0\]\.indicator "gov-cases-day" is not in indicators\.json; .* \(the file is missing/,
    );
  });
  it("notices a broken history.json by its field", async () => {
    await writeFile(path.join(cities, "history.json"), '{"minutes": {"days": 3}}');
    expect(await issues()).toEqual([expect.stringMatching(/^history\.json: minutes\.days: /)]);
    await writeFile(path.join(cities, "history.json"), "{");
    expect(await issues()).toEqual(["history.json: is not JSON"]);
  });
  it("notices districts without outlines, outlines without districts and a heartbeat that is none", async () => {
    await edit("districts.geojson", (text) => text.replaceAll("X-HARBOR", "X-HARBOUR"));
    await edit("city.json", (text) => text.replace('"heartbeat": "events-open"', '"heartbeat": "pulse"'));
    expect((await issues()).filter((issue) => !issue.includes("/screens/"))).toEqual([
      "rivermouth/districts.geojson: has no outline of X-HARBOR",
      'rivermouth/districts.geojson: features[1].properties.adcode "X-HARBOUR" is not in city.json',
      'rivermouth/city.json: events.heartbeat "pulse" is not a metric: nobody could tell a quiet night from a ' +
        "dead feed",
    ]);
  });
  it("notices two districts of one code, a screen's issue, an empty folder and none", async () => {
    await edit("screens/traffic.json", (text) => text.replace('"metric": "mean-speed"', '"metric": "mean-sped"'));
    expect(await issues()).toEqual([
      'rivermouth/screens/traffic.json: tiles[2].settings.metric "mean-sped" is not a metric of rivermouth',
    ]);
    await edit("city.json", (text) => text.replace('"X-HARBOR"', '"X-OLD-TOWN"'));
    expect((await issues())[0]).toBe(
      'rivermouth/city.json: districts[1].adcode "X-OLD-TOWN" is that of districts[0].adcode as well',
    );
    expect(await checkCities(path.join(root, "none"))).toMatchObject({
      issues: [expect.stringContaining("is no folder")],
    });
  });
});
