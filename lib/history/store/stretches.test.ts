import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { serialize } from "node:v8";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { FromStore } from "../client/remote";
import { parseHistoryConfig } from "../config";
import { answering } from "./answering";
import type { Historian } from "./historian";
import { HistoryService, type TopicQuery } from "./service";

const NOW = Date.parse("2026-11-24T04:00:00Z");
const MINUTE = 60_000;
const TOPICS = Array.from({ length: 10 }, (_, i) => `reading/lianyungang/all/metric-${i}`);
/** Minutes of each topic: with ten of them 432,000 values, as much as an answer holds. */
const MINUTES = 43_200;
const FROM = NOW - MINUTES * MINUTE;

let data = "";
let store: HistoryService;
beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-stretches-"));
  store = new HistoryService({ data, databaseUrl: undefined, config: parseHistoryConfig({}), now: () => NOW });
  store.start();
  const historian = (): Historian | null => (store as unknown as { historian: Historian | null }).historian;
  await vi.waitFor(() => expect(historian()).not.toBeNull(), { timeout: 20_000 });
  const { engine } = historian() as Historian;
  for (const [i, topic] of TOPICS.entries())
    await engine.run(
      "INSERT INTO series (id, topic, city, district, metric, flawed) VALUES ($1, $2, 'x', 'all', 'm', 0)",
      [i + 1, topic],
    );
  await engine.run(
    `INSERT INTO readings (series, observed, recorded, value, quality, late, sequence)
      SELECT s + 1, ${FROM} + m * ${MINUTE}, ${FROM} + m * ${MINUTE}, m * 10 + s, 0, 0, 0
      FROM range(${TOPICS.length}) AS a(s), range(${MINUTES}) AS b(m)`,
  );
  await (historian() as Historian).open(NOW);
}, 60_000);
afterAll(async () => {
  await store.close();
  await rm(data, { recursive: true, force: true });
});

/** Work that this thread has done, in ms of its CPU: what the engine's own threads do does not count. */
function worked(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}

/** The most work (ms) between two turns of the event loop while a task goes on, which no busy machine makes longer. */
async function longestWork(task: () => Promise<unknown>): Promise<number> {
  let [longest, before, goesOn] = [0, worked(), true];
  const look = (): void => {
    const now = worked();
    longest = Math.max(longest, now - before);
    before = now;
    if (goesOn) setImmediate(look);
  };
  setImmediate(look);
  await task();
  // What was done last counts as well.
  await new Promise((resolve) => setImmediate(resolve));
  goesOn = false;
  return longest;
}

const QUERY = {
  topics: TOPICS,
  from: FROM,
  to: NOW,
  timeZone: "Asia/Shanghai",
  fill: "null" as const,
} satisfies Partial<TopicQuery>;
const ZONES = TOPICS.map(() => "America/New_York");

it.each<[string, TopicQuery]>([
  ["readings one by one", { ...QUERY, step: 0, aggregates: ["last"], most: 500_000 }],
  ["minutes", { ...QUERY, step: MINUTE, aggregates: ["avg"], fill: "linear" }],
  ["what counters rose by", { ...QUERY, step: MINUTE, aggregates: ["increase"], resets: ZONES }],
  [
    "one topic",
    { ...QUERY, topics: TOPICS.slice(0, 1), from: NOW - 10 * MINUTES * MINUTE, step: MINUTE, aggregates: ["avg"] },
  ],
  [
    "one counter",
    {
      ...QUERY,
      topics: TOPICS.slice(0, 1),
      from: NOW - 10 * MINUTES * MINUTE,
      step: MINUTE,
      aggregates: ["rate"],
      resets: ZONES,
    },
  ],
])(
  "three questions of 432,000 values at once do little between two turns: %s",
  { timeout: 120_000 },
  async (_, params) => {
    const said: FromStore[] = [];
    const ask = answering(store, (message) => {
      // As it is told to the gateway's process.
      serialize(message);
      said.push(message);
    });
    const longest = await longestWork(async () => {
      for (const id of [1, 2, 3]) ask({ kind: "ask", id, method: "query", params, after: { segment: 0, offset: 0 } });
      await vi.waitFor(() => expect(said).toHaveLength(3), { timeout: 90_000, interval: 20 });
    });
    for (const message of said) {
      const { series } = (message as { result: { series: { at: ArrayLike<number> }[] } }).result;
      expect(series.reduce((sum, { at }) => sum + at.length, 0)).toBe(TOPICS.length * MINUTES);
    }
    // A stretch is 8 ms; the rest is for collecting garbage, and for what the engine does within one call. In one piece it was 1,700.
    expect(longest).toBeLessThan(850);
  },
);
