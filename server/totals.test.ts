import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTile } from "../components/widgets/check-tile";
import { openGateway, type Gateway } from "../lib/gateway/server";
import { TestTokens } from "../lib/gateway/test-tokens";
import { checkedFetch as fetch } from "../lib/gateway/checked-fetch";
import { parseHistoryConfig } from "../lib/history/config";
import { forkStore } from "./test-programs";

const publishers = new TestTokens();

const ROOT = path.resolve(import.meta.dirname, "..");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TOPIC = "reading/zhengzhou/all/hotline-today";
const server = process.env.CITYWALL_TEST_POSTGRES;

async function until<T>(task: () => Promise<T | false>, what: string): Promise<T> {
  for (let i = 0; i < 600; i++) {
    const found = await task();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

describe.each(server ? ["duckdb", "postgres"] : ["duckdb"])("totals of districts in the past, with %s", (engine) => {
  let data: string;
  let gateway: Gateway;
  let token: string;
  let districts: string[];
  let drop = (): Promise<unknown> => Promise.resolve();
  const env: NodeJS.ProcessEnv = { ...process.env, CITYWALL_CITIES: path.join(ROOT, "cities") };
  const open = (): Promise<Gateway> =>
    openGateway({
      tokens: publishers,
      host: "127.0.0.1",
      port: 0,
      data,
      cities: path.join(ROOT, "cities"),
      pagesPort: null,
      checkTile,
      build: "test",
      history: {
        config: parseHistoryConfig({}),
        launch: () => forkStore(env),
      },
    });
  // Noon in Shanghai, three days and 50 days ago: far from the start of a counter's day.
  const recent = Math.floor(Date.now() / DAY) * DAY - 3 * DAY + 4 * HOUR;
  const ancient = recent - 47 * DAY;

  beforeAll(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), "citywall-totals-"));
    env.CITYWALL_DATA = data;
    delete env.DATABASE_URL;
    if (engine === "postgres") {
      const schema = `totals_${process.pid}`;
      const admin = new pg.Client({ connectionString: server });
      await admin.connect();
      await admin.query(`CREATE SCHEMA ${schema}`);
      env.DATABASE_URL = `${server}?options=-c%20search_path%3D${schema}`;
      drop = () => admin.query(`DROP SCHEMA ${schema} CASCADE`).then(() => admin.end());
    }
    gateway = await open();
    districts = (gateway.catalogue.city("zhengzhou")?.facts.districts ?? []).map(({ adcode }) => adcode);
    token = publishers.create("zhengzhou", "governance", { backfill: true });
  }, 60_000);

  afterAll(async () => {
    await gateway.close();
    await drop();
    await rm(data, { recursive: true, force: true });
  });

  const publish = async (items: { district: string; at: number; value: number; quality?: string }[]): Promise<void> => {
    const readings = items.map(({ at, ...item }) => ({
      city: "zhengzhou",
      metric: "hotline-today",
      at: new Date(at).toISOString(),
      ...item,
    }));
    const answer = (await (
      await fetch(`http://127.0.0.1:${gateway.port}/api/v1/readings`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ readings }),
      })
    ).json()) as { accepted: number };
    expect(answer.accepted).toBe(items.length);
  };
  const everywhere = (at: number, value: number): { district: string; at: number; value: number }[] =>
    districts.map((district) => ({ district, at, value }));
  const ask = async (
    from: number,
    to: number,
    step: string,
    agg: string,
  ): Promise<Partial<Record<string, number[]>>> => {
    const response = await fetch(
      `http://127.0.0.1:${gateway.port}/api/v1/history?topic=${TOPIC}&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&step=${step}&agg=${agg}`,
    );
    return ((await response.json()) as { series?: Partial<Record<string, number[]>>[] }).series?.[0] ?? {};
  };
  const totals = async (from: number): Promise<number[]> => (await ask(from, from + HOUR, "raw", "last")).last ?? [];

  it.each([
    ["late", () => recent],
    ["brought from long ago", () => ancient],
  ])(
    "are made of readings that came %s, and made again when one is corrected",
    { timeout: 60_000 },
    async (_name, when) => {
      const at = when();
      await publish([...everywhere(at, 10), ...everywhere(at + 10_000, 20), ...everywhere(at + 20_000, 30).slice(1)]);
      const n = districts.length;
      await until(async () => (await totals(at)).length === 3, "the totals");
      // The first district said nothing the third time: what it said ten seconds before still counts.
      expect(await totals(at)).toEqual([10 * n, 20 * n, 30 * n - 10]);
      await publish([{ district: districts[0] as string, at: at + 10_000, value: 120 }]);
      await until(async () => (await totals(at))[1] === 20 * n + 100, "the corrected total");
      expect(await totals(at)).toEqual([10 * n, 20 * n + 100, 30 * n + 90]);
      expect((await ask(at - (at % HOUR), at - (at % HOUR) + HOUR, "1h", "max")).max).toEqual([30 * n + 90]);
    },
  );

  it("are live as they are kept", { timeout: 60_000 }, async () => {
    const at = Date.now();
    await publish(everywhere(at, 7));
    const snapshot = (await (
      await fetch(`http://127.0.0.1:${gateway.port}/api/v1/snapshot?topic=${TOPIC}`)
    ).json()) as { topics: object[] };
    expect(snapshot.topics[0]).toMatchObject({
      value: 7 * districts.length,
      at: new Date(at).toISOString(),
      quality: "good",
      missing: [],
    });
    await until(async () => (await ask(at, at + 1, "raw", "last")).last?.[0] === 7 * districts.length, "the store");
  });

  it("that wait for the store as the gateway ends are made by the next one", { timeout: 60_000 }, async () => {
    const at = recent + 2 * HOUR;
    await publish(everywhere(at, 3));
    await gateway.close();
    expect(await readFile(path.join(data, "totals.json"), "utf8")).toContain("zhengzhou/hotline-today");
    gateway = await open();
    await until(async () => (await totals(at))[0] === 3 * districts.length, "the total");
    await until(
      async () => (await readFile(path.join(data, "totals.json"), "utf8")) === '{"waiting":{}}\n',
      "nothing to wait",
    );
  });
});
