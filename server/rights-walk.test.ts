/**
 * Walks every route and socket message with somebody of every kind, and holds what comes out to the table in docs/rights.md. Where rights
 * were changed on purpose, `npx vitest run server/rights-walk.test.ts -u` writes the table anew: what changed is to be read.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ROUTES, type RouteName } from "../lib/contract/api";
import type { RouteSchema } from "../lib/contract/api/route";
import { TO_GATEWAY } from "../lib/contract/api/socket";
import { ROLES, type Role, type Scope } from "../lib/contract/rights";
import { openGateway } from "../lib/gateway/server";
import { connected, openClosed, subscribe, watchScreen, type ClosedSite, type Visitor } from "./test-closed";

const CITY = "lianyungang";
const [OWN, OTHER, AWAY] = ["320706", "320703", "hangzhou"];
const FILE = path.resolve(import.meta.dirname, "../docs/rights.md");
const [BEGIN, END] = ["<!-- the walk's -->\n", "<!-- end -->\n"];

/** Somebody who asks, and how he is made anew. */
type Asker = (site: ClosedSite) => Promise<Visitor>;
const SCOPES: Record<string, Scope[]> = {
  "no place": [],
  "one district": [{ city: CITY, districts: [OWN] }],
  "one city": [{ city: CITY, districts: "*" }],
  everywhere: [{ city: "*", districts: "*" }],
};

/** One thing that is asked for. */
interface Asked {
  what: string;
  path: string | ((site: ClosedSite) => Promise<string>);
  body?: object;
  /** puts back what it changed, where that would change what others are told */
  after?: (site: ClosedSite) => Promise<unknown>;
}

const topics = (metric: string, more: [string, string][] = []): [string, string][] => [
  ["its district", `reading/${CITY}/${OWN}/${metric}`],
  ["another district", `reading/${CITY}/${OTHER}/${metric}`],
  ["the whole city", `reading/${CITY}/all/${metric}`],
  ["another city", `reading/${AWAY}/all/${metric}`],
  ["no city that is there", `reading/nowhere/all/${metric}`],
  ...more,
];
const METRIC = "cases-today";
const READINGS = topics(METRIC);
const TOPICS = topics(METRIC, [
  ["a figure that its screen does not show", `reading/${CITY}/all/app-uses-today`],
  ["events", `events/${CITY}`],
  ["events of another city", `events/${AWAY}`],
  ["things on the map", `positions/${CITY}/vehicles`],
]);
const places = (of: (city: string) => string): Asked[] =>
  [
    ["its city", CITY],
    ["another city", AWAY],
    ["no city that is there", "nowhere"],
  ].map(([what = "", city = ""]) => ({ what, path: of(city) }));
const body = (path: string, of: (topic: string) => object, list = TOPICS): Asked[] =>
  list.map(([what, topic]) => ({ what, path, body: of(topic) }));
const query = (path: string, list: [string, string][]): Asked[] =>
  list.map(([what, topic]) => ({ what, path: `${path}topic=${topic}` }));
const screens = (prefix: string, suffix = ""): Asked[] => [
  { what: "its screen", path: `${prefix}/${CITY}/overview${suffix}`.replace("//", "/") },
  { what: "another screen", path: `${prefix}/${CITY}/services${suffix}` },
  { what: "no screen that is there", path: `${prefix}/${CITY}/nowhere${suffix}` },
  { what: "a screen of another city", path: `${prefix}/${AWAY}/overview${suffix}` },
];
const NOW = Date.now();
const MINUTE = 60_000;

/** Somebody who may everything asks for something. */
async function asChief<T>(site: ClosedSite, method: string, where: string, sent?: object): Promise<T> {
  const who = await (chief ??= site.account("administrator", SCOPES.everywhere ?? []));
  const init = { method, headers: fromAnywhere(), ...(sent ? { body: JSON.stringify(sent) } : {}) };
  return (await (await site.fetch(who, where, init)).json()) as T;
}
let chief: Promise<Visitor> | null = null;

/** Writes a note, and gives its address. */
async function written(site: ClosedSite, district: string): Promise<string> {
  const note = { from: NOW, text: "note", district };
  const { id } = await asChief<{ id: string }>(site, "POST", `/api/v1/annotations/${CITY}`, note);
  return `/api/v1/annotations/${CITY}/${id}`;
}

/** Scopes that somebody gives, or whose holder he changes. */
const GIVEN: [string, Scope[]][] = [
  ["its district", [{ city: CITY, districts: [OWN] }]],
  ["another district", [{ city: CITY, districts: [OTHER] }]],
  ["the whole city", [{ city: CITY, districts: "*" }]],
  ["another city", [{ city: AWAY, districts: "*" }]],
  ["every city", [{ city: "*", districts: "*" }]],
];

/** Invites somebody, and gives the address of the invitation. */
async function invited(site: ClosedSite, scopes: Scope[]): Promise<string> {
  await asChief(site, "POST", "/api/v1/people/invitations", { role: "viewer", scopes });
  type People = { invitations: { id: string; made: number }[] };
  const { invitations } = await asChief<People>(site, "GET", "/api/v1/people");
  const known = invitations.map(({ id }) => id).find((id) => !seenInvitations.has(id)) ?? "none";
  seenInvitations.add(known);
  return `/api/v1/people/invitations/${known}`;
}
const seenInvitations = new Set<string>();

/** Somebody with an account is changed. */
const people = (suffix: string, sent: object): Asked[] =>
  GIVEN.map(([what, scopes]) => ({
    what: `who has ${what}`,
    path: async (site) => `/api/v1/people/${(await site.account("viewer", scopes)).account}${suffix}`,
    body: sent,
  }));

/** A display is changed. */
const displays = (sent?: object): Asked[] =>
  CITIES.map(([what, city]) => ({
    what: `with ${what}`,
    path: async (site) => `/api/v1/displays/${(await site.display(city, "overview")).device}`,
    ...(sent ? { body: sent } : {}),
  }));

/** Nothing stays open of what somebody opened: the next ones are told by it. */
const closeAgain = (city: string) => (site: ClosedSite) =>
  asChief(site, "DELETE", `/api/v1/open-screens/${city}/services`);
const CITIES: [string, string][] = [
  ["a screen of its city", CITY],
  ["a screen of another city", "hangzhou"],
];

/** What is asked of routes that look at it one by one. */
const ASKED: Record<string, Asked[]> = {
  history: [
    ...query("/api/v1/history?from=now-1h&", READINGS),
    ...query("/api/v1/history?from=now-1h&format=csv&", READINGS).map((one) => ({
      ...one,
      what: `a file of ${one.what}`,
    })),
  ],
  historyQuality: query("/api/v1/history/quality?from=now-1h&", READINGS),
  historySnapshot: body("/api/v1/history/snapshot", (topic) => ({ at: NOW, topics: [{ topic }] })),
  historyChanges: body("/api/v1/history/changes", (topic) => ({ from: NOW - MINUTE, to: NOW, topics: [topic] })),
  historyValues: body("/api/v1/history/values", (topic) => ({ topics: [topic], at: [NOW] }), READINGS),
  historyScreen: screens("/api/v1/history/screens", "?at=now"),
  historyEvents: [
    ...places((city) => `/api/v1/history/events/${city}?from=now-1h`),
    { what: "its district", path: `/api/v1/history/events/${CITY}?from=now-1h&district=${OWN}` },
    { what: "another district", path: `/api/v1/history/events/${CITY}?from=now-1h&district=${OTHER}` },
  ],
  historyEvent: [
    { what: "an event of its district", path: `/api/v1/history/events/${CITY}/mine` },
    { what: "an event of another district", path: `/api/v1/history/events/${CITY}/theirs` },
    { what: "no event that is there", path: `/api/v1/history/events/${CITY}/nothing` },
    { what: "an event of another city", path: `/api/v1/history/events/${AWAY}/away` },
  ],
  historyEventReports: [
    { what: "an event of its district", path: `/api/v1/history/events/${CITY}/mine/reports` },
    { what: "an event of another district", path: `/api/v1/history/events/${CITY}/theirs/reports` },
    { what: "no event that is there", path: `/api/v1/history/events/${CITY}/nothing/reports` },
    { what: "an event of another city", path: `/api/v1/history/events/${AWAY}/away/reports` },
  ],
  snapshot: query("/api/v1/snapshot?", TOPICS),
  annotations: places((city) => `/api/v1/annotations/${city}?from=now-1h`),
  annotate: [
    ...[OWN, OTHER, "all"].map((district, i) => ({
      what: ["its district", "another district", "the whole city"][i] ?? "",
      path: `/api/v1/annotations/${CITY}`,
      body: { from: NOW, text: "note", district },
    })),
    { what: "another city", path: `/api/v1/annotations/${AWAY}`, body: { from: NOW, text: "note" } },
  ],
  unannotate: [
    { what: "its district", path: (site) => written(site, OWN) },
    { what: "another district", path: (site) => written(site, OTHER) },
    { what: "the whole city", path: (site) => written(site, "all") },
  ],
  people: [{ what: "", path: "/api/v1/people" }],
  invite: GIVEN.map(([what, scopes]) => ({
    what: `to ${what}`,
    path: "/api/v1/people/invitations",
    body: { role: "viewer", scopes },
  })),
  uninvite: GIVEN.map(([what, scopes]) => ({ what: `to ${what}`, path: (site) => invited(site, scopes) })),
  changePerson: people("", { title: "n" }),
  resetPerson: people("/reset", {}),
  openScreens: [{ what: "", path: "/api/v1/open-screens" }],
  openScreen: CITIES.map(([what, city]) => ({
    what,
    path: "/api/v1/open-screens",
    body: { city, screen: "services" },
    after: closeAgain(city),
  })),
  closeScreen: CITIES.map(([what, city]) => ({
    what,
    path: async (site) => {
      await asChief(site, "POST", "/api/v1/open-screens", { city, screen: "services" });
      return `/api/v1/open-screens/${city}/services`;
    },
    after: closeAgain(city),
  })),
  displays: [{ what: "", path: "/api/v1/displays" }],
  claimDisplay: CITIES.map(([what, city]) => ({
    what,
    path: "/api/v1/displays",
    // Who may is told that this is no code.
    body: { code: "none", title: "n", city, screen: "overview" },
  })),
  changeDisplay: displays({ title: "n" }),
  withdrawDisplay: displays(),
  cities: [{ what: "", path: "/api/v1/cities" }],
  indicators: [{ what: "", path: "/api/v1/indicators" }],
  screen: [
    { what: "its screen", path: `/api/v1/cities/${CITY}/screens/overview` },
    { what: "another screen", path: `/api/v1/cities/${CITY}/screens/services` },
    { what: "no screen that is there", path: `/api/v1/cities/${CITY}/screens/nowhere` },
    { what: "a screen of another city", path: `/api/v1/cities/${AWAY}/screens/overview` },
  ],
};

/** What stands for names in a path. */
const SAMPLES: Record<string, string> = { adcode: OWN, kind: "vector", screen: "overview", id: "nobody", city: CITY };

function filled({ path: written_ }: RouteSchema, city: string): string {
  return written_.replace(/\{(\w+)\}/g, (_all, name: string) => (name === "city" ? city : (SAMPLES[name] ?? "x")));
}

/** What is asked of a route. @throws where it looks at what is asked, and nobody has said what that may be */
function askedOf(name: RouteName, schema: RouteSchema): Asked[] {
  const { rule, method } = schema;
  const more = method === "get" ? {} : { body: {} };
  if (typeof rule === "string" || rule.of === "installation")
    return [{ what: "", path: filled(schema, CITY), ...more }];
  if (rule.of === "city") return places((city) => filled(schema, city)).map((one) => ({ ...one, ...more }));
  const asked = ASKED[name];
  if (!asked) throw new Error(`${name}: say in ASKED what it is asked for`);
  return asked;
}

let address = 0;
/** Requests count by address: each comes from one of its own. */
function fromAnywhere(): Record<string, string> {
  address++;
  return { "x-forwarded-for": `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}` };
}

const HIDDEN = /^(unknown-(city|topic|screen|event|annotation)|not-there)$/;

/** What came of a request, as the table has it. */
async function outcome(response: Response): Promise<string> {
  // Whatever stands between gives nobody what another one was told.
  expect(response.headers.get("cache-control"), response.url).toMatch(/^(?:no-store|private, no-cache)$/);
  const isProblem = response.headers.get("content-type")?.includes("problem") ?? false;
  const text = await response.text();
  const code = isProblem ? (JSON.parse(text) as { code: string }).code : "";
  if (code === "sign-in" || code === "no-right" || code === "no-token" || HIDDEN.test(code))
    return String(response.status);
  expect([response.status, code], response.url).not.toEqual([500, "internal"]);
  expect(response.status, response.url).not.toBe(429);
  return "yes";
}

/** Somebody of every kind. */
const ASKERS: [column: string, role: Role | null, asker: Asker][] = [
  ["nobody", null, () => Promise.resolve({})],
  ["display", null, (site) => site.display(CITY, "overview")],
  ["monitor's token", null, (site) => site.monitor()],
  ...Object.entries(SCOPES).flatMap(([column, scopes]) =>
    ROLES.map((role): [string, Role, Asker] => [column, role, (site) => site.account(role, scopes)]),
  ),
];

let site: ClosedSite;
beforeAll(async () => {
  site = await openClosed({ trustedProxies: ["127.0.0.1"], addressRate: 100_000 }, { history: true });
  const { hub } = site.gateway;
  const event = (id: string, city: string, district: string): unknown =>
    hub.takeEvent({
      ...{ id, city, district, kind: "noise", title: "n", severity: 1, source: "s", at: NOW, updated: NOW },
      ...{ stage: "a", stages: ["a", "b"] },
    });
  event("mine", CITY, OWN);
  event("theirs", CITY, OTHER);
  event("away", AWAY, "all");
  const who = await site.account("administrator", SCOPES.everywhere ?? []);
  const asks = async (): Promise<number> =>
    (await site.fetch(who, `/api/v1/history/events/${CITY}?from=now-1h`, { headers: fromAnywhere() })).status;
  await vi.waitFor(async () => expect(await asks()).toBe(200), { timeout: 30_000 });
});
afterAll(() => site.drop());

/** What comes of one thing for everybody: by column, and in it by role. */
type Row = Map<string, [Role | null, string][]>;

/** Those who came already: whoever asks for something that may end him, such as to sign out, is made anew. */
const known = new Map<Asker, Promise<Visitor>>();
function visitor(make: Asker, isNew: boolean): Promise<Visitor> {
  const came = (isNew ? undefined : known.get(make)) ?? make(site);
  if (!isNew) known.set(make, came);
  return came;
}

async function row(of: (who: Visitor) => Promise<string>, asker = ASKERS, isNew = false): Promise<Row> {
  const found: Row = new Map();
  for (const [column, role, make] of asker) {
    const cell = found.get(column) ?? [];
    found.set(column, [...cell, [role, await of(await visitor(make, isNew))]]);
  }
  return found;
}

/** One word where it is the same for all roles, else which roles may. */
function cellText(cell: [Role | null, string][]): string {
  const words = [...new Set(cell.map(([, word]) => word))];
  if (words.length === 1) return words[0] ?? "";
  if (!words.includes("yes")) return words.join(" or ");
  const may = cell.flatMap(([role, word]) => (word === "yes" ? [role] : []));
  const first = ROLES.findIndex((role) => role === may[0]);
  const isFrom = may.length === ROLES.length - first && may.length > 1;
  const who = isFrom ? `${may[0]} and up` : may.join(", ");
  return `${who}; else ${words.filter((word) => word !== "yes").join(" or ")}`;
}

const line = (cells: string[]): string => `| ${cells.join(" | ")} |\n`;

async function routeRows(ask: ClosedSite["fetch"], asker = ASKERS): Promise<[string, string, Row][]> {
  const rows: [string, string, Row][] = [];
  for (const [name, schema] of Object.entries(ROUTES) as [RouteName, RouteSchema][])
    for (const { what, path: where, body: sent, after } of askedOf(name, schema))
      rows.push([
        `${schema.method.toUpperCase()} ${schema.path}`,
        what,
        await row(
          async (who) => {
            const at = typeof where === "string" ? where : await where(site);
            const init = { method: schema.method.toUpperCase(), ...(sent ? { body: JSON.stringify(sent) } : {}) };
            const word = await outcome(await ask(who, at, { ...init, headers: fromAnywhere() }));
            await after?.(site);
            return word;
          },
          asker,
          schema.method !== "get",
        ),
      ]);
  return rows;
}

async function messageRows(asker = ASKERS): Promise<[string, string, Row][]> {
  const over = async (
    who: Visitor,
    say: (socket: ReturnType<ClosedSite["connect"]>) => Promise<string>,
  ): Promise<string> => {
    const socket = site.connect(who);
    try {
      await connected(socket);
      return await say(socket);
    } catch (error) {
      return /\d{3}/.exec((error as Error).message)?.[0] ?? String(error);
    } finally {
      socket.close();
    }
  };
  const WORDS: Record<string, string> = { "no right": "403", "unknown topic": "404" };
  const rows: [string, string, Row][] = [];
  for (const [what, topic] of TOPICS)
    rows.push([
      "subscribe",
      what,
      await row(
        (who) =>
          over(who, async (socket) => {
            const { refused, topics: told } = await subscribe(socket, { topics: [{ topic, spans: [] }] });
            return told[topic] ? "yes" : (WORDS[refused[0]?.reason ?? ""] ?? "?");
          }),
        asker,
      ),
    ]);
  const seen: [string, string, string][] = [
    ["its screen", CITY, "overview"],
    ["another screen", CITY, "services"],
    ["a screen of another city", AWAY, "overview"],
  ];
  for (const [what, city, screen] of seen)
    rows.push([
      "watch-screen",
      what,
      await row(
        (who) => over(who, async (socket) => ((await watchScreen(socket, city, screen)) ? "yes" : "null")),
        asker,
      ),
    ]);
  return rows;
}

it("every route and message lets in whom docs/rights.md says, and nobody else", { timeout: 240_000 }, async () => {
  const routes = await routeRows(site.fetch);
  const messages = await messageRows();
  expect(new Set(messages.map(([name]) => name))).toEqual(new Set(Object.keys(TO_GATEWAY)));
  await site.openScreen(CITY, "overview");
  const open: typeof ASKERS = [["nobody, the screen being open", null, () => Promise.resolve({})]];
  const asked = async (): Promise<number> =>
    (await site.fetch({}, "/api/v1/cities", { headers: fromAnywhere() })).status;
  await vi.waitFor(async () => expect(await asked()).toBe(200));
  const opened = { routes: await routeRows(site.fetch, open), messages: await messageRows(open) };
  const columns = ["nobody", "nobody, the screen being open", "display", "monitor's token", ...Object.keys(SCOPES)];
  const tableOf = (rows: [string, string, Row][], more: [string, string, Row][]): string => {
    const cellsOf = (cells: Row, i: number): string[] =>
      columns.map((column) => cellText(cells.get(column) ?? more[i]?.[2].get(column) ?? []));
    return [
      line(["", "of what", ...columns]),
      line(["", "", ...columns].map(() => "---")),
      ...rows.map(([name, what, cells], i) => line([`\`${name}\``, what, ...cellsOf(cells, i)])),
    ].join("");
  };
  const text = `## Routes\n\n${tableOf(routes, opened.routes)}\n## Messages of the live socket\n\n${tableOf(messages, opened.messages)}\n`;
  const document = await readFile(FILE, "utf8");
  const [before = "", after = ""] = [document.split(BEGIN)[0], document.split(END)[1]];
  await expect(`${before}${BEGIN}\n${text}${END}${after}`).toMatchFileSnapshot(FILE);
});

it("whoever sits at a machine that nothing else reaches may do everything", { timeout: 60_000 }, async () => {
  const here = await openGateway({
    ...{ host: "127.0.0.1", port: 0, data: path.join(site.folder, "here"), cities: path.join(site.folder, "cities") },
    ...{ pagesPort: null, checkTile: () => [], build: "test", trustedProxies: ["127.0.0.1"], addressRate: 100_000 },
  });
  const ask: ClosedSite["fetch"] = (_who, where, init) => fetch(`http://127.0.0.1:${here.port}${where}`, init);
  for (const [name, what, cells] of await routeRows(ask, [["here", null, () => Promise.resolve({})]])) {
    const [[, word] = [null, ""]] = cells.get("here") ?? [];
    // What is not there is not there for him either, a publisher has to show a token wherever he is, and an account he has none of.
    if (!/no (city|screen|event) that is there|event of/.test(what) && !name.includes("/account/"))
      expect([name, what, word]).toEqual([name, what, expect.stringMatching(/yes|401/)]);
  }
  await here.close();
});
