import { openControl } from "../lib/control/open";
import { signedIn } from "../lib/control/test-people";
import { clients, METRICS } from "./fanout";
import { BenchGateway, median, section, table, wait } from "./kit";

/** ms of feeding before measuring, as in the fan-out. */
const WARM_UP = 10_000;
const SECONDS = 5;
/** Windows that are measured in each round. */
const WINDOWS = 6;
/** Who the connections are of, in turn. */
const ACCOUNTS = 100;
const RATE = 240;

interface Side {
  gateway: BenchGateway;
  sockets: ReturnType<typeof clients>;
  /** CPU to take and answer the connections, ms a connection */
  joining: number;
}

/** Accounts that are signed in; nobody where nobody has to. */
async function cookiesOf({ data }: BenchGateway): Promise<string[]> {
  const db = await openControl({ data });
  const cookies: string[] = [];
  for (let i = 0; i < ACCOUNTS; i++)
    cookies.push(`citywall-session=${(await signedIn(db, { role: "viewer" })).secret}`);
  await db.destroy();
  return cookies;
}

async function begin(count: number, closed: boolean): Promise<Side> {
  const gateway = await BenchGateway.open(METRICS, undefined, closed);
  const cookies = closed ? await cookiesOf(gateway) : [];
  const before = await gateway.order({ kind: "stats" });
  const sockets = clients(gateway.port, count, cookies);
  await sockets.ready;
  const after = await gateway.order({ kind: "stats" });
  return { gateway, sockets, joining: (after.cpuMs - before.cpuMs) / count };
}

async function reading({ gateway, sockets }: Side): Promise<{ cpu: number; delivered: number; wrong: number }> {
  const [{ cpuMs }, { delivered, gaps, wrong }] = await Promise.all([
    gateway.order({ kind: "stats" }),
    sockets.report(),
  ]);
  return { cpu: cpuMs, delivered, wrong: gaps + wrong };
}

/** Both at once, so that whatever else the machine does is the same for both. */
async function round(count: number) {
  const sides = [await begin(count, false), await begin(count, true)];
  for (const { gateway } of sides) await gateway.order({ kind: "feed", rate: RATE, metrics: METRICS, city: "bench" });
  await wait(WARM_UP);
  const figures = sides.map(({ joining }) => ({ joining, cpu: [] as number[], wrong: 0 }));
  let before = await Promise.all(sides.map(reading));
  for (let i = 0; i < WINDOWS; i++) {
    await wait(SECONDS * 1_000);
    const after = await Promise.all(sides.map(reading));
    after.forEach(({ cpu, delivered, wrong }, k) => {
      const earlier = before[k] as (typeof before)[number];
      figures[k]?.cpu.push((cpu - earlier.cpu) / ((delivered - earlier.delivered) / 1_000));
      (figures[k] as (typeof figures)[number]).wrong = wrong;
    });
    before = after;
  }
  for (const { gateway, sockets } of sides) {
    sockets.close();
    gateway.close();
  }
  return figures;
}

/** What rights cost where they are looked at: fan-out with and without sign-in. */
export async function rights(rounds: number): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const count of [100, 1_000]) {
    const sides = [false, true].map(() => ({ joining: [] as number[], cpu: [] as number[], wrong: 0 }));
    const ratios: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const found = await round(count);
      found.forEach(({ joining, cpu, wrong }, k) => {
        sides[k]?.joining.push(joining);
        sides[k]?.cpu.push(...cpu);
        (sides[k] as (typeof sides)[number]).wrong += wrong;
      });
      const [open, closed] = found.map(({ cpu }) => cpu);
      closed?.forEach((cpu, w) => ratios.push(cpu / (open?.[w] ?? NaN)));
    }
    const [open, closed] = sides;
    const percent = (median(ratios) - 1) * 100;
    rows.push([
      count,
      median(open?.cpu ?? []).toFixed(2),
      median(closed?.cpu ?? []).toFixed(2),
      `${percent >= 0 ? "+" : ""}${percent.toFixed(1)} %`,
      median(open?.joining ?? []).toFixed(2),
      median(closed?.joining ?? []).toFixed(2),
      (open?.wrong ?? 0) + (closed?.wrong ?? 0),
    ]);
  }
  return section(
    "Rights",
    `
      Two gateways at once, one in which nobody has to sign in and one in which everybody has, with ${ACCOUNTS} accounts: the same
      ${METRICS} topics, ${RATE} readings/s. The CPU of each gateway's process, medians of ${rounds} rounds of ${WINDOWS} windows of
      ${SECONDS} s; the difference is the median of the windows'. Goal: within 5 %.
    `,
    table(
      [
        "clients",
        "CPU per 1,000 delivered, ms, without sign-in",
        "with",
        "difference",
        "CPU to connect and subscribe, ms a connection, without sign-in",
        "with",
        "lost or wrong",
      ],
      rows,
    ),
  );
}
