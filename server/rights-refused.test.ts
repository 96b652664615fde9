import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lines } from "../lib/control/audit";
import type { Scope } from "../lib/contract/rights";
import { connected, openClosed, subscribe, watchScreen, type ClosedSite } from "./test-closed";

const CITY = "lianyungang";
const [OWN, OTHER, AWAY] = ["320706", "320703", "hangzhou"];
const DISTRICT: Scope[] = [{ city: CITY, districts: [OWN] }];
const topic = (district: string, city = CITY) => ({ topic: `reading/${city}/${district}/cases-today`, spans: [] });

let site: ClosedSite;
beforeAll(async () => {
  site = await openClosed();
});
afterAll(() => site.drop());

/** Refusals that the audit log has, by who was refused and what, with how many there were. Ends the gateway, which writes all of them. */
async function written(): Promise<Record<string, Record<string, number>>> {
  await site.gateway.close();
  const told: Record<string, Record<string, number>> = {};
  for (const { who, object, address, detail } of await lines(site.db, { action: "refuse", oldestFirst: true })) {
    expect(address).toBe("127.0.0.1");
    const { count } = JSON.parse(detail) as { count: number };
    (told[who] ??= {})[object] = (told[who]?.[object] ?? 0) + count;
  }
  return told;
}

describe("what is refused for want of a right", () => {
  it("is in the audit log, also over the live socket, and also where it is told as if it were not there", async () => {
    const name = async (id: string): Promise<string> => {
      const [account] = await site.db.selectFrom("account").select("name").where("id", "=", id).execute();
      return `account ${account?.name}`;
    };
    const [viewer, nowhere] = [await site.account("viewer", DISTRICT), await site.account("viewer", [])];
    const everywhere = await site.account("viewer", [{ city: "*", districts: "*" }]);
    for (let i = 0; i < 3; i++) await expect(connected(site.connect({}))).rejects.toThrow(/401/);
    await expect(connected(site.connect(nowhere))).rejects.toThrow(/403/);

    const socket = site.connect(viewer);
    await connected(socket);
    // Each of them once, however many topics it names, and what is asked for again is no news; what he may look at, and what nobody
    // has, is no refusal.
    for (let i = 0; i < 3; i++) await subscribe(socket, { topics: [topic(OWN), topic(OTHER), topic("all")] });
    await subscribe(socket, { topics: [topic(OWN), topic("all", AWAY)] });
    await subscribe(socket, { topics: [topic(OWN), topic("999999"), { topic: "no topic", spans: [] }] });
    expect(await watchScreen(socket, AWAY, "overview")).toBeNull();
    expect(await watchScreen(socket, CITY, "nowhere")).toBeNull();

    const asked = async (who: typeof viewer, where: string, init?: RequestInit): Promise<number> =>
      (await site.fetch(who, where, init)).status;
    for (const city of [AWAY, "nowhere"]) expect(await asked(viewer, `/api/v1/cities/${city}`)).toBe(404);
    const snapshot = `/api/v1/snapshot?topic=${topic("all", AWAY).topic}`;
    expect(await asked(viewer, snapshot)).toBe(404);
    expect(await asked(viewer, `/api/v1/cities/${AWAY}/screens/overview`)).toBe(404);
    expect(await asked(viewer, `/api/v1/annotations/${AWAY}?from=now-1h`)).toBe(404);
    // Who may look at all of them asks for what is not there.
    expect(await asked(everywhere, "/api/v1/cities/nowhere")).toBe(404);
    expect(await asked(everywhere, "/api/v1/snapshot?topic=reading/nowhere/all/cases-today")).toBe(404);
    socket.close();

    expect(await written()).toEqual({
      anonymous: { "live socket": 3 },
      [await name(nowhere.account)]: { "live socket": 1 },
      [await name(viewer.account)]: {
        "live socket: subscribe": 2,
        "live socket: watch-screen": 1,
        "GET /api/v1/cities/{city}": 2,
        "GET /api/v1/snapshot": 1,
        "GET /api/v1/cities/{city}/screens/{screen}": 1,
        "GET /api/v1/annotations/{city}": 1,
      },
    });
  });
});
