import { fork } from "node:child_process";
import path from "node:path";
import { BenchGateway, median, table, wait } from "./kit";

interface ClientReport {
  delivered: number;
  gaps: number;
  wrong: number;
}

const ROUNDS = 3;
const SECONDS = 8;
const METRICS = 24;

/** Sockets in a process of their own; reports what they got. */
function clients(port: number, count: number): { ready: Promise<void>; report: () => Promise<ClientReport>; close: () => void } {
  const child = fork(path.resolve(import.meta.dirname, "fanout-clients.ts"), { execArgv: ["--import", "tsx"], env: { ...process.env, BENCH_PORT: String(port), BENCH_CLIENTS: String(count), BENCH_METRICS: String(METRICS) } });
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

async function once(count: number, rate: number): Promise<{ cpu: number; lost: number; memory: number; rss: number }> {
  const gateway = await BenchGateway.open(METRICS);
  await wait(500);
  const empty = await gateway.order({ kind: "gc" });
  const sockets = clients(gateway.port, count);
  await sockets.ready;
  await wait(1_000);
  const full = await gateway.order({ kind: "gc" });
  await gateway.order({ kind: "feed", rate, metrics: METRICS, city: "bench" });
  await wait(1_500);
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
  return {
    cpu: (after.cpuMs - before.cpuMs) / ((last.delivered - first.delivered) / 1000),
    lost: end.fed * count - final.delivered + final.gaps + final.wrong,
    memory: (full.heap - empty.heap) / count / 1024,
    rss: (full.rss - empty.rss) / count / 1024,
  };
}

/** Server CPU to serve many sockets, what was lost, and memory a connection. */
export async function fanout(): Promise<string> {
  const rows: (string | number)[][] = [];
  const cases = [[100, 240], [100, 24], [1_000, 240], [1_000, 24]] as const;
  const results = cases.map(() => [] as Awaited<ReturnType<typeof once>>[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [count, rate]] of cases.entries()) results[i]?.push(await once(count, rate));
  }
  cases.forEach(([count, rate], i) => {
    const runs = results[i] ?? [];
    rows.push([count, rate, median(runs.map((r) => r.cpu)).toFixed(2), runs.reduce((sum, r) => sum + r.lost, 0), median(runs.map((r) => r.memory)).toFixed(1), median(runs.map((r) => r.rss)).toFixed(0)]);
  });
  return `## Fan-out\n\nSocket clients that all show the same ${METRICS} topics; each reading counts once for each client it reached. Medians of ${ROUNDS} interleaved rounds of ${SECONDS} s. Goals: at most 3 ms at 100 clients, nothing lost, at most 25 KB a connection.\n\n${table(["clients", "readings/s", "server CPU per 1,000 delivered, ms", "lost", "memory a connection, KB (heap and buffers after collection)", "growth of the process, KB a connection"], rows)}\n`;
}
