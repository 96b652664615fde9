import { fork, type ChildProcess } from "node:child_process";
import { hash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Feed, Order, Report } from "./ingest-clients";
import { list, median, quantile, section, table, wait } from "./kit";

const ROOT = path.resolve(import.meta.dirname, "..");
/** Places whose feeds publish: one that sends its totals, one whose totals are computed. */
const CITIES = ["lianyungang", "zhengzhou"];
/** Publishers of each of them. */
const FEEDS = 4;
/** Posts a second and readings in each. */
const CASES = [
  [50, 1],
  [200, 1],
  [500, 1],
  [50, 48],
] as const;
/** A gateway runs for months: what V8 compiles in its first minute is not a post's price. */
const WARM_UP = { rate: 500, batch: 1, seconds: 20 };
const IDLE_SECONDS = 30;
/** ms after the last post in which the store takes in what is left; it counts as well. */
const SETTLE = 2_500;
/** Milliseconds of a clock tick of /proc. */
const TICK = 10;

interface CpuTimes {
  gateway: number;
  store: number;
}

/** User and system CPU time of a process, ms. */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** The feeds of a city with the most topics: its systems by name, as its files have them. */
async function feedsOf(cities: string, city: string): Promise<Omit<Feed, "token">[] & { name: string }[]> {
  interface Metric {
    id: string;
    system: string;
    districts?: boolean;
    aggregate?: { total?: string };
  }
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(path.join(cities, city, file), "utf8"));
  const { metrics } = (await read("metrics.json")) as { metrics: Metric[] };
  const { districts } = (await read("city.json")) as { districts: { adcode: string }[] };
  const bySystem = new Map<string, Feed["topics"]>();
  for (const { id: metric, system, districts: byDistrict, aggregate } of metrics) {
    const topics = bySystem.get(system) ?? [];
    if (aggregate?.total !== "computed") topics.push({ district: "all", metric });
    if (byDistrict) for (const { adcode } of districts) topics.push({ district: adcode, metric });
    bySystem.set(system, topics);
  }
  return [...bySystem]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, FEEDS)
    .map(([name, topics]) => ({ name, city, topics }));
}

/** What is measured: a gateway and its store as they run in a city, from a checkout of their own, or the floor. */
class Subject {
  readonly results = CASES.map(() => [] as { cpu: CpuTimes; latencies: number[]; posts: number; failed: number }[]);
  /** CPU a second with nothing to do, ms */
  idle: CpuTimes = { gateway: 0, store: 0 };
  private readonly acknowledged = new Map<string, number[]>();

  private constructor(
    readonly name: string,
    private readonly server: ChildProcess,
    private readonly url: string,
    private readonly data: string,
    private readonly store: number | null,
    private readonly feeds: Feed[],
  ) {}

  /** @param script of the server, in the checkout `root` */
  private static async launch(root: string, script: string): Promise<[ChildProcess, string, string, Feed[]]> {
    const data = await mkdtemp(path.join(os.tmpdir(), "citywall-bench-"));
    const cities = path.join(root, "cities");
    const tokens: object[] = [];
    const created = new Date().toISOString();
    const feeds: Feed[] = [];
    for (const city of CITIES)
      for (const { name: feed, topics } of await feedsOf(cities, city)) {
        const token = `cw_${randomBytes(32).toString("base64url")}`;
        const kept = hash("sha256", token);
        tokens.push({ id: kept.slice(0, 8), hash: kept, city, feed, created });
        feeds.push({ city, topics, token });
      }
    // As earlier versions keep them, and later ones take them over.
    await writeFile(path.join(data, "tokens.json"), JSON.stringify({ tokens }), { mode: 0o600 });
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      PORT: "0",
      HOST: "127.0.0.1",
      CITYWALL_DATA: data,
      CITYWALL_CITIES: cities,
      CITYWALL_RATE: "10000",
      NODE_ENV: "production",
    };
    delete env.CITYWALL_PAGES_PORT;
    delete env.DATABASE_URL;
    const server = fork(path.join(root, script), { cwd: root, env, execArgv: ["--import", "tsx"] });
    // Before that it says, a second at a time, that it is alive.
    const ready = await new Promise<number>((resolve) =>
      server.on("message", (message: { ready?: number }) => message.ready !== undefined && resolve(message.ready)),
    );
    return [server, `http://127.0.0.1:${ready}`, data, feeds];
  }

  static async open(name: string, root: string): Promise<Subject> {
    const [server, url, data, feeds] = await Subject.launch(root, "server/gateway.ts");
    while (!/^citywall_store_up 1$/m.test(await (await fetch(`${url}/metrics`)).text())) await wait(100);
    const store = Number((await readFile(path.join(data, "store.lock"), "utf8")).split(" ")[0]);
    return new Subject(name, server, url, data, store, feeds);
  }

  static async floor(): Promise<Subject> {
    const [server, url, data, feeds] = await Subject.launch(ROOT, "bench/ingest-floor.ts");
    return new Subject("floor", server, url, data, null, feeds);
  }

  /** Waits until the totals of computed metrics have gone through the past, which an empty store has none of. */
  async settled(): Promise<void> {
    if (this.store === null) return;
    const file = path.join(this.data, "totals.json");
    for (let waiting = 1; waiting > 0; await wait(500))
      waiting = Object.keys((JSON.parse(await readFile(file, "utf8")) as { waiting: object }).waiting).length;
  }

  async cpu(): Promise<CpuTimes> {
    const gateway = await cpuOf(this.server.pid as number);
    return { gateway, store: this.store === null ? 0 : await cpuOf(this.store) };
  }

  async post(clients: ChildProcess, order: Pick<Order, "rate" | "batch" | "seconds">): Promise<Report> {
    const answer = new Promise<Report>((resolve) => clients.once("message", resolve as (message: unknown) => void));
    clients.send({ url: this.url, feeds: this.feeds, ...order } satisfies Order);
    const report = await answer;
    for (const [topic, times] of report.acknowledged)
      this.acknowledged.set(topic, (this.acknowledged.get(topic) ?? []).concat(times));
    return report;
  }

  async measure(clients: ChildProcess, index: number, seconds: number): Promise<void> {
    const [rate, batch] = CASES[index] as (typeof CASES)[number];
    const [before, began] = [await this.cpu(), performance.now()];
    const { latencies, posts, failed } = await this.post(clients, { rate, batch, seconds });
    await wait(SETTLE);
    const [after, passed] = [await this.cpu(), (performance.now() - began) / 1000];
    const share = (part: keyof CpuTimes): number => (after[part] - before[part] - this.idle[part] * passed) / posts;
    this.results[index]?.push({ cpu: { gateway: share("gateway"), store: share("store") }, latencies, posts, failed });
  }

  /** Acknowledged readings that history does not have. */
  async lost(): Promise<number> {
    let lost = 0;
    if (this.store === null) return lost;
    for (const [topic, times] of this.acknowledged) {
      const iso = (at: number): string => new Date(at).toISOString();
      const range = `from=${iso(Math.min(...times))}&to=${iso(Math.max(...times) + 1)}`;
      const response = await fetch(`${this.url}/api/v1/history?topic=${encodeURIComponent(topic)}&${range}&step=raw`);
      const { series } = (await response.json()) as { series: { at: (string | number)[] }[] };
      const kept = new Set(series[0]?.at.map((at) => new Date(at).getTime()));
      lost += times.filter((at) => !kept.has(at)).length;
    }
    return lost;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill("SIGTERM");
    await gone;
    await rm(this.data, { recursive: true, force: true });
  }
}

async function measureAll(subjects: Subject[], clients: ChildProcess, rounds: number, seconds: number): Promise<void> {
  for (const subject of subjects) {
    await subject.post(clients, WARM_UP);
    await subject.settled();
  }
  await wait(SETTLE);
  const before = await Promise.all(subjects.map((subject) => subject.cpu()));
  await wait(IDLE_SECONDS * 1000);
  for (const [i, subject] of subjects.entries()) {
    const [first, last] = [before[i] as CpuTimes, await subject.cpu()];
    subject.idle = {
      gateway: (last.gateway - first.gateway) / IDLE_SECONDS,
      store: (last.store - first.store) / IDLE_SECONDS,
    };
  }
  for (let round = 0; round < rounds; round++)
    for (const index of CASES.keys())
      for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse())
        await subject.measure(clients, index, seconds);
}

const HEAD = [
  "checkout",
  "posts/s",
  "readings a post",
  "gateway, CPU ms a post",
  "store",
  "both",
  "of a core",
  "acknowledged after, ms p50 / p95 / p99",
  "refused",
];

function rowsOf(subjects: Subject[]): (string | number)[][] {
  const rows: (string | number)[][] = [];
  for (const [index, [rate, batch]] of CASES.entries()) {
    for (const subject of subjects) {
      const runs = subject.results[index] ?? [];
      const [gateway, store] = (["gateway", "store"] as const).map((part) => median(runs.map(({ cpu }) => cpu[part])));
      const latencies = runs.flatMap((run) => run.latencies);
      const ms = (q: number): string => quantile(latencies, q).toFixed(1);
      const both = median(runs.map(({ cpu }) => cpu.gateway + cpu.store));
      rows.push([
        subject.name,
        rate,
        batch,
        (gateway as number).toFixed(2),
        (store as number).toFixed(2),
        both.toFixed(2),
        `${((both * rate) / 10).toFixed(1)} %`,
        `${ms(0.5)} / ${ms(0.95)} / ${ms(0.99)}`,
        runs.reduce((sum, { failed }) => sum + failed, 0),
      ]);
    }
  }
  return rows;
}

/**
 * What a post costs gateway and store.
 * @param rounds of all cases
 * @param seconds of a case
 * @param against folder of another checkout, measured in turn with this one; null for none
 */
export async function ingest(rounds: number, seconds: number, against: string | null): Promise<string> {
  const clients = fork(path.join(ROOT, "bench/ingest-clients.ts"), {
    execArgv: ["--import", "tsx"],
    serialization: "advanced",
  });
  const subjects = [await Subject.open("this", ROOT)];
  if (against !== null) subjects.push(await Subject.open("other", path.resolve(against)));
  subjects.push(await Subject.floor());
  await measureAll(subjects, clients, rounds, seconds);
  clients.kill();
  const ends: string[] = [];
  for (const subject of subjects) {
    const lost = await subject.lost();
    if (subject.name !== "floor")
      ends.push(`
        ${subject.name}: idle ${subject.idle.gateway.toFixed(1)} ms a second in the gateway,
        ${subject.idle.store.toFixed(1)} in the store; ${lost} acknowledged readings lost
      `);
    await subject.close();
  }
  return section(
    "Ingest",
    `
      ${FEEDS * CITIES.length} feeds of ${CITIES.join(" and ")}, each with its token and one open connection, post to a
      gateway with its store (two processes, DuckDB). User and system time of both processes, less what they take with
      nothing to do, until ${SETTLE / 1000} s after the last post; after a warm-up of ${WARM_UP.seconds} s at
      ${WARM_UP.rate}/s. Medians of ${rounds} rounds of ${seconds} s. Answers are timed from the moment a post is due.
      The floor is a bare \`node:http\` server that reads and parses a body, appends it to a file and answers then.
      Goals: at most 0.6 ms a post of one reading, p95 of answers under 20 ms, nothing lost.
    `,
    table(HEAD, rowsOf(subjects)),
    list(...ends),
  );
}
