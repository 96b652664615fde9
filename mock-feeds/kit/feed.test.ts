import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { city as lianyungang } from "../lianyungang";
import { model } from "../lianyungang/mask-booking/model";
import { events as eventModel } from "../lianyungang/operations-center/events";
import { place } from "../lianyungang/place";
import { eventsAt } from "./events";
import { Fleet, parseRoads } from "./fleet";
import { Feed, type MockReading } from "./feed";
import type { Publisher } from "./publisher";
import { SwitchBoard } from "./switches";

const NOON = Date.parse("2026-11-18T09:00:00+08:00");
const HOUR = 3_600_000;
let folder: string;
let file: string;
let stamp = 1;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-mock-"));
  file = path.join(folder, "switches.json");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(
  switches: Record<string, string[]>,
  seconds = 40,
  speed = 1,
): Promise<{ batches: MockReading[][]; garbage: number; hangUps: number }> {
  await writeFile(file, JSON.stringify(switches));
  await utimes(file, stamp, stamp++);
  const board = new SwitchBoard(file);
  await board.refresh();
  const out = { batches: [] as MockReading[][], garbage: 0, hangUps: 0 };
  const publisher = {
    publish: (_kind: string, items: MockReading[]) => void out.batches.push(items),
    garbage: async () => void out.garbage++,
    hangUp: () => void out.hangUps++,
  } as unknown as Publisher;
  const feed = new Feed(place, model, 1, speed, board, publisher);
  for (let ms = 0; ms < seconds * 1000; ms += 100) feed.tick({ real: NOON + ms, model: NOON + ms * speed });
  return out;
}

const times = (batches: MockReading[][]): number[] =>
  batches
    .flat()
    .filter((r) => r.metric === "mask-visits-today")
    .map((r) => Date.parse(r.at));

describe("Feed", () => {
  it("publishes each metric at its interval", async () => {
    const { batches } = await run({});
    expect(batches.flat().filter((r) => r.metric === "mask-visits-today").length).toBeGreaterThanOrEqual(19);
    expect(batches.flat().filter((r) => r.metric === "masks-handed").length).toBeGreaterThanOrEqual(3);
  });

  it("publishes oftener and lives faster when sped up, while times stay real", async () => {
    const { batches } = await run({}, 20, 10);
    const at = times(batches);
    expect(at.length).toBeGreaterThanOrEqual(90);
    expect(Math.max(...at)).toBeLessThan(NOON + 20_000);
  });

  it("falls silent", async () => expect((await run({ "mask-booking": ["silence"] })).batches).toEqual([]));

  it("is not silenced by another system's switch", async () =>
    expect((await run({ traffic: ["silence"] })).batches.length).toBeGreaterThan(0));

  it("sends garbage", async () => expect((await run({ "*": ["garbage"] })).garbage).toBeGreaterThan(0));

  it("repeats itself", async () => {
    const { batches } = await run({ "mask-booking": ["duplicates"] });
    for (const batch of batches) expect(batch.length).toBe(2 * new Set(batch.map((r) => r.metric + r.at)).size);
  });

  it("tells things out of order", async () => {
    const at = times((await run({ "mask-booking": ["out-of-order"] })).batches);
    expect(at.some((time, i) => i > 0 && time < (at[i - 1] ?? 0))).toBe(true);
    expect(new Set(at).size).toBe(at.length);
  });

  it("hangs up now and then", async () =>
    expect((await run({ "mask-booking": ["reconnect"] }, 200)).hangUps).toBeGreaterThan(0));

  it("tells of the past so that the last reading of every whole hour stands near the hour's end", () => {
    const feed = new Feed(place, model, 1, 1, new SwitchBoard(file), {} as Publisher);
    const last = new Map<number, number>();
    for (const readings of feed.past({ real: NOON, model: NOON }))
      for (const at of times([readings])) last.set(Math.floor(at / HOUR), at);
    const whole = [...last].filter(([hour]) => (hour + 1) * HOUR <= NOON);
    expect(whole.length).toBeGreaterThan(180);
    for (const [hour, at] of whole) expect((hour + 1) * HOUR - at).toBeLessThanOrEqual(300_000);
  });

  it("surges", async () => {
    const last = (batches: MockReading[][]): number =>
      batches
        .flat()
        .filter((r) => r.metric === "mask-visits-today")
        .pop()?.value ?? 0;
    expect(last((await run({ "mask-booking": ["burst"] }, 300)).batches)).toBeGreaterThan(
      last((await run({}, 300)).batches) + 1_000,
    );
  });
});

describe("events", () => {
  it("come with the day, move on through their stages and close", () => {
    const events = eventsAt(eventModel, 1, NOON + 9 * 3_600_000);
    expect(events.length).toBeGreaterThan(60);
    expect(new Set(events.map((event) => event.stage)).size).toBeGreaterThan(3);
    expect(eventsAt(eventModel, 1, NOON + 9 * 3_600_000)).toEqual(events);
    for (const event of events) {
      expect(Date.parse(event.updated)).toBeGreaterThanOrEqual(Date.parse(event.at));
      expect(Date.parse(event.updated)).toBeLessThanOrEqual(NOON + 9 * 3_600_000);
    }
  });
});

describe("vehicles", () => {
  const roads = parseRoads(
    JSON.stringify({
      features: [
        {
          properties: { id: "a", from: 0, to: 1, kind: "trunk", freeSpeed: 80 },
          geometry: {
            coordinates: [
              [119, 34.6],
              [119.05, 34.6],
            ],
          },
        },
        {
          properties: { id: "b", from: 1, to: 0, kind: "street", freeSpeed: 50 },
          geometry: {
            coordinates: [
              [119.05, 34.6],
              [119.03, 34.63],
              [119, 34.6],
            ],
          },
        },
      ],
    }),
  );

  it("stay on their roads and move no faster than they may", () => {
    const fleet = new Fleet("lianyungang", lianyungang.fleet?.kinds ?? [], 1, roads);
    let before = fleet.positions("t", 1);
    for (let i = 0; i < 300; i++) {
      fleet.step(2, 1);
      const now = fleet.positions("t", 1);
      now.forEach((position, k) => {
        const was = before[k];
        if (!was) return;
        const metres = Math.hypot(
          (position.lon - was.lon) * 111_320 * Math.cos(0.604),
          (position.lat - was.lat) * 111_320,
        );
        expect(metres).toBeLessThan((110 / 3.6) * 2);
        expect(position.lat).toBeGreaterThanOrEqual(34.599_99);
      });
      before = now;
    }
  });

  it("head where they drive", () => {
    const fleet = new Fleet("lianyungang", lianyungang.fleet?.kinds ?? [], 1, [roads[0] as (typeof roads)[number]]);
    expect(new Set(fleet.positions("t", 1).map((p) => p.heading))).toEqual(new Set([90, 270]));
  });
});
