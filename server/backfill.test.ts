import { mkdtemp, rm } from "node:fs/promises";
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
const DAY = 86_400_000;
const HOUR = 3_600_000;
const TOPIC = "reading/lianyungang/all/cases-minute";
const server = process.env.CITYWALL_TEST_POSTGRES;

async function until<T>(task: () => Promise<T | false>, what: string): Promise<T> {
  for (let i = 0; i < 600; i++) {
    const found = await task();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

describe.each(server ? ["duckdb", "postgres"] : ["duckdb"])("readings from long ago, with %s", (engine) => {
  let data: string;
  let gateway: Gateway;
  let drop = (): Promise<unknown> => Promise.resolve();
  let tokens: Record<"plain" | "backfill", string>;
  const env: NodeJS.ProcessEnv = { ...process.env, CITYWALL_CITIES: path.join(ROOT, "cities") };
  const open = (): Promise<Gateway> =>
    openGateway({
      host: "127.0.0.1",
      port: 0,
      data,
      cities: path.join(ROOT, "cities"),
      pagesPort: null,
      tokens: publishers,
      checkTile,
      build: "test",
      history: {
        config: parseHistoryConfig({}),
        launch: () => forkStore(env),
      },
    });
  const url = (where: string): string => `http://127.0.0.1:${gateway.port}/api/v1/${where}`;
  // The hour that began 60 days ago, and a day that is older than readings are kept.
  const then = Math.floor((Date.now() - 60 * DAY) / HOUR) * HOUR;
  const reading = (at: number, value: number, more: object = {}): object => ({
    city: "lianyungang",
    metric: "cases-minute",
    at: new Date(at).toISOString(),
    value,
    ...more,
  });

  beforeAll(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), "citywall-backfill-"));
    env.CITYWALL_DATA = data;
    delete env.DATABASE_URL;
    if (engine === "postgres") {
      const schema = `backfill_${process.pid}`;
      const admin = new pg.Client({ connectionString: server });
      await admin.connect();
      await admin.query(`CREATE SCHEMA ${schema}`);
      env.DATABASE_URL = `${server}?options=-c%20search_path%3D${schema}`;
      drop = () => admin.query(`DROP SCHEMA ${schema} CASCADE`).then(() => admin.end());
    }
    gateway = await open();
    tokens = {
      plain: publishers.create("lianyungang", "*"),
      backfill: publishers.create("lianyungang", "*", { backfill: true }),
    };
  }, 60_000);

  afterAll(async () => {
    await gateway.close();
    await drop();
    await rm(data, { recursive: true, force: true });
  });

  const publish = async (
    token: string,
    readings: object[],
  ): Promise<{ accepted: number; rejected: { index: number; reason: string; detail: string }[] }> =>
    (await (
      await fetch(url("readings"), {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ readings }),
      })
    ).json()) as never;
  // Nothing yet while the store opens.
  const history = async (step: string, agg: string): Promise<Partial<Record<string, number[]>>> => {
    const response = await fetch(
      url(
        `history?topic=${TOPIC}&from=${new Date(then).toISOString()}&to=${new Date(then + HOUR).toISOString()}` +
          `&step=${step}&agg=${agg}&tz=UTC`,
      ),
    );
    return ((await response.json()) as { series?: Partial<Record<string, number[]>>[] }).series?.[0] ?? {};
  };

  it("are refused by name without the permission, and past what is kept with it", async () => {
    expect((await publish(tokens.plain, [reading(then, 1)])).rejected).toEqual([
      { index: 0, field: "at", reason: "too-old", detail: expect.stringContaining("--backfill") as string },
    ]);
    const answer = await publish(tokens.backfill, [
      reading(Date.now() - 91 * DAY, 1),
      reading(Date.now() - 89 * DAY, 1),
    ]);
    expect([answer.accepted, answer.rejected.map(({ index, reason, detail }) => [index, reason, detail])]).toEqual([
      1,
      [[0, "too-old", "at: is more than 90 days old, which is how long readings are kept"]],
    ]);
  });

  it(
    "are kept, raw and in every bucket, and corrected later, while the live state stays as it is",
    { timeout: 60_000 },
    async () => {
      const live = Date.now();
      await publish(tokens.plain, [reading(live, 1_000)]);
      const answer = await publish(
        tokens.backfill,
        [0, 1, 2, 3].map((i) => reading(then + i * 15 * 60_000, 10 + i)),
      );
      expect(answer).toMatchObject({ accepted: 4, rejected: [] });
      await until(async () => (await history("raw", "last")).last?.length === 4, "the store to take them in");
      await publish(tokens.backfill, [reading(then, 110)]);
      const hour = await until(async () => {
        const found = await history("1h", "avg,count,max,last");
        return found.max?.[0] === 110 && found;
      }, "the hour to be made anew");
      expect(hour).toMatchObject({ at: [then], count: [4], avg: [(110 + 11 + 12 + 13) / 4], last: [13] });
      expect((await history("raw", "last")).last).toEqual([110, 11, 12, 13]);
      const snapshot = (await (
        await fetch(url(`snapshot?topic=${TOPIC}&topic=reading/lianyungang/all/cloud-cpu`))
      ).json()) as { topics: { value: number | null; at: string }[] };
      expect(snapshot.topics[0]).toMatchObject({ value: 1_000, at: new Date(live).toISOString() });
    },
  );

  it("leave a topic without a live reading as one that nothing has come of", async () => {
    await publish(tokens.backfill, [reading(then, 5, { metric: "cloud-cpu" })]);
    const snapshot = (await (await fetch(url("snapshot?topic=reading/lianyungang/all/cloud-cpu"))).json()) as {
      topics: object[];
    };
    expect(snapshot.topics[0]).toMatchObject({ value: null, at: null });
    await gateway.close();
    gateway = await open();
    const after = (await (await fetch(url("snapshot?topic=reading/lianyungang/all/cloud-cpu"))).json()) as {
      topics: object[];
    };
    expect(after.topics[0]).toMatchObject({ value: null, at: null });
  });
});
