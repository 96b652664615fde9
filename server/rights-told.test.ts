import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { touch } from "../lib/control/context";
import { madeToken } from "../lib/control/test-tokens";
import { parentOf, type CityFacts } from "../lib/contract/city";
import { may, type Principal, type Scope } from "../lib/contract/rights";
import type { SnapshotMessage, StoreMessage } from "../lib/contract/socket-messages";
import { giveNotice } from "../lib/files/notices";
import { parseTopic } from "../lib/contract/topics";
import { connected, openClosed, subscribe, type ClosedSite, type Visitor } from "./test-closed";

const [CITY, AWAY] = ["guangdong", "lianyungang"];
/** two districts, each with two parts of it that things happen in */
const PLACES = ["440100", "440103", "440104", "440200", "440203", "440204", "440300"];
const METRIC = "cases-today";
const MINUTE = 60_000;
const EVERYTHING: Scope[] = [{ city: "*", districts: "*" }];
const EVENTS = `events/${CITY}`;
const reading = (place: string, city = CITY): string => `reading/${city}/${place}/${METRIC}`;
const TOPICS = [...[...PLACES, "all"].map((place) => reading(place)), EVENTS, reading("all", AWAY), `events/${AWAY}`];

interface Cities {
  cities: { id: string; screens: { id: string }[] }[];
  broken: { city: string }[];
}

let site: ClosedSite;
let facts: CityFacts;
let chief: Visitor;
const at = Math.floor(Date.now() / MINUTE) * MINUTE - 2 * MINUTE;
const published: { id: string; city: string; district: string }[] = [
  ...[...PLACES, "all", "440100"].map((district, i) => ({ id: `e${i}`, city: CITY, district })),
  { id: "moved", city: CITY, district: "440200" },
  { id: "away", city: AWAY, district: "all" },
];

async function publish(city: string, what: "readings" | "events", items: object[]): Promise<void> {
  const token = await madeToken({ data: path.join(site.folder, "data") }, { city });
  const init = {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ [what]: items }),
  };
  const answer = await (await fetch(`${site.base}/api/v1/${what}`, init)).json();
  expect(answer).toMatchObject({ accepted: items.length, rejected: [] });
}

beforeAll(async () => {
  site = await openClosed({ addressRate: 100_000, pagesKey: "key" }, { history: true });
  facts = site.gateway.catalogue.city(CITY)?.facts as CityFacts;
  chief = await site.account("administrator", EVERYTHING);
  const when = new Date(at).toISOString();
  const told = {
    kind: "noise",
    title: "n",
    severity: 1,
    source: "s",
    at: when,
    updated: when,
    stage: "a",
    stages: ["a", "b"],
  };
  // One happened in another district at first.
  await publish(CITY, "events", [{ ...told, id: "moved", city: CITY, district: "440100" }]);
  told.updated = new Date(at + MINUTE).toISOString();
  for (const city of [CITY, AWAY]) {
    const events = published.filter((event) => event.city === city).map((event) => ({ ...told, ...event }));
    await publish(city, "events", events);
    const named = TOPICS.flatMap((topic) => parseTopic(topic) ?? []);
    const readings = named.flatMap((name) => (name.kind === "reading" && name.city === city ? [name] : []));
    await publish(
      city,
      "readings",
      readings.map(({ district, metric }) => ({ city, district, metric, at: when, value: 5 })),
    );
  }
  await vi.waitFor(
    async () => {
      const { total } = await ask<{ total: number }>(chief, `/api/v1/history/events/${CITY}?from=now-1h`);
      expect(total).toBe(published.length - 1);
    },
    { timeout: 30_000 },
  );
}, 60_000);
afterAll(() => site.drop());

async function answer(who: Visitor, where: string, sent?: object): Promise<{ status: number; text: string }> {
  const response = await site.fetch(who, where, sent ? { method: "POST", body: JSON.stringify(sent) } : {});
  return { status: response.status, text: await response.text() };
}

async function ask<T>(who: Visitor, where: string, sent?: object): Promise<T> {
  const { status, text } = await answer(who, where, sent);
  expect([status, where, text.slice(0, 200)]).toEqual([200, where, expect.anything()]);
  return JSON.parse(text) as T;
}

/** Which of some questions somebody is answered. */
async function answered<Q>(of: Q[], to: (one: Q) => Promise<{ status: number }>): Promise<Q[]> {
  const found: Q[] = [];
  for (const one of of) {
    const { status } = await to(one);
    expect([200, 403, 404]).toContain(status);
    if (status === 200) found.push(one);
  }
  return found;
}

async function told(who: Visitor): Promise<SnapshotMessage | null> {
  const socket = site.connect(who);
  const isServed = await connected(socket).then(
    () => true,
    () => false,
  );
  if (!isServed) return null;
  const message = await subscribe(socket, { topics: TOPICS.map((topic) => ({ topic, spans: [] })) });
  socket.close();
  return message;
}

/** What somebody may know by the rule alone. */
function allowed(scopes: Scope[]): { topics: string[]; events: string[] } {
  const who: Principal = { kind: "account", id: "", name: "", role: "viewer", scopes, session: "" };
  const within = (city: string, district: string): string[] => {
    if (district === "all") return [];
    const parent = city === CITY ? parentOf(facts, district)?.adcode : undefined;
    return parent ? [district, parent] : [district];
  };
  const events = published.filter(({ city, district }) => may(who, "look", { city, within: within(city, district) }));
  // A topic of events is for whoever may look at some place of the city, whether anything happened there or not.
  const anywhere = (city: string): boolean =>
    scopes.some(
      (scope) => [city, "*"].includes(scope.city) && (scope.districts === "*" || isPlace(city, scope.districts)),
    );
  const topics = TOPICS.filter((topic) => {
    const name = parseTopic(topic);
    if (name?.kind !== "reading") return anywhere(name?.city ?? "");
    return may(who, "look", { city: name.city, within: within(name.city, name.district) });
  });
  return { topics, events: events.map(({ id }) => id).sort() };
}
const isPlace = (city: string, places: readonly string[]): boolean => city === CITY && places.length > 0;

const scope: fc.Arbitrary<Scope> = fc.record({
  city: fc.constantFrom(CITY, CITY, AWAY, "*"),
  districts: fc.oneof(
    { weight: 1, arbitrary: fc.constant("*" as const) },
    { weight: 4, arbitrary: fc.uniqueArray(fc.constantFrom(...PLACES), { maxLength: 3 }) },
  ),
});

describe("what somebody is told", () => {
  it("live, of the present and of the past, is what he may look at, and all of it", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scope, { minLength: 1, maxLength: 3 }), async (scopes) => {
        const who = await site.account("analyst", scopes);
        const right = allowed(scopes);
        const live = await told(who);
        expect([...(live?.order ?? [])].sort()).toEqual([...right.topics].sort());
        const snapshot = (topic: string) => answer(who, `/api/v1/snapshot?topic=${topic}`);
        expect(await answered(TOPICS, snapshot)).toEqual(right.topics);
        const past = (topic: string) =>
          answer(who, "/api/v1/history/snapshot", { at: Date.now(), topics: [{ topic }] });
        expect(await answered(TOPICS, past)).toEqual(right.topics);
        const readings = TOPICS.filter((topic) => topic.startsWith("reading"));
        const history = (topic: string) => answer(who, `/api/v1/history?from=now-1h&topic=${topic}`);
        expect(await answered(readings, history)).toEqual(right.topics.filter((topic) => readings.includes(topic)));
        const ids = published.map(({ id }) => id);
        const byId = (id: string) =>
          answer(who, `/api/v1/history/events/${published.find((event) => event.id === id)?.city}/${id}`);
        expect((await answered(ids, byId)).sort()).toEqual(right.events);
        await eventsAreThose(who, live, right.events);
      }),
      { numRuns: 15, examples: [[[{ city: CITY, districts: ["440100"] }]], [[{ city: CITY, districts: ["440203"] }]]] },
    );
  });
});

/** Holds every answer with events of the city to those that somebody may look at, and every count of them. */
async function eventsAreThose(who: Visitor, live: SnapshotMessage | null, all: string[]): Promise<void> {
  if (!live?.order.includes(EVENTS)) return;
  const right = all.filter((id) => id !== "away");
  const counted = (rows: { count: number }[]): number => rows.reduce((sum, { count }) => sum + count, 0);
  const ids = (events: { id: string }[]): string[] => events.map(({ id }) => id).sort();
  const stated = (topic: SnapshotMessage["topics"][string] | undefined): [string[], number] =>
    topic?.kind === "events" ? [ids(topic.items), counted(topic.counts.map((row) => ({ count: row[5] })))] : [[], NaN];
  expect(stated(live.topics[EVENTS])).toEqual([right, right.length]);
  type Now = { topics: { events: { id: string }[]; counts: { count: number }[] }[] };
  const [now] = (await ask<Now>(who, `/api/v1/snapshot?topic=${EVENTS}`)).topics;
  expect([ids(now?.events ?? []), counted(now?.counts ?? [])]).toEqual([right, right.length]);
  const topics = [{ topic: EVENTS }];
  for (const knowledge of ["then", "since"]) {
    const past = await ask<SnapshotMessage>(who, "/api/v1/history/snapshot", { at: Date.now(), topics, knowledge });
    expect(stated(past.topics[EVENTS])).toEqual([right, right.length]);
    const range = { from: at - 5 * MINUTE, to: Date.now(), topics: [EVENTS], knowledge };
    type Changed = { events: { event: { id: string }; counts: unknown[][] }[] };
    const { events } = await ask<Changed>(who, "/api/v1/history/changes", range);
    // One that went to another district had been told where it was before.
    const before = knowledge === "then" && right.includes("e0") ? ["moved"] : [];
    expect(new Set(ids(events.map(({ event }) => event)))).toEqual(new Set([...right, ...before]));
    const places = new Set(events.flatMap(({ counts }) => counts.map(([, place]) => place)));
    const known = published.filter(({ id }) => right.includes(id)).map(({ district }) => district);
    expect([...places].sort()).toEqual([...new Set(known)].sort());
  }
  type Listed = { events: { id: string }[]; total: number; cut: boolean };
  const listed = await ask<Listed>(who, `/api/v1/history/events/${CITY}?from=now-1h`);
  expect([ids(listed.events), listed.total, listed.cut]).toEqual([right, right.length, false]);
}

describe("what is hidden", () => {
  const one: Scope[] = [{ city: CITY, districts: ["440100"] }];

  it("and what is not there are answered in the same words", async () => {
    const who = await site.account("analyst", one);
    const pairs = [
      ["/api/v1/cities/CITY", AWAY, "nowhere"],
      ["/api/v1/cities/CITY/districts.geojson", AWAY, "nowhere"],
      ["/api/v1/cities/CITY/screens/overview", AWAY, "nowhere"],
      ["/api/v1/history/screens/CITY/overview?at=now", AWAY, "nowhere"],
      ["/api/v1/history/events/CITY?from=now-1h", AWAY, "nowhere"],
      ["/api/v1/history/events/CITY/away", AWAY, "nowhere"],
      ["/api/v1/history/extent/CITY", AWAY, "nowhere"],
      ["/api/v1/annotations/CITY?from=now-1h", AWAY, "nowhere"],
      ["/api/v1/snapshot?topic=reading/CITY/all/cases-today", AWAY, "nowhere"],
      ["/api/v1/history/quality?from=now-1h&topic=reading/CITY/all/cases-today", AWAY, "nowhere"],
      // Events of his own city, elsewhere, and none.
      [`/api/v1/history/events/${CITY}/CITY`, "e3", "e99"],
    ] as const;
    for (const [where, hidden, none] of pairs) {
      const [there, nowhere] = [
        await answer(who, where.replace("CITY", hidden)),
        await answer(who, where.replace("CITY", none)),
      ];
      expect(there.status).toBe(404);
      expect([there.status, there.text.replaceAll(hidden, "X")]).toEqual([
        nowhere.status,
        nowhere.text.replaceAll(none, "X"),
      ]);
    }
  });

  it("is in no list of cities, and in no size of the store", async () => {
    const who = await site.account("analyst", one);
    const { cities } = await ask<Cities>(who, "/api/v1/cities");
    expect(cities.map(({ id }) => id)).toEqual([CITY]);
    expect(cities[0]?.screens.length).toBeGreaterThan(1);
    await mkdir(path.join(site.folder, "cities", "brokenburg"));
    await writeFile(path.join(site.folder, "cities", "brokenburg", "city.json"), "{");
    const broken = async (by: Visitor): Promise<string[]> =>
      (await ask<Cities>(by, "/api/v1/cities")).broken.map(({ city }) => city);
    await expect.poll(() => broken(chief)).toEqual(["brokenburg"]);
    expect(await broken(who)).toEqual([]);
    const hall = await ask<Cities>(await site.display(AWAY, "overview"), "/api/v1/cities");
    expect(hall.cities.map(({ id, screens }) => [id, screens.map((screen) => screen.id)])).toEqual([
      [AWAY, ["overview"]],
    ]);
    const extent = `/api/v1/history/extent/${CITY}`;
    expect(Object.keys(await ask<object>(who, extent)).sort()).toEqual(["engine", "from"]);
    expect(Object.keys(await ask<object>(chief, extent)).sort()).toEqual(["bytes", "engine", "from"]);
  });

  it("is in nothing that is told of the store: neither how much waits nor what is the matter with which file", async () => {
    const store = async (by: Visitor): Promise<{ messages: StoreMessage[]; close: () => void }> => {
      const socket = site.connect(by);
      const messages: StoreMessage[] = [];
      socket.on("store", (message: StoreMessage) => messages.push(message));
      await connected(socket);
      await expect.poll(() => messages.length).toBeGreaterThan(0);
      return { messages, close: () => socket.close() };
    };
    const whole = await store(chief);
    const parts = [await store(await site.account("analyst", one)), await store(await site.display(AWAY, "overview"))];
    const notice = {
      what: "journal",
      id: "1",
      at,
      file: "8.journal",
      fault: "EIO",
      kept: null,
      lost: 7,
      exact: true,
    } as const;
    giveNotice(path.join(site.folder, "data"), notice);
    for (const { messages } of [whole, ...parts])
      await expect
        .poll(() => messages.at(-1)?.notices[0], { timeout: 10_000 })
        .toMatchObject({ what: "journal", lost: 7 });
    expect(whole.messages.at(-1)).toMatchObject({ refused: 0, waiting: expect.any(Number) as number });
    expect(whole.messages.at(-1)?.notices).toMatchObject([{ file: "8.journal", fault: "EIO" }]);
    for (const { messages, close } of parts) {
      for (const message of messages) {
        expect(Object.keys(message).sort()).toEqual(["aside", "notices", "since", "space", "state"]);
        for (const told of message.notices) expect(Object.keys(told).sort()).toEqual(["at", "exact", "lost", "what"]);
      }
      close();
    }
    whole.close();
  });

  it("is in no file: one topic that is not his refuses it whole, by name", async () => {
    const who = await site.account("analyst", one);
    for (const format of ["csv", "arrow", "xlsx", "json"]) {
      const where = `/api/v1/history?from=now-1h&format=${format}&topic=${reading("440103")}`;
      expect((await answer(who, where)).status).toBe(200);
      const refused = await answer(who, `${where}&topic=${reading("440200")}`);
      expect([refused.status, JSON.parse(refused.text)]).toMatchObject([
        403,
        { code: "no-right", field: "topic", detail: `topic: there is no right to "${reading("440200")}"` },
      ]);
    }
    const viewer = await site.account("viewer", EVERYTHING);
    expect((await answer(viewer, `/api/v1/history?from=now-1h&format=csv&topic=${reading("all")}`)).status).toBe(403);
    // By Accept as well.
    const headers = { accept: "text/csv" };
    expect((await site.fetch(viewer, `/api/v1/history?from=now-1h&topic=${reading("all")}`, { headers })).status).toBe(
      403,
    );
  });

  it("is in no note, nor in how many there are, and nobody takes away what he does not see", async () => {
    const who = await site.account("operator", one);
    const write = (by: Visitor, district: string) =>
      site.fetch(by, `/api/v1/annotations/${CITY}`, {
        method: "POST",
        body: JSON.stringify({ from: Date.now(), text: district, district }),
      });
    const ids: Record<string, string> = {};
    for (const district of ["440103", "440200", "all"])
      ids[district] = ((await (await write(chief, district)).json()) as { id: string }).id;
    type Notes = { annotations: { text: string }[]; cut: boolean };
    const notes = async (by: Visitor): Promise<string[]> =>
      (await ask<Notes>(by, `/api/v1/annotations/${CITY}?from=now-1h`)).annotations.map(({ text }) => text);
    await vi.waitFor(async () => expect((await notes(chief)).sort()).toEqual(["440103", "440200", "all"]));
    expect(await notes(who)).toEqual(["440103"]);
    const remove = async (id: string | undefined): Promise<number> =>
      (await site.fetch(who, `/api/v1/annotations/${CITY}/${id}`, { method: "DELETE" })).status;
    expect([await remove(ids["440200"]), await remove(ids.all), await remove("none")]).toEqual([404, 404, 404]);
    expect(await remove(ids["440103"])).toBe(200);
    expect((await notes(chief)).sort()).toEqual(["440200", "all"]);
    expect([(await write(who, "440104")).status, (await write(who, "440200")).status]).toEqual([201, 403]);
    expect((await write(who, "all")).status).toBe(403);
  });

  it("is in no answer that was asked for before a right was taken away, and comes after it", async () => {
    const { remote } = site.gateway.history ?? {};
    if (!remote) throw new Error("no past is kept");
    const [who, other] = [await site.account("analyst", one), await site.account("analyst", one)];
    const answers: (() => void)[] = [];
    const ask = remote.call.bind(remote);
    const later = (): Promise<never> =>
      new Promise((resolve) => {
        answers.push(() => resolve({ events: [], total: 0, cut: false, completeUntil: at } as never));
      });
    const call = vi
      .spyOn(remote, "call")
      .mockImplementation((...asked: Parameters<typeof ask>) => (asked[0] === "events" ? later() : ask(...asked)));
    try {
      const asked = [who, other].map((by) => answer(by, `/api/v1/history/events/${CITY}?from=now-1h`));
      const told = asked[0]?.then(
        () => "told",
        () => "cut off",
      );
      await expect.poll(() => answers.length).toBe(2);
      await site.db.deleteFrom("session").where("id", "=", who.session).execute();
      await touch(site.db);
      expect(await told).toBe("cut off");
      for (const give of answers) give();
      expect((await asked[1])?.status).toBe(200);
    } finally {
      call.mockRestore();
    }
  });

  it("is not told to the pages' process for its own sake", async () => {
    const headers = { "x-citywall-pages": "key" };
    expect((await site.fetch({}, "/api/v1/cities", { headers })).status).toBe(401);
  });

  it("is who wrote a note, to displays and to whoever has not signed in: it is a name that somebody signs in with", async () => {
    const note = { from: Date.now(), text: "road works", metric: METRIC };
    const made = await site.fetch(chief, `/api/v1/annotations/${AWAY}`, { method: "POST", body: JSON.stringify(note) });
    expect(made.status).toBe(201);
    const { by } = (await made.json()) as { by: string };
    expect(by).toMatch(/^account ./);
    await site.openScreen(AWAY, "overview");
    type Notes = { annotations: { text: string; by: string | null }[] };
    const told = async (who: Visitor): Promise<[string, string | null][]> => {
      const { annotations } = await ask<Notes>(who, `/api/v1/annotations/${AWAY}?from=now-1h`);
      return annotations.map((one) => [one.text, one.by]);
    };
    const viewer = await site.account("viewer", [{ city: AWAY, districts: "*" }]);
    await expect.poll(() => told(viewer)).toEqual([["road works", by]]);
    for (const who of [await site.display(AWAY, "overview"), {}])
      expect(await told(who)).toEqual([["road works", null]]);
  });
});
