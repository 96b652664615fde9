import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseHistoryConfig } from "../lib/history/config";
import { openDuckdb } from "../lib/history/store/duckdb";
import type { Engine } from "../lib/history/store/engine";
import { Historian } from "../lib/history/store/historian";
import { LIVE } from "../lib/history/writer/journal";
import type { JournalBatch, ReadingColumns } from "../lib/history/writer/journal";
import { openPostgres } from "../lib/history/store/postgres";
import { queryHistory, type HistoryQuery } from "../lib/history/store/query";
import { startPostgres } from "../scripts/postgres.mjs";
import { quantile, section, table, wait } from "./kit";

const SERIES = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Readings a second while queries run, and for how long (s). */
const INGEST = 50_000;
const INGEST_SECONDS = 20;
const ASKS = 60;
/** Minutes of readings taken in at once. */
const BATCH_MINUTES = 240;
const END = Math.floor(Date.now() / DAY) * DAY;

const TOPICS = Array.from({ length: SERIES }, (_, i) => `reading/bench/${320_700 + (i % 10)}/m${Math.floor(i / 10)}`);

function columns(count: number, observed: (i: number) => number, topic: (i: number) => number): ReadingColumns {
  const made: ReadingColumns = {
    topics: TOPICS,
    topic: new Uint32Array(count),
    observed: new Float64Array(count),
    recorded: new Float64Array(count),
    value: new Float64Array(count),
    quality: new Uint8Array(count),
    sequence: new Uint16Array(count),
  };
  for (let i = 0; i < count; i++) {
    const series = topic(i);
    const at = observed(i);
    made.topic[i] = series;
    made.observed[i] = at;
    made.recorded[i] = at + 300;
    // Counts and rates as cities publish them: whole numbers or one decimal, with a daily rhythm and noise.
    made.value[i] =
      Math.round((500 + 400 * Math.sin(at / 1.4e7 + series) + 60 * Math.sin(i * 12.9898)) * (series % 2 ? 10 : 1)) /
      (series % 2 ? 10 : 1);
  }
  return made;
}

const batch = (readings: ReadingColumns): JournalBatch => ({ readings, events: [], positions: [], screens: [] });

/** One district, eight metrics. */
function question(historian: Historian, span: number, step: number, end: number, k: number): HistoryQuery {
  const district = k % 10;
  const series = Array.from(
    { length: 8 },
    (_, m) => historian.series(TOPICS[(((k * 7 + m) % 100) * 10 + district) % SERIES] ?? "") ?? 0,
  );
  return {
    series,
    from: end - span,
    to: end,
    step,
    aggregates: ["avg"],
    fill: "none",
    timeZone: "Asia/Shanghai",
    now: end,
  };
}

async function times(historian: Historian, span: number, step: number, end: number): Promise<number[]> {
  const took: number[] = [];
  for (let k = 0; k < ASKS; k++) {
    // Another day for each question, so that no answer is the last one's.
    const until = end - (k % 20) * (span < 2 * DAY ? DAY : 0);
    const began = performance.now();
    await queryHistory(historian, question(historian, span, step, until, k));
    took.push(performance.now() - began);
  }
  return took.slice(5);
}

interface Outcome {
  engine: string;
  readings: number;
  load: number;
  whole: number;
  bytes: number;
  short: number[];
  long: number[];
  shortBusy: number[];
  longBusy: number[];
  ingested: number;
  kept: number;
  rate: number;
}

/** Where the next piece stands in the journal: the store takes each piece in once. */
class Journal {
  private offset = 0;

  constructor(private readonly historian: Historian) {}

  take(readings: ReadingColumns): Promise<unknown> {
    return this.historian.apply([batch(readings)], LIVE, { segment: 1, offset: ++this.offset });
  }
}

/**
 * Fills a store day after day, as it would come: rollups and settling keep up with it, which decides what the file
 * weighs. Returns the ms that taking readings in took.
 */
async function fill(historian: Historian, journal: Journal, begin: number, minutes: number): Promise<number> {
  let loading = 0;
  for (let minute = 0; minute < minutes; minute += BATCH_MINUTES) {
    const wide = Math.min(BATCH_MINUTES, minutes - minute);
    const made = columns(
      wide * SERIES,
      (i) => begin + (minute + Math.floor(i / SERIES)) * MINUTE + (i % SERIES),
      (i) => i % SERIES,
    );
    const applied = performance.now();
    await journal.take(made);
    loading += performance.now() - applied;
    while (await historian.maintain(begin + (minute + wide) * MINUTE));
  }
  while (await historian.maintain(END + 3 * HOUR));
  return loading;
}

/**
 * Takes readings in at a fixed rate from `t0` on, a batch every 200 ms, with rollups. Returns how many, and how many a
 * second.
 */
async function ingest(historian: Historian, journal: Journal, t0: number): Promise<{ ingested: number; rate: number }> {
  let ingested = 0;
  const began = performance.now();
  while (performance.now() - began < INGEST_SECONDS * 1000) {
    const due = Math.floor(((performance.now() - began) / 1000) * INGEST);
    const from = ingested;
    if (due > from)
      await journal.take(
        columns(
          due - from,
          (i) => t0 + Math.floor(((from + i) / INGEST) * 1000),
          (i) => (from + i) % SERIES,
        ),
      );
    ingested = due;
    await historian.maintain(Math.round(t0 + (performance.now() - began)));
    await wait(100);
  }
  return { ingested, rate: ingested / ((performance.now() - began) / 1000) };
}

async function measure(engine: Engine, millions: number): Promise<Outcome> {
  const historian = new Historian(engine, parseHistoryConfig({ readings: { days: 3_000 } }));
  const journal = new Journal(historian);
  const readings = millions * 1e6;
  const minutes = Math.round(readings / SERIES);
  const begin = END - minutes * MINUTE;
  await historian.open(begin);
  const began = performance.now();
  const loading = await fill(historian, journal, begin, minutes);
  await engine.compact();
  const load = readings / (loading / 1000);
  const whole = readings / ((performance.now() - began) / 1000);
  const bytes = await engine.size();
  const hours = Math.min(90 * DAY, minutes * MINUTE);
  const short = await times(historian, DAY, MINUTE, END);
  const long = await times(historian, hours, HOUR, END);

  let asking = true;
  const [shortBusy, longBusy]: [number[], number[]] = [[], []];
  const asks = (async () => {
    while (asking) {
      shortBusy.push(...(await times(historian, DAY, MINUTE, END)));
      longBusy.push(...(await times(historian, hours, HOUR, END)));
    }
  })();
  const t0 = END + 3 * HOUR + 10 * MINUTE;
  const { ingested, rate } = await ingest(historian, journal, t0);
  asking = false;
  await asks;
  const [row] = await engine.rows("SELECT count(*) AS n FROM readings WHERE observed >= $1", [t0]);
  const kept = Number(row?.n);
  return { engine: engine.name, readings, load, whole, bytes, short, long, shortBusy, longBusy, ingested, kept, rate };
}

/**
 * The store under 1,000 series of one reading a minute.
 * @param millions readings of the embedded engine
 * @param pgMillions of PostgreSQL
 */
export async function history(millions: number, pgMillions: number): Promise<string> {
  const outcomes: Outcome[] = [];
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-bench-"));
  const duckdb = await openDuckdb(path.join(folder, "h.duckdb"));
  outcomes.push(await measure(duckdb, millions));
  await duckdb.close();
  await rm(folder, { recursive: true, force: true });
  const server = await startPostgres();
  if (server) {
    const postgres = await openPostgres(server.url);
    outcomes.push(await measure(postgres, pgMillions));
    await postgres.close();
    await server.stop();
  }
  const ms = (values: number[], q: number): string => quantile(values, q).toFixed(0);
  const rows = outcomes.map((o) => [
    o.engine,
    `${o.readings / 1e6} M`,
    Math.round(o.load).toLocaleString("en"),
    Math.round(o.whole).toLocaleString("en"),
    (o.bytes / o.readings).toFixed(1),
    `${ms(o.short, 0.5)} / ${ms(o.short, 0.95)}`,
    `${ms(o.long, 0.5)} / ${ms(o.long, 0.95)}`,
    Math.round(o.rate).toLocaleString("en"),
    o.ingested - o.kept,
    `${ms(o.shortBusy, 0.95)}`,
    `${ms(o.longBusy, 0.95)}`,
  ]);
  return section(
    "History",
    `
      ${SERIES} series, one reading a minute; one district x 8 metrics asked for 24 h by the minute and for as many of
      the last 90 days as there are by the hour, then the same questions while ${INGEST.toLocaleString("en")} readings/s
      come in with their rollups for ${INGEST_SECONDS} s. Goals: p95 under 50 and 150 ms, ${INGEST.toLocaleString("en")}
      readings/s without loss, under 12 bytes a reading on disk embedded.
    `,
    table(
      [
        "engine",
        "readings",
        "load alone, readings/s",
        "with rollups and settling, readings/s",
        "bytes a reading, rollups included",
        "24 h by minutes, ms p50 / p95",
        "by hours, ms p50 / p95",
        "ingest beside questions, readings/s",
        "lost",
        "24 h p95 meanwhile, ms",
        "by hours p95 meanwhile, ms",
      ],
      rows,
    ),
  );
}
