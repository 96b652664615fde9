import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { checkTile } from "../../components/widgets/check-tile";
import { every, turn } from "../clock";
import type { PositionsState } from "../contract/reduce";
import type { SnapshotMessage } from "../contract/socket-messages";
import { positionsTopic } from "../contract/topics";
import { LiveStore } from "../live/live-store";
import { LAYER_LIMIT } from "./hub";
import { openGateway, type Gateway } from "./server";

const TOPIC = positionsTopic("lianyungang", "vehicles");
let data: string;
let gateway: Gateway;
let now = 0;

function move(i: number, at: number, lon = 119 + i / 1e6): void {
  const place = { lon, lat: 34, heading: 90, speed: 5 };
  gateway.hub.takePosition({ city: "lianyungang", layer: "vehicles", id: `v${i}`, label: `苏G${i}`, at, ...place });
}

beforeAll(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), "citywall-snapshot-"));
  const cities = path.resolve(import.meta.dirname, "../../cities");
  const options = { host: "127.0.0.1", port: 0, data, cities, pagesPort: null, checkTile, build: "test" };
  gateway = await openGateway({ ...options, tick: 10 });
  now = Date.now();
  for (let i = 0; i < LAYER_LIMIT; i++) move(i, now - 60_000);
  gateway.hub.drain();
}, 60_000);
afterAll(async () => {
  await gateway.close();
  await rm(data, { recursive: true, force: true });
});

/** A client whose store is told what comes, as a wall's is. */
async function connect(store: LiveStore) {
  const ws = new WebSocket(`ws://127.0.0.1:${gateway.port}/live/?EIO=4&transport=websocket`);
  const answers: ((message: SnapshotMessage) => void)[] = [];
  const order: string[] = [];
  let greet = (): void => {};
  const greeted = new Promise<void>((resolve) => (greet = resolve));
  ws.on("message", (bytes: Buffer, isBinary) => {
    const text = isBinary ? "" : bytes.toString();
    if (isBinary) {
      order.push("f");
      store.takeFrame(bytes);
    } else if (text.startsWith('42["hello"')) greet();
    else if (text.startsWith('42["snapshot"')) {
      order.push("again");
      store.takeSnapshot((JSON.parse(text.slice(2)) as [string, SnapshotMessage])[1]);
    } else if (text.startsWith("43")) {
      order.push("snapshot");
      const [, id = "", json = ""] = /^43(\d+)(\[.*)$/s.exec(text) ?? [];
      answers[Number(id)]?.((JSON.parse(json) as [SnapshotMessage])[0]);
    }
  });
  await new Promise<void>((resolve) => ws.once("open", () => resolve()));
  ws.send("40");
  await greeted;
  store.attach({
    subscribe(asked, answer) {
      ws.send(`42${answers.length}${JSON.stringify(["subscribe", asked])}`);
      answers.push(answer);
      return true;
    },
  });
  return { ws, order };
}

it("a layer of 200,000 things is told with turns for others in between, and what moves meanwhile is told after it", async () => {
  const store = new LiveStore(() => Date.now());
  const stop = store.watch(TOPIC, 0, () => {});
  const { ws, order } = await connect(store);
  const state = (): PositionsState | undefined => {
    const own = store.state(TOPIC);
    return own?.kind === "positions" && own.size > 0 ? own : undefined;
  };
  // Something moves all the time; how often it could while the snapshot was made is how often others had their turn.
  let turns = 0;
  while (!state()) {
    if (order.length === 0) turns++;
    move(turns % 1_000, now + turns);
    await turn();
  }
  expect(turns).toBeGreaterThan(20);
  expect(order[0]).toBe("snapshot");
  // Nothing that moved is missing, and nothing had to be asked anew.
  const hub = gateway.hub.state(TOPIC) as PositionsState;
  await expect.poll(() => state()?.offset, { timeout: 20_000 }).toBe(hub.offset);
  const own = state() as PositionsState;
  const differs = (slot: number): boolean => own.at[slot] !== hub.at[slot] || own.labels[slot] !== hub.labels[slot];
  expect(Array.from({ length: hub.size }, (_, slot) => slot).filter(differs)).toEqual([]);
  expect(order.filter((what) => what !== "f")).toEqual(["snapshot"]);
  stop();
  store.close();
  ws.close();
}, 60_000);

it("it is answered in the time of others' questions, one such snapshot after the other", async () => {
  const stores = [new LiveStore(() => Date.now()), new LiveStore(() => Date.now())];
  const stops = stores.map((store) => store.watch(TOPIC, 0, () => {}));
  const clients = await Promise.all(stores.map(connect));
  let health = 0;
  const asking = every(10, () => {
    void fetch(`http://127.0.0.1:${gateway.port}/healthz`).then(
      () => health++,
      () => {},
    );
  });
  await expect
    .poll(() => stores.map((store) => store.state(TOPIC)?.offset), { timeout: 30_000 })
    .toEqual(stores.map(() => gateway.hub.state(TOPIC)?.offset));
  asking();
  expect(health).toBeGreaterThan(0);
  for (const stop of stops) stop();
  for (const store of stores) store.close();
  for (const { ws } of clients) ws.close();
}, 60_000);
