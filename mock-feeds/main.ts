/**
 * The mock feeds of Lianyungang as one process. Environment: CITYWALL_URL, CITYWALL_TOKENS (JSON: system to
 * token), CITYWALL_MOCK_SEED (1), CITYWALL_MOCK_SPEED (1), CITYWALL_MOCK_PAST (1; 0 leaves the past out),
 * CITYWALL_MOCK_SWITCHES (a file, see kit/switches.ts).
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { systems } from "./index";
import { kiosks } from "./channels/kiosks";
import { now, wait } from "./kit/clock";
import { Feed, type Moment } from "./kit/feed";
import { Publisher } from "./kit/publisher";
import { busy } from "./kit/rhythm";
import { SwitchBoard } from "./kit/switches";
import { eventsAt } from "./operations-center/events";
import { roadSpeeds } from "./traffic/roads";
import { Fleet, parseRoads } from "./traffic/vehicles";

const env = process.env;
const seed = Number(env.CITYWALL_MOCK_SEED ?? 1);
const speed = Number(env.CITYWALL_MOCK_SPEED ?? 1);
const url = env.CITYWALL_URL ?? "http://127.0.0.1:3000";
const tokens = JSON.parse(env.CITYWALL_TOKENS ?? "{}") as Record<string, string>;
const switches = new SwitchBoard(env.CITYWALL_MOCK_SWITCHES ?? path.join(env.CITYWALL_DATA ?? "data", "mock-switches.json"));
const began = now();

function moment(): Moment {
  const real = now();
  return { real, model: began + (real - began) * speed };
}

const publishers = new Map(systems.map((system) => [system.id, new Publisher(url, tokens[system.id] ?? tokens["*"] ?? "")]));
const feeds = systems.map((system) => new Feed(system, seed, speed, switches, publishers.get(system.id) as Publisher));

const roads = parseRoads(await readFile(path.join(env.CITYWALL_CITIES ?? "cities", "lianyungang/roads.geojson"), "utf8"));
const fleet = new Fleet(seed, roads);
const told = new Map<string, string>();

function publishEvents(at: Moment): void {
  if (switches.on("operations-center", "silence")) return;
  const shift = at.real - at.model;
  const standing = eventsAt(seed, at.model);
  const changed = standing.filter((event) => told.get(event.id) !== event.stage).map((event) => {
    told.set(event.id, event.stage);
    return { ...event, at: new Date(Date.parse(event.at) + shift).toISOString(), updated: new Date(Date.parse(event.updated) + shift).toISOString() };
  });
  const present = new Set(standing.map((event) => event.id));
  for (const id of told.keys()) if (!present.has(id)) told.delete(id);
  if (changed.length > 0) publishers.get("operations-center")?.publish("events", changed);
}

function publishTraffic(at: Moment, second: number): void {
  if (switches.on("traffic", "silence")) return;
  const stamp = new Date(at.real).toISOString();
  const publisher = publishers.get("traffic");
  if (second % 2 === 0) publisher?.publish("positions", fleet.positions(stamp, 1 - 0.5 * busy("commute", at.model)));
  if (second % 10 === 0) publisher?.publish("positions", roadSpeeds(roads, seed, at.model, stamp));
}

/** Publishes a feed's past in batches, so that a wall is not empty on its first day. */
async function publishPast(feed: Feed, publisher: Publisher, start: Moment): Promise<void> {
  let batch: object[] = [];
  for (const readings of feed.past(start)) {
    batch.push(...readings);
    if (batch.length < 4_000) continue;
    publisher.publish("readings", batch);
    await publisher.drained();
    batch = [];
  }
  publisher.publish("readings", batch);
  await publisher.drained();
}

if (env.CITYWALL_MOCK_PAST !== "0") {
  const start = moment();
  for (const [i, feed] of feeds.entries()) await publishPast(feed, publishers.get(systems[i]?.id ?? "") as Publisher, start);
}

/** Ticks are short enough that a sped-up two-second feed still comes in its own beat. */
const TICK = speed > 1 ? 100 : 500;
let next = now();
for (let second = -1; ; ) {
  await switches.refresh();
  const at = moment();
  for (const feed of feeds) feed.tick(at);
  const elapsed = Math.floor((at.real - began) / 1000);
  if (elapsed > second) {
    fleet.step(Math.min(10, second < 0 ? 1 : elapsed - second), 1 - 0.5 * busy("commute", at.model));
    publishEvents(at);
    publishTraffic(at, elapsed);
    if ((second < 0 || elapsed % 60 === 0) && !switches.on("channels", "silence")) publishers.get("channels")?.publish("positions", kiosks(seed, new Date(at.real).toISOString()));
    second = elapsed;
  }
  next = Math.max(next + TICK, now());
  await wait(Math.max(1, next - now()));
}
