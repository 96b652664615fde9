import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { EventReports } from "../lib/contract/api/history";
import { EVERYWHERE } from "../lib/contract/rights";
import { connected, openClosed, subscribe, type ClosedSite, type Visitor } from "./test-closed";

const CITY = "lianyungang";
const [OWN, OTHER] = ["320706", "320703"];
const NOTE = "control room";
let site: ClosedSite;
let admin: Visitor;
const secrets: string[] = [];
const ids: string[] = [];

async function makeToken(feed: string, note: string): Promise<void> {
  const body = JSON.stringify({ city: CITY, feed, note });
  const headers = { "content-type": "application/json" };
  const made = await site.fetch(admin, "/api/v1/tokens", { method: "POST", headers, body });
  expect(made.status).toBe(201);
  const { token, secret } = (await made.json()) as { token: { id: string }; secret: string };
  secrets.push(secret);
  ids.push(token.id);
}

function post(where: string, body: object, secret: string | undefined): Promise<Response> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${secret}` };
  return site.fetch({}, where, { method: "POST", headers, body: JSON.stringify(body) });
}

const reportsFor = (who: Visitor): Promise<Response> => site.fetch(who, `/api/v1/history/events/${CITY}/r-1/reports`);
const at = (): string => new Date().toISOString();

beforeAll(async () => {
  site = await openClosed({}, { history: true });
  admin = await site.account("administrator", EVERYWHERE);
  await makeToken("*", NOTE);
  await makeToken("*", "");
  const event = {
    ...{ id: "r-1", city: CITY, district: OWN, kind: "noise", title: "n", severity: 1, source: "s", at: at() },
    ...{ stage: "上报", stages: ["上报", "受理", "办结"] },
  };
  expect((await post("/api/v1/events", { events: [event] }, secrets[0])).status).toBe(200);
  const moved = await post("/api/v1/events/r-1/transitions", { city: CITY, stage: "受理", at: at() }, secrets[1]);
  expect(moved.status).toBe(200);
  // Walls are told of an event what they were told before: not by whose token it came.
  const answer = await moved.text();
  for (const hidden of [NOTE, ...ids]) expect(answer).not.toContain(hidden);
  await vi.waitFor(async () => expect((await reportsFor(admin)).status).toBe(200), { timeout: 30_000 });
}, 60_000);
afterAll(() => site.drop());

describe("who reported an event", () => {
  it("is told by the token's feed and note, and by its id to who looks after tokens alone", async () => {
    const { reports } = (await (await reportsFor(admin)).json()) as EventReports;
    expect(reports.map(({ by, steps }) => [by, steps.map(({ stage }) => stage)])).toEqual([
      [{ token: ids[0], feed: "*", note: NOTE }, ["上报"]],
      [{ token: ids[1], feed: "*", note: "" }, ["受理"]],
    ]);
    const operator = await site.account("operator", [{ city: CITY, districts: [OWN] }]);
    const seen = (await (await reportsFor(operator)).json()) as EventReports;
    expect(seen.reports.map(({ by }) => by)).toEqual([
      { feed: "*", note: NOTE },
      { feed: "*", note: "" },
    ]);
  });

  it("is nothing for who only looks, for displays, for nobody, and for who may not look at the event", async () => {
    const viewer = await site.account("viewer", EVERYWHERE);
    const display = await site.display(CITY, "overview");
    const elsewhere = await site.account("operator", [{ city: CITY, districts: [OTHER] }]);
    const statuses = [viewer, display, {}, elsewhere].map(async (who) => (await reportsFor(who)).status);
    expect(await Promise.all(statuses)).toEqual([403, 403, 401, 404]);
  });

  it("is in no snapshot and no frame that a wall is sent", async () => {
    const socket = site.connect(await site.account("operator", EVERYWHERE));
    await connected(socket);
    const snapshot = await subscribe(socket, { topics: [{ topic: `events/${CITY}`, spans: [] }] });
    const frames: string[] = [];
    socket.on("f", (frame: Uint8Array) => frames.push(Buffer.from(frame).toString("latin1")));
    await post("/api/v1/events/r-1/transitions", { city: CITY, stage: "办结", at: at() }, secrets[0]);
    await vi.waitFor(() => expect(frames.join("")).toContain("r-1"));
    for (const hidden of [NOTE, ...ids]) expect(JSON.stringify(snapshot) + frames.join("")).not.toContain(hidden);
    socket.close();
  });
});
