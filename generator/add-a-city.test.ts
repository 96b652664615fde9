import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTile } from "../components/widgets/check-tile";
import type { City } from "../lib/contract/city";
import type { Screen } from "../lib/contract/screens";
import { openGateway, type Gateway } from "../lib/gateway/server";
import { controlHere } from "../lib/control/here";
import { madeToken } from "../lib/control/test-tokens";
import { loadHistoryConfig } from "../lib/history/config";
import { forkStore } from "../server/test-programs";

/** Follows docs/add-a-city.md to the letter, in an empty folder outside of the product's. */
const ROOT = path.resolve(import.meta.dirname, "..");
const HOUR = 3_600_000;
const START = "npx citywall start";

let folder: string;
let printed = "";
let gateway: Gateway;
/** what the gateway takes for now; undefined: the true time */
let pretended: number | undefined;
/** hours from one midnight of New York to the next on its last day of 23 or 25 */
let midnight: number;
let hours: number;

/** Every command that the page shows as one to be run, in order. */
async function commands(): Promise<string> {
  const page = await readFile(path.join(ROOT, "docs/add-a-city.md"), "utf8");
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join("");
}

/**
 * Runs shell lines; what they printed. npx is taken for what it does here: start what the folder has installed, without
 * npm's own second for it.
 */
async function shell(script: string, cwd: string, env: Record<string, string> = {}): Promise<string> {
  const child = spawn("bash", ["-euo", "pipefail", "-c", script], {
    cwd,
    env: { ...process.env, PATH: `${path.join(folder, "bin")}:${process.env.PATH}`, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  expect(code, `${script}\n${out}`).toBe(0);
  return out;
}

/** UTC times of the local midnights around the zone's latest change of clocks, found hour by hour. */
function changeDay(timeZone: string, before: number): [number, number] {
  const hourOf = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hourCycle: "h23" });
  let later = Math.floor(before / HOUR) * HOUR;
  while (hourOf.format(later) !== "00") later -= HOUR;
  for (;;) {
    let earlier = later - HOUR;
    while (hourOf.format(earlier) !== "00") earlier -= HOUR;
    if (later - earlier !== 24 * HOUR) return [earlier, later];
    later = earlier;
  }
}

async function json<T>(address: string): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}${address}`);
  expect(response.status, address).toBe(200);
  return (await response.json()) as T;
}

async function publish(readings: object[], token: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/readings`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ readings }),
  });
  expect(await response.json()).toMatchObject({ accepted: readings.length, rejected: [] });
}

const home = (): string => path.join(folder, "rivermouth");
const cities = (): string => path.join(home(), "cities");
const read = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(path.join(cities(), "rivermouth", name), "utf8")) as T;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-doc-"));
  await symlink(ROOT, path.join(folder, "citywall"));
  await mkdir(path.join(folder, "bin"));
  await writeFile(path.join(folder, "bin/npx"), '#!/bin/sh\nname=$1; shift; exec "./node_modules/.bin/$name" "$@"\n', {
    mode: 0o755,
  });
  const [making] = (await commands()).split(START);
  printed = await shell(making ?? "", folder, {
    npm_config_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
  });

  const [from, to] = changeDay("America/New_York", Date.now());
  [midnight, hours] = [from, (to - from) / HOUR];
  // The change may be months ago: its readings are not to go with those of 90 days.
  await writeFile(path.join(cities(), "history.json"), '{"readings": {"days": 400}}');
  pretended = to + HOUR;
  const data = path.join(home(), "data");
  gateway = await openGateway({
    control: await controlHere({ data }),
    host: "127.0.0.1",
    port: 0,
    data,
    cities: cities(),
    pagesPort: null,
    checkTile,
    build: "test",
    now: () => pretended ?? Date.now(),
    history: {
      config: await loadHistoryConfig(cities()),
      launch: () => forkStore({ ...process.env, CITYWALL_DATA: data, CITYWALL_CITIES: cities() }),
    },
  });
}, 120_000);

afterAll(async () => {
  await gateway?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("docs/add-a-city.md", () => {
  it("makes a city that check has nothing to say against, and tells what it repaired", async () => {
    expect(printed).toContain("cities/rivermouth: 8 districts, 4 screens");
    expect(printed).toContain("✓ rivermouth: 8 districts, 11 metrics, 5 screens");
    expect(printed).not.toContain("✗");
    expect(
      printed
        .split("\n")
        .filter((line) => line.startsWith("! "))
        .map((line) => line.replace(/^! features\[\d\]:? ?(\(.*?\))?.*: /, "$1 ")),
    ).toEqual([
      "(Fairview) was open and has been closed",
      "(Mill Creek) went out and straight back at a corner; the spike is left out",
      expect.stringContaining("the two are one district"),
    ]);
    expect((await readdir(cities())).sort()).toEqual([
      "city.schema.json",
      "history.json",
      "indicators.json",
      "indicators.schema.json",
      "metrics.schema.json",
      "rivermouth",
      "screen.schema.json",
      "theme.schema.json",
    ]);
  });

  it("names it as its people do, in its own zone, and asks for no map review", async () => {
    const city = await read<City>("city.json");
    expect([city.name.en, city.center.en, city.timeZone, city.mapNotice.en]).toEqual([
      "Rivermouth",
      "Rivermouth Operations Center",
      "America/New_York",
      "Schematic · boundaries for orientation only",
    ]);
    expect(city.districts.map(({ adcode, name }) => `${adcode} ${name.en}`)).toEqual([
      "X-NORTHGATE Northgate",
      "X-FAIRVIEW Fairview",
      "X-MILL-CREEK Mill Creek",
      "X-OLD-TOWN Old Town",
      "X-HARBOR Harbor",
      "X-SAINT-ETIENNE Saint-Étienne",
      "X-COVE Cove",
      "X-ILE-AUX-PHOQUES Île aux Phoques",
    ]);
    const { tiles } = await read<Screen>("screens/permits.json");
    expect(tiles.map(({ widget, box: { x, y, w, h } }) => [widget, x, y, w, h])).toEqual([
      ["figure", 0, 0, 6, 3],
      ["heat-calendar", 6, 0, 18, 6],
      ["bar", 0, 3, 6, 9],
      ["line", 6, 6, 18, 6],
    ]);
  });

  it("counts its days by its own midnights over a change of clocks, live and in the past", async () => {
    const token = await madeToken({ data: path.join(home(), "data") }, { city: "rivermouth" });
    expect([23, 25]).toContain(hours);
    // Half past each hour of the day that is longer or shorter, and one on either side: permits since midnight.
    const readings = Array.from({ length: hours + 2 }, (_, i) => i - 1).map((i) => ({
      city: "rivermouth",
      metric: "permits-today",
      at: new Date(midnight + (i + 0.5) * HOUR).toISOString(),
      value: i < 0 || i === hours ? 500 + i : (i + 1) * 10,
    }));
    await publish(readings, token);
    const [from, to] = [midnight, midnight + hours * HOUR].map((at) => new Date(at).toISOString());
    const range = `from=${from}&to=${to}`;
    const ask = (step: string): Promise<{ series: { at: number[] | string[]; last: (number | null)[] }[] }> =>
      json(`/api/v1/history?topic=reading/rivermouth/all/permits-today&${range}&step=${step}&agg=last`);
    // The store begins beside the gateway, and may not be there yet.
    await expect
      .poll(
        () =>
          ask("raw").then(
            () => true,
            () => false,
          ),
        { timeout: 50_000 },
      )
      .toBe(true);
    expect((await ask("raw")).series[0]?.last.length).toBe(hours);
    expect((await ask("1h")).series[0]?.last).toEqual(Array.from({ length: hours }, (_, i) => (i + 1) * 10));
    const byDay = (await ask("1d")).series[0];
    expect([byDay?.at.map((at) => new Date(at).getTime()), byDay?.last]).toEqual([[midnight], [hours * 10]]);
    const live = await json<{ topics: { value: number; at: string }[] }>(
      "/api/v1/snapshot?topic=reading/rivermouth/all/permits-today",
    );
    expect([live.topics[0]?.value, new Date(live.topics[0]?.at ?? "").getTime()]).toEqual([
      500 + hours,
      midnight + (hours + 0.5) * HOUR,
    ]);
  }, 60_000);

  it("is fed by the commands shown, and the wall has it", async () => {
    pretended = undefined;
    const [, feeding = ""] = (await commands()).split(START);
    const answers = await shell(feeding, home(), { PORT: String(gateway.port) });
    expect(
      answers
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as { accepted: number }),
    ).toEqual([expect.objectContaining({ accepted: 1 }), expect.objectContaining({ accepted: 1 })]);
    const { topics } = await json<{ topics: { value: number; freshness: string }[] }>(
      "/api/v1/snapshot?topic=reading/rivermouth/all/permits-today&topic=reading/rivermouth/X-HARBOR/permits-today",
    );
    expect(topics.map(({ value, freshness }) => [value, freshness])).toEqual([
      [41, "live"],
      [12, "live"],
    ]);
    const { cities: walls } = await json<{ cities: { id: string; screens: { id: string; error: string | null }[] }[] }>(
      "/api/v1/cities",
    );
    expect(walls.map(({ id, screens }) => [id, screens.map((screen) => [screen.id, screen.error])])).toEqual([
      [
        "rivermouth",
        [
          ["overview", null],
          ["services", null],
          ["operations", null],
          ["traffic", null],
          ["permits", null],
        ],
      ],
    ]);
    expect((await fetch(`http://127.0.0.1:${gateway.port}/api/v1/cities/rivermouth/districts.geojson`)).status).toBe(
      200,
    );
  }, 60_000);
});
