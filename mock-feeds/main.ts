/**
 * The mock feeds of every place as one process. Environment: CITYWALL_URL, CITYWALL_TOKENS (JSON: "city/system",
 * "city/*" or "*" to token), CITYWALL_MOCK_CITIES (ids with commas; all), CITYWALL_MOCK_SEED (1), CITYWALL_MOCK_SPEED
 * (1), CITYWALL_MOCK_PAST (1; 0 leaves the past out), CITYWALL_MOCK_SWITCHES (a file, see kit/switches.ts).
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { cities } from "./index";
import type { MockCity } from "./kit/city";
import { now, wait } from "./kit/clock";
import { eventsAt } from "./kit/events";
import { Feed, type Moment } from "./kit/feed";
import { Fleet, parseRoads, type Road } from "./kit/fleet";
import { seedOf } from "./kit/place";
import { Publisher } from "./kit/publisher";
import { roadSpeeds } from "./kit/roads";
import { busy } from "./kit/rhythm";
import { SwitchBoard } from "./kit/switches";

const env = process.env;
const seed = numberOf("CITYWALL_MOCK_SEED", Number.isInteger);
const speed = numberOf("CITYWALL_MOCK_SPEED", (value) => value > 0);
const url = env.CITYWALL_URL ?? "http://127.0.0.1:3000";
const tokens = JSON.parse(env.CITYWALL_TOKENS ?? "{}") as Record<string, string>;
const switches = new SwitchBoard(
  env.CITYWALL_MOCK_SWITCHES ?? path.join(env.CITYWALL_DATA ?? "data", "mock-switches.json"),
);
const wanted = env.CITYWALL_MOCK_CITIES?.split(",");
const began = now();

/** A number of the environment, 1 where it is not set. Ends the process where it is none that fits. */
function numberOf(name: string, fits: (value: number) => boolean): number {
  const value = Number(env[name] || 1);
  if (Number.isFinite(value) && fits(value)) return value;
  console.error(`mock feeds: ${name}: cannot be "${env[name]}"`);
  process.exit(78); // EX_CONFIG
}

function moment(): Moment {
  const real = now();
  return { real, model: began + (real - began) * speed };
}

/** One place's feeds, publishing. */
class Running {
  private readonly publishers: Map<string, Publisher>;
  private readonly feeds: Feed[];
  private readonly told = new Map<string, string>();
  private readonly seed: number;
  private second = -1;

  constructor(
    private readonly city: MockCity,
    private readonly roads: Road[],
    private readonly fleet: Fleet | null,
  ) {
    const { place, systems } = city;
    this.seed = seedOf(place, seed);
    this.publishers = new Map(
      systems.map(({ id }) => [
        id,
        new Publisher(url, tokens[`${place.city}/${id}`] ?? tokens[`${place.city}/*`] ?? tokens["*"] ?? ""),
      ]),
    );
    this.feeds = systems.map((system) => new Feed(place, system, seed, speed, switches, this.publisher(system.id)));
  }

  private publisher(system: string): Publisher {
    const known = this.publishers.get(system);
    if (!known) throw new Error(`${this.city.place.city} has no mock system ${system}`);
    return known;
  }

  /** Publishes the past in batches, so that a wall is not empty on its first day. */
  async past(): Promise<void> {
    const start = moment();
    for (const [i, feed] of this.feeds.entries()) {
      const publisher = this.publisher(this.city.systems[i]?.id ?? "");
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
  }

  /** Publishes what is due. */
  tick(at: Moment): void {
    // Events first: what is counted of them must not be ahead of them.
    this.publishEvents(at);
    for (const feed of this.feeds) feed.tick(at);
    const elapsed = Math.floor((at.real - began) / 1000);
    if (elapsed <= this.second) return;
    const passed = this.second < 0 ? 1 : elapsed - this.second;
    this.publishTraffic(at, elapsed, passed);
    this.publishSpots(at, elapsed);
    this.second = elapsed;
  }

  private silent(system: string): boolean {
    return switches.on(this.city.place.city, system, "silence");
  }

  private publishEvents(at: Moment): void {
    const { events } = this.city;
    if (!events || this.silent(events.system)) return;
    const shift = at.real - at.model;
    const present = new Set<string>();
    const isNews = (id: string, stage: string): boolean => {
      present.add(id);
      return this.told.get(id) !== stage;
    };
    const changed = eventsAt(events, this.seed, at.model, isNews).map((event) => {
      this.told.set(event.id, event.stage);
      const moved = (time: string): string => new Date(Date.parse(time) + shift).toISOString();
      return {
        ...event,
        at: moved(event.at),
        updated: moved(event.updated),
        steps: event.steps.map((step) => ({ ...step, at: moved(step.at) })),
      };
    });
    for (const id of this.told.keys()) if (!present.has(id)) this.told.delete(id);
    if (changed.length > 0) this.publisher(events.system).publish("events", changed);
  }

  private publishTraffic(at: Moment, second: number, passed: number): void {
    const {
      fleet,
      city: { fleet: kinds, place },
    } = this;
    if (!fleet || !kinds) return;
    const flow = 1 - 0.5 * busy("commute", at.model);
    fleet.step(Math.min(10, passed), flow);
    if (this.silent(kinds.system)) return;
    const stamp = new Date(at.real).toISOString();
    const publisher = this.publisher(kinds.system);
    if (second % 2 === 0) publisher.publish("positions", fleet.positions(stamp, flow));
    if (second % 10 === 0)
      publisher.publish("positions", roadSpeeds(place.city, this.roads, this.seed, at.model, stamp));
  }

  private publishSpots(at: Moment, second: number): void {
    if (this.second >= 0 && second % 60 !== 0) return;
    for (const spots of this.city.spots ?? []) {
      if (!this.silent(spots.system))
        this.publisher(spots.system).publish(
          "positions",
          spots.at(this.seed, new Date(at.real).toISOString(), at.model),
        );
    }
  }
}

async function running(city: MockCity): Promise<Running> {
  if (!city.fleet) return new Running(city, [], null);
  const roads = parseRoads(
    await readFile(path.join(env.CITYWALL_CITIES ?? "cities", city.place.city, "roads.geojson"), "utf8"),
  );
  return new Running(city, roads, new Fleet(city.place.city, city.fleet.kinds, seedOf(city.place, seed), roads));
}

/** Ticks are short enough that a sped-up two-second feed still comes in its own beat. */
const TICK = speed > 1 ? 100 : 500;
const ready: Running[] = [];

async function keepTicking(): Promise<void> {
  for (let next = now(); ;) {
    await switches.refresh();
    for (const city of ready) city.tick(moment());
    next = Math.max(next + TICK, now());
    await wait(Math.max(1, next - now()));
  }
}

// One after the other, each alive as soon as its past is told: the first place's wall does not wait for the others'.
void keepTicking();
for (const city of cities.filter(({ place }) => !wanted || wanted.includes(place.city))) {
  const next = await running(city);
  if (env.CITYWALL_MOCK_PAST !== "0") await next.past();
  ready.push(next);
}
