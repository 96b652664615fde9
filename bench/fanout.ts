import { fork } from "node:child_process";
import path from "node:path";
import { BenchGateway, median, section, table, wait } from "./kit";

interface ClientReport {
  delivered: number;
  gaps: number;
  wrong: number;
}

const ROUNDS = 3;
const SECONDS = 8;
export const METRICS = 24;
/**
 * ms of feeding before measuring: V8 gives back the memory of start-up once, some eight seconds after it; a wall runs
 * for months.
 */
const WARM_UP = 10_000;

/** Sockets in a process of their own; reports what they got. @param cookies of those who sign in, in turn */
export function clients(
  port: number,
  count: number,
  cookies: readonly string[] = [],
): { ready: Promise<void>; report: () => Promise<ClientReport>; close: () => void } {
  const child = fork(path.resolve(import.meta.dirname, "fanout-clients.ts"), {
    execArgv: ["--import", "tsx"],
    env: {
      ...process.env,
      BENCH_PORT: String(port),
      BENCH_CLIENTS: String(count),
      BENCH_METRICS: String(METRICS),
      BENCH_COOKIES: cookies.join("\n"),
    },
  });
  const next = (): Promise<unknown> => new Promise((resolve) => child.once("message", resolve));
  return {
    ready: next().then(() => undefined),
    report: () => {
      const answer = next() as Promise<ClientReport>;
      child.send("report");
      return answer;
    },
    close: () => child.kill("SIGKILL"),
  };
}

/** CPU of a bare socket server that delivers as much, ms per 1,000 readings. */
async function floor(count: number, rate: number): Promise<number> {
  const script = (name: string, env: Record<string, string>) =>
    fork(path.resolve(import.meta.dirname, name), {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, BENCH_RATE: String(rate), BENCH_CLIENTS: String(count), ...env },
    });
  const server = script("fanout-floor.ts", {});
  const next = <T>(): Promise<T> =>
    new Promise((resolve) => server.once("message", resolve as (message: unknown) => void));
  const ask = (): Promise<{ cpuMs: number; delivered: number; sockets: number }> => {
    const answer = next<{ cpuMs: number; delivered: number; sockets: number }>();
    server.send("report");
    return answer;
  };
  const { port } = await next<{ port: number }>();
  const readers = script("fanout-floor-clients.ts", { BENCH_PORT: String(port) });
  while ((await ask()).sockets < count) await wait(100);
  await wait(WARM_UP);
  const before = await ask();
  await wait(SECONDS * 1000);
  const after = await ask();
  server.kill("SIGKILL");
  readers.kill("SIGKILL");
  return (after.cpuMs - before.cpuMs) / ((after.delivered - before.delivered) / 1000);
}

async function once(
  count: number,
  rate: number,
): Promise<{ cpu: number; alone: number; lost: number; memory: number; rss: number }> {
  const gateway = await BenchGateway.open(METRICS);
  // What the same feed costs when nobody listens: timers, ticks, taking readings in.
  await gateway.order({ kind: "feed", rate, metrics: METRICS, city: "bench" });
  await wait(WARM_UP);
  const quiet = await gateway.order({ kind: "stats" });
  await wait(SECONDS * 1000);
  const alone = (await gateway.order({ kind: "stats" })).cpuMs - quiet.cpuMs;
  const { fed } = await gateway.order({ kind: "stop" });
  // A few clients come and go first: code and tables that the first connection brings are not a connection's memory.
  const first50 = clients(gateway.port, 50);
  await first50.ready;
  first50.close();
  await wait(1_000);
  const empty = await gateway.order({ kind: "gc" });
  const sockets = clients(gateway.port, count);
  await sockets.ready;
  await wait(1_000);
  const full = await gateway.order({ kind: "gc" });
  await gateway.order({ kind: "feed", rate, metrics: METRICS, city: "bench" });
  await wait(WARM_UP);
  const before = await gateway.order({ kind: "stats" });
  const first = await sockets.report();
  await wait(SECONDS * 1000);
  const after = await gateway.order({ kind: "stats" });
  const last = await sockets.report();
  await gateway.order({ kind: "stop" });
  await wait(1_000);
  const end = await gateway.order({ kind: "stats" });
  const final = await sockets.report();
  sockets.close();
  gateway.close();
  const thousands = (last.delivered - first.delivered) / 1000;
  return {
    cpu: (after.cpuMs - before.cpuMs) / thousands,
    alone: alone / thousands,
    lost: (end.fed - fed) * count - final.delivered + final.gaps + final.wrong,
    memory: (full.heap - empty.heap) / count / 1024,
    rss: (full.rss - empty.rss) / count / 1024,
  };
}

/** Server CPU to serve many sockets, what was lost, and memory a connection. */
export async function fanout(): Promise<string> {
  const rows: (string | number)[][] = [];
  const cases = [
    [100, 240],
    [100, 24],
    [1_000, 240],
    [1_000, 24],
  ] as const;
  const results = cases.map(() => [] as Awaited<ReturnType<typeof once>>[]);
  const floors = cases.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [count, rate]] of cases.entries()) {
      floors[i]?.push(await floor(count, rate));
      results[i]?.push(await once(count, rate));
    }
  }
  cases.forEach(([count, rate], i) => {
    const runs = results[i] ?? [];
    const [ours, bare] = [median(runs.map((r) => r.cpu)), median(floors[i] ?? [])];
    rows.push([
      count,
      rate,
      ours.toFixed(2),
      (ours - median(runs.map((r) => r.alone))).toFixed(2),
      bare.toFixed(2),
      runs.reduce((sum, r) => sum + r.lost, 0),
      median(runs.map((r) => r.memory)).toFixed(1),
      median(runs.map((r) => r.rss)).toFixed(0),
    ]);
  });
  return section(
    "Fan-out",
    `
      Socket clients that all show the same ${METRICS} topics; each reading counts once for each client it reached.
      Medians of ${ROUNDS} interleaved rounds of ${SECONDS} s. Goals: at most 3 ms at 100 clients, nothing lost, at most
      25 KB a connection. The floor is a bare \`net\` server that writes as many bytes to as many sockets once a tick of
      50 ms and does nothing else: at 24/s its frames carry one reading, and what counts is the price of writing to a
      socket. Ours lets 50 members or more wait up to 350 ms for a frame of eight. Both are measured after
      ${WARM_UP / 1000} s of feeding.
    `,
    table(
      [
        "clients",
        "readings/s",
        "server CPU per 1,000 delivered, ms",
        "beyond the same feed with nobody listening, ms",
        "floor, ms",
        "lost",
        "memory a connection, KB (heap and buffers after collection)",
        "growth of the process, KB a connection",
      ],
      rows,
    ),
  );
}
