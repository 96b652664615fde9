/** The two trials: hostile inputs against the programs as they run, and faults while a publisher is at work. */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import pg from "pg";
import { after } from "../lib/clock";
import { madeToken } from "../lib/control/test-tokens";
import { SmallDisk } from "../lib/files/test-disk";
import { addMap } from "../lib/maps/map-folder";
import { archiveBytes, seaTile, worldTiles } from "../lib/maps/test-archive";
import { ROOT } from "../server/programs.mjs";
import { Started, until } from "../server/started";
import { Chance } from "./chance";
import { FAULTS, suffer, type Fault, type Outcome } from "./faults";
import { httpStorm } from "./http-storm";
import { account, Load, type Account } from "./load";
import { socketStorm } from "./socket-storm";
import type { Known } from "./values";
import { makeVisitors, marksOf, placesIn, type Mark, type Visitor } from "./visitors";

const CITY = "lianyungang";
const MEGABYTE = 1 << 20;
const DAY = 86_400_000;
/** Share of the inputs that go over HTTP; the others are messages over the live socket. */
const HTTP = 0.6;
/** Megabytes of the file system that is filled: the journal, the store and a reserve have to find room. */
const SMALL = 400;

interface Ground {
  folder: string;
  data: string;
  token: string;
  started: Started;
  url: string;
  clear: () => Promise<void>;
}

/** A gateway and a store that were never used, with a token for everything of one city, and a base map. */
async function ground(
  postgres: string | null,
  env: Record<string, string>,
  small = false,
  prepare: (place: { data: string; databaseUrl?: string }) => Promise<void> = () => Promise.resolve(),
): Promise<Ground & { disk: SmallDisk | null }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-torture-"));
  const data = path.join(folder, "data");
  await mkdir(data);
  const own = new SmallDisk(data);
  const disk = small && own.mount(SMALL) ? own : null;
  const file = path.join(folder, "map.pmtiles");
  await writeFile(file, archiveBytes({ tiles: worldTiles(2, seaTile()) }));
  await addMap({ data, city: CITY, file }, {}, new Date().toISOString());
  const schema = `torture_${process.pid}_${Date.now()}`;
  const admin = postgres ? new pg.Client({ connectionString: postgres }) : null;
  await admin?.connect();
  await admin?.query(`CREATE SCHEMA ${schema}`);
  const database: Record<string, string> = postgres
    ? { DATABASE_URL: `${postgres}?options=-c%20search_path%3D${schema}` }
    : {};
  const place = { data, ...(database.DATABASE_URL ? { databaseUrl: database.DATABASE_URL } : {}) };
  const token = await madeToken(place, { city: CITY });
  await prepare(place);
  const started = new Started({
    env: { CITYWALL_DATA: data, CITYWALL_RATE: "100000", CITYWALL_ADDRESS_RATE: "100000", ...database, ...env },
  });
  const clear = async (): Promise<void> => {
    await started.clear();
    await admin?.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin?.end();
    disk?.unmount();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await started.url();
    return { folder, data, token, started, url, clear, disk };
  } catch (error) {
    await clear();
    throw error;
  }
}

/** Names that exist, so that most of what is made by chance is about something. */
async function knownNames(): Promise<Known> {
  const folder = path.join(ROOT, "cities", CITY);
  const read = async (name: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(path.join(folder, name), "utf8")) as Record<string, unknown>;
  const { metrics } = (await read("metrics.json")) as { metrics: { id: string; kind: string; districts?: boolean }[] };
  const ids = metrics.map(({ id }) => id);
  const { districts } = (await read("city.json")) as { districts: { adcode: string }[] };
  const codes = districts.map(({ adcode }) => adcode);
  const topics = ids.flatMap((id) => ["all", ...codes.slice(0, 2)].map((code) => `reading/${CITY}/${code}/${id}`));
  const moments = ["now", "now-1h", "now-6h", "now-2d", "2026-01-01T00:00:00Z"];
  return {
    topic: [...topics, `events/${CITY}`],
    topics: [...topics, `events/${CITY}`],
    city: [CITY, CITY, CITY, "hangzhou", "nowhere"],
    metric: ids,
    district: ["all", ...codes],
    adcode: codes,
    screen: ["overview", "traffic", "operations"],
    from: moments,
    to: moments,
    asOf: moments,
    step: ["60", "5m", "1h", "1d", "week", "raw", "7s", "year"],
    agg: ["avg", "last", "min,max", "p95", "increase", "median"],
    tz: ["Asia/Shanghai", "UTC", "America/New_York", "Mars/Phobos"],
    at: ["now-1h", Date.now() - 3_600_000],
  };
}

const memoryOf = (pid: number): number => {
  try {
    return Math.round(
      (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024) / MEGABYTE,
    );
  } catch {
    return 0;
  }
};

export interface InputReport {
  sent: number;
  cut: number;
  statuses: [number, number][];
  faults: string[];
  /** ms, the longest answer of /healthz */
  pulse: number;
  /** ms, the longest that the gateway's event loop was held up */
  loop: number;
  /** megabytes resident */
  memory: { before: number; most: number; after: number };
  /** processes that ended */
  restarts: number;
}

interface InputTrial {
  inputs: number;
  seed: number;
  postgres: string | null;
  /** everybody has to sign in: who comes is somebody by chance, and is told and may do what he has a right to and no more */
  closed?: boolean;
}

/** Sends so many inputs made by chance over HTTP and socket. */
export async function inputTrial({ inputs, seed, postgres, closed = false }: InputTrial): Promise<InputReport> {
  const names = await knownNames();
  const places = names.adcode as string[];
  const known = closed ? { ...names, ...markedNames(places) } : names;
  const marks = closed ? marksOf(places) : [];
  let visitors: Visitor[] = [];
  const place = await ground(postgres, closed ? { CITYWALL_SIGN_IN: "1" } : {}, false, async (where) => {
    if (closed) visitors = await makeVisitors(where, CITY, places);
  });
  try {
    const { started, url, token } = place;
    const all = visitors.find(({ mayOperate }) => mayOperate);
    const headers: Record<string, string> = all?.cookie === undefined ? {} : { cookie: all.cookie };
    await until(
      async () => (await fetch(`${url}/api/v1/history?topic=${String(known.topic?.[0])}&from=now-1h`, { headers })).ok,
      "the store",
    );
    if (closed) await leaveMarks({ url, token, marks, headers });
    const ask = { known, visitors, marks };
    const [gateway, store] = [await started.process("gateway"), await started.process("store")];
    const pulse = new Worker(new URL("pulse.mjs", import.meta.url), { workerData: url });
    const before = memoryOf(gateway);
    let most = before;
    const look = setInterval(() => (most = Math.max(most, memoryOf(gateway))), 100);
    const stopMarking = closed ? keepMarking({ url, token, marks }) : () => Promise.resolve();
    const [http, socket] = await Promise.all([
      httpStorm(url, { count: Math.round(inputs * HTTP), width: 8, chance: new Chance(seed), token, ...ask }),
      socketStorm(url, { count: Math.round(inputs * (1 - HTTP)), width: 4, chance: new Chance(seed + 1), ...ask }),
    ]);
    clearInterval(look);
    await stopMarking();
    pulse.postMessage("");
    const { longest } = await new Promise<{ longest: number }>((resolve) => pulse.once("message", resolve));
    await pulse.terminate();
    const metrics = await (await fetch(`${url}/metrics`, { headers })).text();
    const loop = Math.round(Number(/^citywall_event_loop_delay_seconds (\S+)$/m.exec(metrics)?.[1] ?? NaN) * 1_000);
    const after = memoryOf(gateway);
    const restarts = [gateway, store].filter((pid) => memoryOf(pid) === 0).length;
    return {
      sent: http.sent + socket.sent,
      cut: socket.cut,
      statuses: [...http.byStatus].sort(([a], [b]) => a - b),
      faults: [...http.faults, ...socket.faults, ...(await unlike(url, visitors, marks))],
      pulse: longest,
      loop,
      memory: { before, most, after },
      restarts,
    };
  } finally {
    await place.clear();
  }
}

/** A metric of places that is counted nowhere together. */
const MARKED = "app-online";
/** ms */
const MARK_EVERY = 100;

/** Names of what is marked, so that most of what is made by chance is about what somebody may not know. */
function markedNames(places: readonly string[]): Known {
  const topics = ["all", ...places].map((place) => `reading/${CITY}/${place}/${MARKED}`);
  const topic = [...topics, ...topics, `events/${CITY}`, `reading/${CITY}/all/cases-today`, `reading/hangzhou/all/x`];
  return { topic, topics: topic, metric: [MARKED, MARKED, "cases-today"] };
}

interface Marking {
  url: string;
  token: string;
  marks: readonly Mark[];
  /** of somebody who may write notes everywhere */
  headers: Record<string, string>;
}

async function post(
  { url }: Pick<Marking, "url">,
  path: string,
  body: object,
  headers: Record<string, string>,
): Promise<void> {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const { rejected = [] } = (await answer.json()) as { rejected?: object[] };
  if (!answer.ok || rejected.length > 0) throw new Error(`${path}: ${answer.status} ${JSON.stringify(rejected[0])}`);
}

/** Gives each place a figure that stands nowhere else. */
function markReadings(marking: Omit<Marking, "headers">): Promise<void> {
  const at = new Date().toISOString();
  const readings = marking.marks.map(({ place, value }) => ({
    city: CITY,
    district: place,
    metric: MARKED,
    at,
    value,
  }));
  return post(marking, "readings", { readings }, { authorization: `Bearer ${marking.token}` });
}

/** Gives each place a figure, an event and a note that stand nowhere else. */
async function leaveMarks(marking: Marking): Promise<void> {
  const { token, marks, headers } = marking;
  const at = new Date().toISOString();
  await markReadings(marking);
  const events = marks.map(({ place, text }) => ({
    ...{
      id: text,
      city: CITY,
      kind: "incident",
      title: text,
      severity: 2,
      stage: "a",
      stages: ["a", "b"],
      at,
      source: "x",
    },
    ...(place === "all" ? {} : { district: place }),
  }));
  await post(marking, "events", { events }, { authorization: `Bearer ${token}` });
  for (const { place, text } of marks)
    await post(marking, `annotations/${CITY}`, { from: Date.now() - 60_000, text, district: place }, headers);
}

/** Tells the figures again and again, so that live frames have them as well. Returns what ends it. */
function keepMarking(marking: Omit<Marking, "headers">): () => Promise<void> {
  let going = true;
  const done = (async () => {
    while (going) {
      // What is hostile may take a place's turn: too many requests are told so.
      await markReadings(marking).catch(() => {});
      await new Promise<void>((resolve) => after(MARK_EVERY, resolve));
    }
  })();
  return () => {
    going = false;
    return done;
  };
}

/** Where somebody is not told just what he may be, neither more nor less: after all that was tried. */
async function unlike(url: string, visitors: readonly Visitor[], marks: readonly Mark[]): Promise<string[]> {
  const [from, to] = [new Date(Date.now() - DAY), new Date(Date.now() + DAY)].map((at) => at.toISOString());
  const range = `from=${from}&to=${to}`;
  const topic = (place: string): string => `reading/${CITY}/${place}/${MARKED}`;
  const asks = [
    { name: "history", paths: marks.map(({ place }) => `history?topic=${topic(place)}&${range}&step=raw`) },
    { name: "notes", paths: [`annotations/${CITY}?${range}`] },
    { name: "events", paths: [`history/events/${CITY}?${range}`] },
  ];
  const faults: string[] = [];
  for (const { name: who, cookie, sees } of visitors)
    for (const { name, paths } of asks) {
      const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
      const answers = await Promise.all(paths.map((path) => fetch(`${url}/api/v1/${path}`, { headers })));
      const bytes = Buffer.concat(await Promise.all(answers.map(async (one) => Buffer.from(await one.arrayBuffer()))));
      const told = placesIn(bytes, marks).sort().join(" ");
      const due = (sees ?? marks.map(({ place }) => place)).toSorted().join(" ");
      if (told !== due) faults.push(`${who} is told of "${told}" by ${name}, and should be of "${due}"`);
    }
  return faults;
}

export interface FaultReport {
  outcomes: Outcome[];
  account: Account;
  /** processes that were still there after the end */
  left: string[];
  /** what was not acknowledged at once, by its kind */
  refused: Map<string, number>;
}

interface FaultTrial {
  faults: number;
  seed: number;
  postgres: string | null;
  kinds?: readonly Fault[];
  onOutcome?: (outcome: Outcome) => void;
}

/** Commits so many faults one after the other while a publisher is at work, and counts what is kept. */
export async function faultTrial({
  faults,
  seed,
  postgres,
  kinds = FAULTS,
  onOutcome,
}: FaultTrial): Promise<FaultReport> {
  const chance = new Chance(seed);
  const known = await knownNames();
  const clock = path.join(await mkdtemp(path.join(os.tmpdir(), "citywall-clock-")), "shift");
  await writeFile(clock, "0");
  const place = await ground(
    postgres,
    {
      CITYWALL_TORTURE_CLOCK: clock,
      NODE_OPTIONS: `--import ${pathToFileURL(path.join(import.meta.dirname, "shifted-clock.mjs")).href}`,
    },
    true,
  );
  const { started, url, token, disk } = place;
  const began = Date.now();
  const load = new Load(url, token, ["app-online"], known.adcode as string[], () => Date.now());
  try {
    await until(() => load.acknowledgedCount > 0, "the first acknowledgement");
    const possible = kinds.filter((kind) => kind !== "fill disk" || disk);
    const outcomes: Outcome[] = [];
    for (let i = 0; i < faults; i++) {
      const outcome = await suffer({ started, url, clock, disk, load }, chance.of(possible), chance);
      outcomes.push(outcome);
      onOutcome?.(outcome);
    }
    await load.stop();
    const counted = await account(url, load, began - 1_000, Date.now() + 1_000);
    started.signal("SIGTERM");
    await started.ended;
    return { outcomes, account: counted, left: started.left(), refused: load.refused };
  } finally {
    await load.stop();
    await place.clear();
    await rm(path.dirname(clock), { recursive: true, force: true });
  }
}
