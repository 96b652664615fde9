import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkTile } from "../components/widgets/check-tile";
import type { CityEvent } from "../lib/contract/events";
import { openGateway, type Gateway } from "../lib/gateway/server";
import { TestTokens } from "../lib/gateway/test-tokens";
import { parseHistoryConfig } from "../lib/history/config";
import { forkStore } from "./test-programs";

const publishers = new TestTokens();

const ROOT = path.resolve(import.meta.dirname, "..");
const MINUTE = 60_000;
const DAY = 86_400_000;
const server = process.env.CITYWALL_TEST_POSTGRES;
const STAGES = ["上报", "受理", "办结"];

type Answer = { event?: CityEvent; error?: { code: string; message: string } };

describe.each(server ? ["duckdb", "postgres"] : ["duckdb"])("one event, asked for by its id, with %s", (engine) => {
  let data: string;
  let gateway: Gateway;
  let token: string;
  let drop = (): Promise<unknown> => Promise.resolve();
  const env: NodeJS.ProcessEnv = { ...process.env, CITYWALL_CITIES: path.join(ROOT, "cities") };

  const open = (history: boolean): Promise<Gateway> =>
    openGateway({
      host: "127.0.0.1",
      port: 0,
      data,
      cities: path.join(ROOT, "cities"),
      pagesPort: null,
      tokens: publishers,
      checkTile,
      build: "test",
      ...(history
        ? {
            history: {
              config: parseHistoryConfig({}),
              launch: () => forkStore(env),
            },
          }
        : {}),
    });

  /** The answer, once the store can give one. */
  async function ask(id: string, moments = ""): Promise<[number, Answer]> {
    for (let i = 0; i < 600; i++) {
      const response = await fetch(
        `http://127.0.0.1:${gateway.port}/api/v1/history/events/hangzhou/${encodeURIComponent(id)}${moments}`,
      );
      if (response.status !== 503) return [response.status, (await response.json()) as Answer];
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("the store answers nothing");
  }

  // Opened three weeks ago and closed a day later: no wall has it, and the gateway lets go of it.
  const opened = Math.floor((Date.now() - 21 * DAY) / MINUTE) * MINUTE;
  const version = (id: string, stage: string, updated: number, at = opened): object => ({
    id,
    city: "hangzhou",
    kind: "noise",
    title: "噪声",
    severity: 2,
    stage,
    stages: STAGES,
    at: new Date(at).toISOString(),
    updated: new Date(updated).toISOString(),
    source: "test",
  });
  const publish = async (events: object[]): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ events }),
    });
    expect(await response.json()).toMatchObject({ accepted: events.length, rejected: [] });
  };

  beforeAll(async () => {
    data = await mkdtemp(path.join(os.tmpdir(), "citywall-event-"));
    env.CITYWALL_DATA = data;
    delete env.DATABASE_URL;
    if (engine === "postgres") {
      const schema = `event_${process.pid}`;
      const admin = new pg.Client({ connectionString: server });
      await admin.connect();
      await admin.query(`CREATE SCHEMA ${schema}`);
      env.DATABASE_URL = `${server}?options=-c%20search_path%3D${schema}`;
      drop = () => admin.query(`DROP SCHEMA ${schema} CASCADE`).then(() => admin.end());
    }
    gateway = await open(true);
    token = publishers.create("hangzhou", "*");
    await publish([version("old", "上报", opened), version("old", "受理", opened + 10 * MINUTE)]);
    await publish([version("old", "办结", opened + DAY)]);
  }, 60_000);

  afterAll(async () => {
    await gateway.close();
    await drop();
    await rm(data, { recursive: true, force: true });
  });

  it(
    "is told as it last stood, with all of its way, though the gateway has let go of it",
    { timeout: 60_000 },
    async () => {
      gateway.hub.forget(Date.now());
      expect(gateway.hub.event("hangzhou", "old")).toBeUndefined();
      const [status, { event }] = await ask("old");
      expect([status, event?.stage, event?.updated, event?.steps?.map(({ stage }) => stage)]).toEqual([
        200,
        "办结",
        opened + DAY,
        STAGES,
      ]);
    },
  );

  it("is told as it stood, and as it was known, at a moment", { timeout: 60_000 }, async () => {
    const at = (ms: number, name = "at"): Promise<[number, Answer]> =>
      ask("old", `?${name}=${new Date(ms).toISOString()}`);
    expect((await at(opened + 20 * MINUTE))[1].event?.stage).toBe("受理");
    expect((await at(opened + 5 * MINUTE))[1].event?.stage).toBe("上报");
    expect((await at(opened - 1))[0]).toBe(404);
    // All of it was told today: of the weeks before nothing was known.
    expect((await at(opened + 2 * DAY, "known"))[0]).toBe(404);
    expect((await at(Date.now(), "known"))[1].event?.stage).toBe("办结");
    expect(await ask("old", "?at=2026-11-31T00:00:00Z")).toMatchObject([400, { error: { code: "bad-parameter" } }]);
  });

  it("is told where walls have no room for it: every open event is known", { timeout: 60_000 }, async () => {
    const now = Date.now();
    const many = Array.from({ length: 2_050 }, (_, i) =>
      version(`many-${i}`, "上报", now - 10_000 + i, now - 10_000 + i),
    );
    for (let i = 0; i < many.length; i += 1_000) await publish(many.slice(i, i + 1_000));
    expect((await ask("many-0"))[1].event?.id).toBe("many-0");
  });

  it("is not known where nobody knows it, nor in another city, and says so", { timeout: 60_000 }, async () => {
    for (const id of ["never", "o'ld", "%", "\0", "x".repeat(200)]) {
      const [status, { error }] = await ask(id);
      expect([status, error?.code, error?.message], id).toEqual([
        404,
        "unknown-event",
        `hangzhou has no event "${id}"`,
      ]);
    }
    const other = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/history/events/lianyungang/old`);
    expect(other.status).toBe(404);
    const nowhere = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/history/events/atlantis/old`);
    expect(await nowhere.json()).toMatchObject({ error: { code: "unknown-city" } });
  });

  it(
    "is told live by a gateway that keeps no history, and else said to be kept nowhere",
    { timeout: 60_000 },
    async () => {
      await gateway.close();
      gateway = await open(false);
      const began = Date.now() - MINUTE;
      await publish([version("live", "上报", began, began)]);
      expect((await ask("live"))[1].event?.stage).toBe("上报");
      expect((await ask("never"))[1].error?.message).toBe(
        'hangzhou has no event "never"; this gateway keeps no history',
      );
    },
  );
});
