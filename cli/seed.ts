import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { loadCity } from "../lib/cities/load";
import { monotonic, now, pause } from "../lib/clock";
import { isSmallCell, type CityFacts } from "../lib/contract/city";
import type { CityEvent } from "../lib/contract/events";
import { positionsTopic, readingTopic } from "../lib/contract/topics";
import type { Reading } from "../lib/contract/readings";
import { Totals } from "../lib/gateway/totals/totals";
import { BulkJournal, ColumnsBuilder, type JournalBatch } from "../lib/history/writer/journal";
import { absolute } from "../server/environment";
import { forkProgram } from "../server/processes";
import { cities as places, pastEvents, pastPositions, pastReadings } from "../mock-feeds/history";
import type { MockCity } from "../mock-feeds/kit/city";
import { fail } from "./arguments";
import { Progress } from "./progress";

const DAY = 86_400_000;
/** Readings of one record, and bytes that may wait for the store before the models pause. */
const RECORD = 50_000;
const WAITING = 256 << 20;
/** Seconds between two positions of a thing, and ms of them that are seeded. */
const POSITIONS_STEP = 30;
const POSITIONS_PAST = 6 * 3_600_000;

export interface SeedOptions {
  days: number;
  /** seconds between two readings of a series */
  step: number;
  seed: number;
  data: string;
  cities: string;
  /** ids of the places that are seeded; all when left out */
  only?: string[] | undefined;
  /** ids of the metrics that are seeded; all when left out */
  metrics?: string[] | undefined;
  /** end of the seeded range, ms */
  until: number;
}

const empty = (): JournalBatch => ({ readings: new ColumnsBuilder().take(), events: [], positions: [], screens: [] });

/** The places that are seeded: those of the mock feeds that are configured, and asked for. */
async function idsOf({ cities, only }: Pick<SeedOptions, "cities" | "only">): Promise<string[]> {
  const ids = places.map(({ place }) => place.city).filter((id) => !only || only.includes(id));
  const configured = await Promise.all(ids.map((id) => stat(path.join(cities, id, "city.json")).catch(() => null)));
  return ids.filter((_, i) => configured[i]);
}

/** Writes the mock feeds' past as a journal that the store takes in. Returns how many readings it wrote. */
export async function writeSeed(
  options: SeedOptions,
  journal: BulkJournal,
  onPart: (part: number, readings: number) => void,
): Promise<number> {
  const ids = await idsOf(options);
  const seeded = places.filter(({ place }) => ids.includes(place.city));
  let count = 0;
  for (const [i, city] of seeded.entries())
    count += await writeCity(city, options, journal, (part, readings) =>
      onPart((i + part) / seeded.length, count + readings),
    );
  journal.end();
  return count;
}

/** Ends the command by the name of a metric that no place has: a past without it would look like one that was empty. */
async function checkMetrics({ cities, only, metrics }: SeedOptions): Promise<void> {
  if (!metrics) return;
  const loaded = await Promise.all((await idsOf({ cities, only })).map((id) => loadCity(cities, id)));
  const known = new Set(loaded.flatMap(({ facts }) => facts.metrics.map((metric) => metric.id)));
  for (const id of metrics) if (!known.has(id)) fail(`--metrics: no place that is seeded has "${id}"`);
}

/** What of one place is written, and where to. Times in ms. */
interface Seeding {
  place: MockCity;
  options: SeedOptions;
  facts: CityFacts;
  from: number;
  journal: BulkJournal;
}

/** Writes a place's past. Returns how many readings it wrote. */
async function writeCity(
  place: MockCity,
  options: SeedOptions,
  journal: BulkJournal,
  onPart: (part: number, readings: number) => void,
): Promise<number> {
  const { facts } = await loadCity(options.cities, place.place.city);
  const seeding = { place, options, facts, from: options.until - options.days * DAY, journal };
  const count = await writeReadings(seeding, onPart);
  writeEvents(seeding);
  await writePositions(seeding);
  return count;
}

/** The totals of districts that a gateway would have computed, by the same rule; each is given to `add`. */
function totalsOf(facts: CityFacts, now: () => number, add: (reading: Reading) => void): Totals {
  const takeReading = (reading: Reading): "taken" => {
    add(reading);
    return "taken";
  };
  const hub = { takeReading, state: () => undefined };
  return new Totals({ hub, history: null, file: null, now, later: () => () => {} }, [facts]);
}

async function writeReadings(
  { place, options, facts, from, journal }: Seeding,
  onPart: (part: number, readings: number) => void,
): Promise<number> {
  const small = new Map(facts.metrics.map((metric) => [metric.id, metric.smallCell]));
  const columns = new ColumnsBuilder();
  const add = ({ district, metric, at, value, quality }: Reading): void =>
    columns.add(readingTopic(facts.id, district, metric), at, at + 500, value, quality);
  let count = 0;
  const flush = (): void => {
    count += columns.length;
    journal.write({ ...empty(), readings: columns.take() });
  };
  let moment = from;
  const totals = totalsOf(facts, () => moment, add);
  for (const readings of pastReadings(place, options.seed, from, options.until, options.step)) {
    moment = readings[0]?.at ?? moment;
    for (const { district, metric, at, value: sampled } of readings) {
      if (options.metrics && !options.metrics.includes(metric)) continue;
      // What the gateway would not have kept is not seeded either.
      const smallCell = small.get(metric);
      const value = smallCell !== undefined && isSmallCell({ smallCell }, district, sampled) ? smallCell / 2 : sampled;
      const reading: Reading = { city: facts.id, district, metric, at, value, quality: "good" };
      add(reading);
      totals.note(facts, reading);
    }
    totals.settle();
    if (columns.length < RECORD) continue;
    flush();
    onPart((moment - from) / (options.until - from), count);
    while (journal.waiting > WAITING) await pause(200);
    // A turn for timers and signals.
    await pause(0);
  }
  flush();
  return count;
}

function writeEvents({ place, options, from, journal }: Seeding): void {
  const events = [...pastEvents(place, options.seed, from, options.until)].map((event) => {
    const updated = Date.parse(event.updated);
    const steps = event.steps.map((step) => ({ ...step, at: Date.parse(step.at) }));
    return { event: { ...event, at: Date.parse(event.at), updated, steps } as CityEvent, recorded: updated + 500 };
  });
  journal.write({ ...empty(), events });
}

/** Where vehicles were is kept for days only, and is most of the bytes: the last hours are enough to look at. */
async function writePositions({ place, options, facts, from, journal }: Seeding): Promise<void> {
  const roads = place.fleet ? await readFile(path.join(options.cities, facts.id, "roads.geojson"), "utf8") : "";
  const begin = Math.max(from, options.until - POSITIONS_PAST);
  for (const positions of pastPositions(place, options.seed, begin, options.until, POSITIONS_STEP, roads)) {
    journal.write({
      ...empty(),
      positions: positions.map(({ layer, id, label, at, lon, lat, heading, speed }) => ({
        topic: positionsTopic(facts.id, layer),
        id,
        label: label ?? "",
        at: Date.parse(at),
        lon,
        lat,
        heading: heading ?? 0,
        speed: speed ?? 0,
      })),
    });
  }
}

/** The `seed` command: fills the store with the mock feeds' past, through the running gateway's store or one of its own. */
export async function seed(options: SeedOptions): Promise<void> {
  await checkMetrics(options);
  const began = monotonic();
  const journal = new BulkJournal(path.join(options.data, "journal"), `seed-${now()}`);
  // Ends by itself with an error where another process holds the store; that one takes the seed in then.
  const env = { ...absolute(process.env), CITYWALL_DATA: options.data, CITYWALL_CITIES: options.cities };
  const store = forkProgram("historian", env, { serialization: "advanced" });
  const held = { error: null as string | null };
  store.on("message", (message: { kind: string; state?: { error: string | null } }) => {
    if (message.kind === "state") held.error = message.state?.error ?? null;
  });
  const rate = (count: number): string =>
    `${Math.round(count / ((monotonic() - began) / 1000)).toLocaleString("en")} readings/s`;
  const writing = new Progress("models");
  const count = await writeSeed(options, journal, (part, readings) => writing.show(part, rate(readings)));
  writing.show(1, rate(count));
  writing.end();
  const taking = new Progress("store ");
  const all = Math.max(1, journal.waiting);
  while (!journal.gone) {
    taking.show(1 - journal.waiting / all, held.error && !held.error.startsWith("the store is held") ? held.error : "");
    await pause(100);
  }
  taking.show(1, rate(count));
  taking.end();
  console.log(
    `${count.toLocaleString("en")} readings of ${options.days} days in ${((monotonic() - began) / 1000).toFixed(1)} s`,
  );
  await new Promise<void>((resolve) => {
    store.once("exit", () => resolve());
    store.disconnect();
  });
}
