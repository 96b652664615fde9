import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkTile } from "../../components/widgets/check-tile";
import type { CityFacts } from "../contract/city";
import { addMap, archiveFile, mapFolder, readNote, removeMap } from "../maps/map-folder";
import { archiveBytes, seaTile, worldTiles } from "../maps/test-archive";
import { checkedFetch } from "./checked-fetch";
import type { Gateway } from "./server";
import { makeSite, type TestSite } from "./test-site";

const CITY = "lianyungang";
const AT = "2026-12-01T00:00:00Z";
const BYTES = archiveBytes({ tiles: worldTiles(2, seaTile()) });
let site: TestSite;
let gateway: Gateway;
let base: string;
let data: string;

beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  site = await makeSite(checkTile);
  data = path.join(site.folder, "data");
});
afterEach(async () => {
  await gateway.close();
  await site.drop();
  vi.restoreAllMocks();
});

async function open(): Promise<void> {
  gateway = await site.open();
  base = `http://127.0.0.1:${gateway.port}`;
}

async function add(bytes = BYTES): Promise<void> {
  const file = path.join(site.folder, "given.pmtiles");
  await writeFile(file, bytes);
  await addMap({ data, city: CITY, file }, {}, AT);
}

async function kept(): Promise<string> {
  const note = await readNote(data, CITY, "vector");
  if (!note) throw new Error("no map");
  return archiveFile(data, CITY, "vector", note);
}

const ask = (headers: Record<string, string> = {}, kind = "vector", method = "GET"): Promise<Response> =>
  checkedFetch(`${base}/api/v1/cities/${CITY}/maps/${kind}.pmtiles`, { headers, method });
const told = async (): Promise<CityFacts["baseMaps"]> =>
  ((await (await checkedFetch(`${base}/api/v1/cities/${CITY}`)).json()) as CityFacts).baseMaps;
const maps = async (): Promise<string | undefined> =>
  ((await (await checkedFetch(`${base}/readyz`)).json()) as { parts: Record<string, string> }).parts.maps;
const bodyOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe("a place's base map", () => {
  it("is sent whole or by ranges, for as long as it is the same archive", async () => {
    await add();
    await open();
    const whole = await ask();
    expect([whole.status, whole.headers.get("content-type"), whole.headers.get("accept-ranges")]).toEqual([
      200,
      "application/vnd.pmtiles",
      "bytes",
    ]);
    expect((await bodyOf(whole)).equals(BYTES)).toBe(true);
    const etag = whole.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\da-f]{16}"$/);

    const part = await ask({ range: "bytes=7-9" });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 7-9/${BYTES.length}`]);
    expect((await bodyOf(part)).equals(BYTES.subarray(7, 10))).toBe(true);
    expect((await bodyOf(await ask({ range: "bytes=-5" }))).equals(BYTES.subarray(-5))).toBe(true);
    expect((await bodyOf(await ask({ range: "bytes=0-99999999" }))).equals(BYTES)).toBe(true);

    expect((await ask({ range: "bytes=0-9", "if-range": etag })).status).toBe(206);
    expect((await ask({ range: "bytes=0-9", "if-range": '"another"' })).status).toBe(200);
    expect((await ask({ "if-none-match": etag, "cache-control": "max-age=0" })).status).toBe(304);
    expect((await ask()).headers.get("cache-control")).toBe("private, no-cache");
    expect((await ask({ "if-match": '"another"' })).status).toBe(412);
    const beyond = await ask({ range: `bytes=${BYTES.length}-` });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${BYTES.length}`]);
    const head = await ask({}, "vector", "HEAD");
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(BYTES.length)]);
    expect((await ask({ "accept-encoding": "br, gzip" })).headers.get("content-encoding")).toBeNull();
  });

  it("is the right bytes whatever range is asked for", async () => {
    await add();
    await open();
    const size = BYTES.length;
    await fc.assert(
      fc.asyncProperty(fc.nat(size + 50), fc.nat(size + 50), async (first, length) => {
        const response = await ask({ range: `bytes=${first}-${first + length}` });
        const body = await bodyOf(response);
        if (first >= size) expect(response.status).toBe(416);
        else expect(body.equals(BYTES.subarray(first, first + length + 1))).toBe(true);
      }),
      { numRuns: 60 },
    );
    for (const range of [
      "bytes=",
      "bytes=x-y",
      "bytes=9-2",
      "lines=0-1",
      "bytes=0-1,5-6",
      `bytes=${"9".repeat(400)}-`,
      "bytes=--5",
    ])
      expect([200, 206, 416], range).toContain((await ask({ range })).status);
  });

  it("is told to walls, also one that comes, is replaced and goes while the gateway runs", async () => {
    await open();
    expect(await told()).toBeUndefined();
    expect((await ask()).status).toBe(404);
    await add();
    await expect
      .poll(told, { timeout: 10_000 })
      .toMatchObject([{ kind: "vector", schema: "openmaptiles", maxZoom: 2 }]);
    const first = (await ask()).headers.get("etag");
    await add(archiveBytes({ tiles: worldTiles(1, seaTile()) }));
    await expect.poll(async () => (await told())?.[0]?.maxZoom, { timeout: 10_000 }).toBe(1);
    expect((await ask()).headers.get("etag")).not.toBe(first);
    await removeMap(data, CITY, "vector");
    await expect.poll(told, { timeout: 10_000 }).toBeUndefined();
    expect((await ask()).status).toBe(404);
    expect(await maps()).toBeUndefined();
  });

  it("that is damaged is named and not told, and one that is in order again is told again", async () => {
    await add();
    await open();
    expect(await told()).toHaveLength(1);
    const damaged = Buffer.from(BYTES);
    // In the middle of a tile that no check of the form looks at.
    damaged[BYTES.length - 400] = (damaged[BYTES.length - 400] as number) ^ 1;
    await writeFile(await kept(), damaged);
    await expect.poll(maps, { timeout: 10_000 }).toMatch(/^lianyungang: the vector map .*(damaged|unpacked)/);
    expect(await told()).toBeUndefined();
    expect((await ask()).status).toBe(404);
    expect((await checkedFetch(`${base}/readyz`)).status).toBe(200);
    await writeFile(await kept(), BYTES);
    await expect.poll(told, { timeout: 10_000 }).toHaveLength(1);
    expect(await maps()).toBeUndefined();
    await rm(await kept());
    await expect.poll(maps, { timeout: 10_000 }).toMatch(/is not there/);
    await writeFile(path.join(mapFolder(data, CITY), "vector.json"), "{");
    await expect.poll(maps, { timeout: 10_000 }).toMatch(/note, vector.json, is damaged/);
  });

  it("is looked up by place and kind: no path leads anywhere else", async () => {
    await add();
    await open();
    await readFile(await kept());
    for (const kind of [
      "raster",
      "..%2f..%2ftokens",
      "%2e%2e",
      "vector%00",
      "constructor",
      "__proto__",
      "vector.pmtiles",
    ])
      expect((await ask({}, kind)).status, kind).toBe(404);
    const other = `${base}/api/v1/cities/..%2f${CITY}/maps/vector.pmtiles`;
    expect((await checkedFetch(other)).status).toBe(404);
  });
});
