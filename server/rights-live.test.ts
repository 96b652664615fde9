import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import type { Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CityEvent } from "../lib/contract/events";
import { touch } from "../lib/control/context";
import type { ScreenMessage } from "../lib/contract/socket-messages";
import { LiveStore } from "../lib/live/live-store";
import { connected, openClosed, subscribe, watchScreen, type ClosedSite, type Visitor } from "./test-closed";

const CITY = "lianyungang";
const [OWN, OTHER] = ["320706", "320703"];
const DISTRICT = [{ city: CITY, districts: [OWN] }];
const EVERYTHING = [{ city: "*", districts: "*" as const }];
const reading = (district: string, city = CITY): string => `reading/${city}/${district}/cases-today`;
const EVENTS = `events/${CITY}`;
const STAGES = ["上报", "办结"];

let site: ClosedSite;
beforeAll(async () => {
  site = await openClosed();
});
afterAll(() => site.drop());

let count = 0;
function happens(district: string, more: Partial<CityEvent> = {}): CityEvent {
  const at = Date.now();
  const event: CityEvent = {
    ...{ id: `e${++count}`, city: CITY, district, kind: "noise", title: "噪声", severity: 2, source: "test" },
    ...{ stage: "上报", stages: STAGES, at, updated: at },
    ...more,
  };
  site.gateway.hub.takeEvent(event);
  return event;
}

const reads = (topics: string[]) => ({ topics: topics.map((topic) => ({ topic, spans: [] })) });

/** Why a connection ended: what it was told, and that it ended. */
function ending(socket: Socket): Promise<string> {
  let issue = "";
  socket.once("issue", ({ code }: { code: string }) => (issue = code));
  return new Promise((resolve) => socket.once("disconnect", () => resolve(issue)));
}

/** A store that is told what comes over a connection, as a page's is. */
function watching(socket: Socket, topics: string[]): { store: LiveStore; bytes: () => number } {
  const store = new LiveStore();
  let bytes = 0;
  socket.on("f", (frame: Uint8Array) => {
    const own = new Uint8Array(frame);
    bytes += own.length;
    store.takeFrame(own);
  });
  socket.on("snapshot", (message) => store.takeSnapshot(message));
  for (const topic of topics) store.watch(topic, 0, () => {});
  store.attach({ subscribe: (request, answer) => socket.emit("subscribe", request, answer) });
  return { store, bytes: () => bytes };
}

function shown(store: LiveStore): { ids: string[]; counted: number; offset: number } {
  const state = store.state(EVENTS);
  if (state?.kind !== "events") return { ids: [], counted: 0, offset: 0 };
  const ids = [...state.open.keys(), ...state.closed.keys()].sort();
  return { ids, counted: [...state.counts.values()].reduce((sum, cell) => sum + cell.count, 0), offset: state.offset };
}

describe("a live connection", () => {
  it("is refused to nobody, and to who has no place at all", async () => {
    await expect(connected(site.connect({}))).rejects.toThrow(/401/);
    await expect(connected(site.connect({ cookie: `citywall-session=${"x".repeat(43)}` }))).rejects.toThrow(/401/);
    await expect(connected(site.connect(await site.account("viewer", [])))).rejects.toThrow(/403/);
  });

  it("refuses by name what there is no right to, and says of another city no more than of none", async () => {
    const socket = site.connect(await site.account("viewer", DISTRICT));
    await connected(socket);
    const hidden = reading("all", "hangzhou");
    const topics = [reading(OWN), reading(OTHER), reading("all"), `positions/${CITY}/vehicles`, hidden];
    const { order, refused } = await subscribe(socket, reads([...topics, reading("all", "nowhere")]));
    expect(order).toEqual([reading(OWN)]);
    expect(refused).toEqual([
      { topic: reading(OTHER), reason: "no right" },
      { topic: reading("all"), reason: "no right" },
      { topic: `positions/${CITY}/vehicles`, reason: "no right" },
      { topic: hidden, reason: "unknown topic" },
      { topic: reading("all", "nowhere"), reason: "unknown topic" },
    ]);
    expect(await watchScreen(socket, CITY, "overview")).toMatchObject({ screen: "overview" });
    expect(await watchScreen(socket, "hangzhou", "overview")).toBeNull();
  });

  it("tells a display what its screen shows, and nothing else", async () => {
    const socket = site.connect(await site.display(CITY, "overview"));
    await connected(socket);
    const shows = [...(await topicsOf("overview"))];
    const hidden = ["cases-today", "returns-today"].map((metric) => `reading/${CITY}/${OWN}/${metric}`);
    const [other = ""] = hidden.filter((topic) => !shows.includes(topic));
    const { order, refused } = await subscribe(socket, reads([...shows, other, reading("all", "hangzhou")]));
    expect(order).toEqual(shows.sort());
    expect(refused.map(({ reason }) => reason)).toEqual(["no right", "unknown topic"]);
    expect(await watchScreen(socket, CITY, "overview")).toMatchObject({ screen: "overview" });
    expect(await watchScreen(socket, CITY, "services")).toBeNull();
  });
});

async function topicsOf(screen: string): Promise<Set<string>> {
  const { screenTopics } = await import("../components/widgets/screen-topics");
  const { catalogue } = site.gateway;
  const layout = catalogue.message(CITY, screen)?.layout;
  const facts = catalogue.city(CITY)?.facts;
  return new Set(layout && facts ? screenTopics(layout, facts) : []);
}

describe("events, to who has one district", () => {
  it("are those of it, counted alone, with no word, byte or number for what happens elsewhere", async () => {
    const [mine, theirs] = [happens(OWN), happens(OTHER)];
    const all = site.connect(await site.account("viewer", EVERYTHING));
    const one = site.connect(await site.account("viewer", DISTRICT));
    await Promise.all([connected(all), connected(one)]);
    const [whole, part] = [watching(all, [EVENTS]), watching(one, [EVENTS])];
    await expect.poll(() => shown(part.store).ids).toEqual([mine.id]);
    await expect.poll(() => shown(whole.store).ids).toEqual([mine.id, theirs.id].sort());
    const before = { ...shown(part.store), bytes: part.bytes() };
    const elsewhere = [happens(OTHER), happens("all")];
    await expect.poll(() => shown(whole.store).counted).toBe(4);
    expect(shown(part.store)).toMatchObject({ ids: before.ids, counted: 1, offset: before.offset });
    const again = happens(OWN);
    await expect.poll(() => shown(part.store)).toMatchObject({ ids: [mine.id, again.id], offset: before.offset + 1 });
    expect(shown(part.store).counted).toBe(2);
    expect(elsewhere).toHaveLength(2);
  });

  it("go out of sight when they go to another district, and come back", async () => {
    const moving = happens(OWN);
    const one = site.connect(await site.account("viewer", DISTRICT));
    await connected(one);
    const { store } = watching(one, [EVENTS]);
    await expect.poll(() => shown(store).ids).toContain(moving.id);
    const { counted } = shown(store);
    happens(OTHER, { ...moving, district: OTHER, updated: moving.updated + 1 });
    await expect.poll(() => shown(store).ids).not.toContain(moving.id);
    expect(shown(store).counted).toBe(counted - 1);
    happens(OWN, { ...moving, updated: moving.updated + 2 });
    await expect.poll(() => shown(store).ids).toContain(moving.id);
    expect(shown(store).counted).toBe(counted);
  });

  it("are told once for all who have the same districts", async () => {
    const sockets = await Promise.all([1, 2, 3].map(async () => site.connect(await site.account("viewer", DISTRICT))));
    const sets = await Promise.all(
      sockets.map(async (socket) => {
        await connected(socket);
        return (await subscribe(socket, reads([EVENTS]))).set;
      }),
    );
    expect(new Set(sets).size).toBe(1);
  });
});

/** Takes something away from somebody who is connected, and gives why his connection ended. */
async function cutBy(who: Visitor, change: () => Promise<unknown>): Promise<string> {
  const socket = site.connect(who);
  await connected(socket);
  const ended = ending(socket);
  await change();
  return ended;
}

describe("what is taken away ends live connections, though another process took it", () => {
  it("a session, an account, a role, a scope", async () => {
    const changes = {
      session: (who: { session: string }) => site.db.deleteFrom("session").where("id", "=", who.session).execute(),
      account: (who: { account: string }) =>
        site.db.updateTable("account").set({ disabled: 1 }).where("id", "=", who.account).execute(),
      role: (who: { account: string }) =>
        site.db.updateTable("account").set({ role: "viewer" }).where("id", "=", who.account).execute(),
      scope: (who: { account: string }) =>
        site.db
          .updateTable("account")
          .set({ scopes: JSON.stringify(DISTRICT) })
          .where("id", "=", who.account)
          .execute(),
    };
    const bystander = site.connect(await site.account("viewer", EVERYTHING));
    await connected(bystander);
    for (const change of Object.values(changes)) {
      const who = await site.account("analyst", EVERYTHING);
      const taken = async (): Promise<void> => {
        await change(who);
        await touch(site.db);
      };
      expect(await cutBy(who, taken)).toBe("rights-changed");
    }
    expect(bystander.connected).toBe(true);
  });

  it("a display that is withdrawn, or is given another screen", async () => {
    const [withdrawn, moved] = await Promise.all([site.display(CITY, "overview"), site.display(CITY, "overview")]);
    const set = (id: string, change: object) => async () => {
      await site.db.updateTable("device").set(change).where("id", "=", id).execute();
      await touch(site.db);
    };
    expect(await cutBy(withdrawn, set(withdrawn.device, { withdrawn: 1 }))).toBe("rights-changed");
    expect(await cutBy(moved, set(moved.device, { screen: "services" }))).toBe("rights-changed");
    await expect(connected(site.connect(withdrawn))).rejects.toThrow(/401/);
  });

  it("a screen that was open to anybody", async () => {
    await site.openScreen(CITY, "services");
    await expect
      .poll(() =>
        connected(site.connect({})).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    const closed = async (): Promise<void> => {
      await site.db.deleteFrom("open_screen").execute();
      await touch(site.db);
    };
    expect(await cutBy({}, closed)).toBe("rights-changed");
  });

  it("a sign-in that ends by itself", async () => {
    const who = await site.account("viewer", EVERYTHING);
    const expires = Date.now() + 1_500;
    await site.db.updateTable("session").set({ expires }).where("id", "=", who.session).execute();
    const socket = site.connect(who);
    await connected(socket);
    expect(await ending(socket)).toBe("rights-changed");
    expect(Date.now()).toBeGreaterThanOrEqual(expires);
    expect((await site.fetch(who, "/api/v1/cities")).status).toBe(401);
  });
});

describe("a screen that is changed", () => {
  it("lets its display follow what it shows now, and cuts one that goes on with what it showed", async () => {
    const file = path.join(site.folder, "cities", CITY, "screens", "services.json");
    const layout = JSON.parse(await readFile(file, "utf8")) as { tiles: unknown[] };
    const [follows, clings] = [
      site.connect(await site.display(CITY, "services")),
      site.connect(await site.display(CITY, "services")),
    ];
    await Promise.all([connected(follows), connected(clings)]);
    const before = [...(await topicsOf("services"))];
    for (const socket of [follows, clings]) {
      expect((await subscribe(socket, reads(before))).refused).toEqual([]);
      await watchScreen(socket, CITY, "services");
    }
    const changed = new Promise<void>((resolve) =>
      follows.on("screen", ({ layout }: ScreenMessage) => layout?.tiles.length === 1 && resolve()),
    );
    const ended = ending(clings);
    await writeFile(file, JSON.stringify({ ...layout, tiles: layout.tiles.slice(0, 1) }));
    await changed;
    const after = [...(await topicsOf("services"))];
    expect(after.length).toBeLessThan(before.length);
    const { order, refused } = await subscribe(follows, reads(before));
    expect(order).toEqual(after.sort());
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(["no right"]));
    expect(await ended).toBe("rights-changed");
    expect(follows.connected).toBe(true);
  });
});

describe("a place that is made a part of another one", () => {
  it("is told no more to who has the one that it was a part of, and others go on", async () => {
    const file = path.join(site.folder, "cities/guangdong/city.json");
    type Place = { adcode: string; subdivisions: Place[] };
    const city = JSON.parse(await readFile(file, "utf8")) as { districts: Place[] };
    const [from, to] = ["440100", "440200"].map((code) => city.districts.find(({ adcode }) => adcode === code));
    const [moved] = from?.subdivisions.splice(0, 1) ?? [];
    if (!moved || !to) throw new Error("there are no such places");
    to.subdivisions.push(moved);
    const part = [reading(moved.adcode, "guangdong")];
    const of = (district: string) => site.account("viewer", [{ city: "guangdong", districts: [district] }]);
    const [loses, keeps] = [site.connect(await of("440100")), site.connect(await of(moved.adcode))];
    for (const socket of [loses, keeps]) {
      await connected(socket);
      expect((await subscribe(socket, reads(part))).order).toEqual(part);
    }
    const ended = ending(loses);
    await writeFile(file, JSON.stringify(city));
    expect(await ended).toBe("rights-changed");
    expect(keeps.connected).toBe(true);
    const gains = site.connect(await of("440200"));
    await connected(gains);
    expect((await subscribe(gains, reads(part))).order).toEqual(part);
  });
});

describe("a request whose body is still coming", () => {
  it("is answered by what its sender may do as it is whole: who was signed out meanwhile changes nothing", async () => {
    const admin = await site.account("administrator", EVERYTHING);
    const body = JSON.stringify({ city: CITY, feed: "*" });
    const { port } = new URL(site.base);
    const headers = { cookie: admin.cookie ?? "", "content-type": "application/json", "content-length": body.length };
    const asked = request({ host: "127.0.0.1", port, path: "/api/v1/tokens", method: "POST", headers });
    const status = new Promise<number>((resolve, reject) => {
      asked.once("response", (response) => resolve(response.resume().statusCode ?? 0)).once("error", reject);
    });
    asked.write(body.slice(0, -1));
    const socket = site.connect(admin);
    await connected(socket);
    const cut = ending(socket);
    await site.db.deleteFrom("session").where("id", "=", admin.session).execute();
    await touch(site.db);
    await cut;
    asked.end(body.slice(-1));
    expect(await status).toBe(401);
  });
});
