import { fork, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { openControl } from "../lib/control/open";
import { signedIn } from "../lib/control/test-people";
import { madeToken } from "../lib/control/test-tokens";
import { Started, until } from "../server/started";
import { median, quantile, section, table, wait } from "./kit";

const CITY = "lianyungang";
const METRIC = "cases-minute";
const TOPIC = `reading/${CITY}/all/${METRIC}`;
/** Fewer than share a frame that may wait for others, so that what is measured is the way itself. */
const WALLS = 40;
/** a second */
const READINGS = 10;
const GUESSES = 50;
const SETTLE = 3_000;

interface Round {
  delays: number[];
  statuses: Record<number, number>;
}

function helper(file: string, env: Record<string, string>): { child: ChildProcess; next: <T>() => Promise<T> } {
  const child = fork(path.resolve(import.meta.dirname, file), {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...env },
  });
  return {
    child,
    next: <T>() => new Promise<T>((resolve) => child.once("message", resolve as (message: unknown) => void)),
  };
}

/** Publishes the moment at which it does, again and again. Returns what ends it. */
function publish(url: string, token: string): () => void {
  const timer = setInterval(() => {
    const now = Date.now();
    void fetch(`${url}/api/v1/readings`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ readings: [{ city: CITY, metric: METRIC, at: new Date(now).toISOString(), value: now }] }),
    }).catch(() => null);
  }, 1_000 / READINGS);
  return () => clearInterval(timer);
}

/** How long figures take to walls, with and without somebody who guesses passwords. */
export async function signIn(rounds: number, seconds: number): Promise<string> {
  const data = await mkdtemp(path.join(os.tmpdir(), "citywall-sign-in-"));
  const db = await openControl({ data });
  const { secret } = await signedIn(db, { role: "viewer" });
  await db.destroy();
  const token = await madeToken({ data }, { city: CITY });
  const env = { CITYWALL_DATA: data, CITYWALL_SIGN_IN: "1", CITYWALL_TRUSTED_PROXIES: "127.0.0.1" };
  const started = new Started({ env: { ...env, CITYWALL_ADDRESS_RATE: "100000" } });
  try {
    const url = await started.url();
    const cookie = `citywall-session=${secret}`;
    await until(async () => (await fetch(`${url}/readyz`)).ok, "the gateway");
    const more = { BENCH_URL: url, BENCH_COOKIE: cookie, BENCH_TOPIC: TOPIC };
    const walls = helper("sign-in-clients.ts", { ...more, BENCH_CLIENTS: String(WALLS) });
    await walls.next();
    const guesses = helper("sign-in-guesses.ts", { ...more, BENCH_RATE: String(GUESSES) });
    await guesses.next();
    const stop = publish(url, token);
    const report = (): Promise<number[]> => {
      const answer = walls.next<number[]>();
      walls.child.send("report");
      return answer;
    };
    const once = async (attacked: boolean): Promise<Round> => {
      if (attacked) guesses.child.send("begin");
      await wait(SETTLE);
      await report();
      await wait(seconds * 1_000);
      const delays = await report();
      if (!attacked) return { delays, statuses: {} };
      const answer = guesses.next<Record<number, number>>();
      guesses.child.send("end");
      return { delays, statuses: await answer };
    };
    const found: { quiet: Round; attacked: Round }[] = [];
    await wait(SETTLE);
    for (let i = 0; i < rounds; i++) found.push({ quiet: await once(false), attacked: await once(true) });
    stop();
    for (const { child } of [walls, guesses]) child.kill("SIGKILL");
    return told(found, seconds);
  } finally {
    await started.clear();
    await rm(data, { recursive: true, force: true });
  }
}

function told(found: { quiet: Round; attacked: Round }[], seconds: number): string {
  const row = (name: string, all: Round[]): (string | number)[] => [
    name,
    ...[0.5, 0.95, 0.99].map((q) => median(all.map(({ delays }) => quantile(delays, q))).toFixed(0)),
    median(all.map(({ delays }) => delays.length)),
  ];
  const sum = new Map<string, number>();
  for (const { statuses } of found.map(({ attacked }) => attacked))
    for (const [status, count] of Object.entries(statuses)) sum.set(status, (sum.get(status) ?? 0) + count);
  const answers = [...sum].map(([status, count]) => `${status} (${count})`).join(", ");
  return section(
    "Sign-in",
    `
      ${WALLS} live connections of somebody who is signed in show a figure that is published ${READINGS} times a second, and how long
      it takes to them from its publisher, ms; and the same while ${GUESSES} sign-ins a second fail, each for another name and from
      another network, as no limit of one address holds them then. Medians of ${found.length} rounds of ${seconds} s each by
      turns. The goal: the 95th percentile does not change.
      Sign-ins were answered by ${answers}.
    `,
    table(
      ["", "half arrive within", "95 %", "99 %", "figures that arrived"],
      [
        row(
          "nobody guesses",
          found.map(({ quiet }) => quiet),
        ),
        row(
          `${GUESSES} a second`,
          found.map(({ attacked }) => attacked),
        ),
      ],
    ),
  );
}
