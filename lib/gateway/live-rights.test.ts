import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import type { Principal } from "../contract/rights";
import { HttpError } from "./http";
import type { Wire } from "./live-guard";
import { LiveRights, type Visit } from "./live-rights";
import type { Found, Principals } from "./principals";

const HOUR = 3_600_000;
const ADA: Principal = {
  ...{ kind: "account", id: "1", name: "ada", role: "viewer", session: "s" },
  scopes: [{ city: "*", districts: "*" }],
};
const display = (...topics: string[]): Principal => ({
  ...{ kind: "display", id: "2", name: "hall" },
  grants: [{ city: "c", screen: "one", topics: new Set(topics) }],
});
const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

/** Rights over connections that are none, with somebody who comes and may become somebody else. */
function setup(first: Principal = ADA) {
  const told = { found: { who: first, ends: null } as Omit<Found, "told"> | Error, shows: first, now: 1_000 };
  let change = (): void => {};
  const principals = {
    revision: 0,
    find: async () => {
      await Promise.resolve();
      if (told.found instanceof Error) throw told.found;
      return { told: told.now, ...told.found };
    },
    onChange: (listener: () => void) => (change = listener),
    withLayouts: (who: Principal) => (who.kind === "display" ? told.shows : who),
  };
  const cut: string[] = [];
  const guard = { dismiss: (_wire: Wire, { code }: { code: string }) => cut.push(code) > 0 };
  const rights = new LiveRights(principals as unknown as Principals, guard, () => told.now);
  const request = { headers: {}, socket: {} } as unknown as IncomingMessage;
  const wire = { request, once: () => {} } as unknown as Wire;
  const ended: boolean[] = [];
  return {
    ...{ told, rights, wire, request, cut, ended },
    async come(): Promise<Visit> {
      await rights.meet(request);
      rights.join(wire);
      const visit = rights.of(wire) as Visit;
      visit.serving = { isStillTold: () => true, end: () => ended.push(true) };
      return visit;
    },
    async changes(found: Omit<Found, "told"> | Error): Promise<void> {
      told.found = found;
      principals.revision++;
      change();
      await settled();
    },
  };
}

describe("somebody who is connected", () => {
  it("stays where something changed that is nothing of his, and is told nothing more where it is", async () => {
    const { come, changes, cut, ended, rights, wire } = setup();
    const visit = await come();
    await changes({ who: { ...ADA }, ends: null });
    expect([cut, rights.of(wire)]).toEqual([[], visit]);
    await changes({ who: { ...ADA, role: "editor" }, ends: null });
    expect([cut, ended, rights.of(wire), visit.who]).toEqual([
      ["rights-changed"],
      [true],
      undefined,
      { kind: "anonymous", grants: [] },
    ]);
  });

  it("stays while nobody can tell who he is, and is looked at as soon as somebody can", async () => {
    const { come, changes, cut, rights, told } = setup();
    await come();
    await changes(new HttpError(503, "control-away", "away"));
    rights.look();
    await settled();
    expect(cut).toEqual([]);
    told.found = { who: { kind: "anonymous", grants: [] }, ends: null };
    rights.look();
    await settled();
    expect(cut).toEqual(["rights-changed"]);
  });

  it("stays no longer than his sign-in holds by itself while nobody can tell who he is", async () => {
    const { come, changes, cut, rights, told } = setup();
    told.found = { who: ADA, ends: 5_000 };
    await come();
    await changes(new HttpError(503, "control-away", "away"));
    told.now = 4_999;
    rights.look();
    await settled();
    expect(cut).toEqual([]);
    told.now = 5_000;
    rights.look();
    await settled();
    expect(cut).toEqual(["rights-changed"]);
  });

  it("is looked at again where his rights changed while he was let in", async () => {
    const { rights, changes, request, wire, cut } = setup();
    await rights.meet(request);
    await changes({ who: { ...ADA, scopes: [] }, ends: null });
    rights.join(wire);
    await settled();
    expect(cut).toEqual(["rights-changed"]);
  });

  it("is looked at when his sign-in ends by itself, and not before", async () => {
    const { come, rights, told, cut } = setup();
    told.found = { who: ADA, ends: 5_000 };
    await come();
    told.found = { who: { kind: "anonymous", grants: [] }, ends: null };
    told.now = 4_999;
    rights.look();
    await settled();
    expect(cut).toEqual([]);
    told.now = 5_000;
    rights.look();
    await settled();
    expect(cut).toEqual(["rights-changed"]);
  });

  it("has two seconds to leave what lies elsewhere once the places of a city are others, where he has some of them", async () => {
    const { come, rights, told, cut } = setup({ ...ADA, scopes: [{ city: "c", districts: ["1"] }] });
    const visit = await come();
    const look = (ms: number): string[] => {
      told.now += ms;
      rights.look();
      return cut;
    };
    rights.placesChanged("c");
    expect(look(2_000)).toEqual([]);
    visit.serving = { isStillTold: () => false, end: () => {} };
    rights.placesChanged("d");
    expect(look(2_000)).toEqual([]);
    rights.placesChanged("c");
    expect(look(1_999)).toEqual([]);
    // What changes meanwhile gives nobody more time.
    rights.placesChanged("c");
    expect(look(1)).toEqual(["rights-changed"]);
  });

  it("loses nothing by where places lie who has the whole of their city", async () => {
    const { come, rights, told, cut } = setup();
    const visit = await come();
    visit.serving = { isStillTold: () => false, end: () => {} };
    rights.placesChanged("c");
    told.now += 2_000;
    rights.look();
    expect(cut).toEqual([]);
  });

  it("who was never met is told nothing", () => {
    const { rights, wire } = setup();
    rights.join(wire);
    expect(rights.of(wire)).toBeUndefined();
  });
});

describe("a display", () => {
  it("may follow what its screen shows now, and has two seconds to leave what it does not show any more", async () => {
    const { come, rights, told, cut } = setup(display("a"));
    const visit = await come();
    told.shows = display("b");
    rights.screenChanged({ city: "c", screen: "other" });
    expect(visit.who).toEqual(display("a"));
    rights.screenChanged({ city: "c", screen: "one" });
    expect(visit.who).toEqual(display("b"));
    visit.serving = { isStillTold: () => false, end: () => {} };
    told.now += 1_999;
    rights.look();
    expect(cut).toEqual([]);
    told.now++;
    rights.look();
    expect(cut).toEqual(["rights-changed"]);
  });

  it("keeps its wall for three days while nobody can tell who it is, counted from when somebody last could", async () => {
    const { come, rights, told, cut, changes } = setup(display("a"));
    told.found = { who: display("a"), ends: 2_000 };
    await come();
    for (let hour = 0; hour < 24; hour++) {
      told.now += HOUR;
      rights.look();
      await settled();
    }
    await changes(new HttpError(503, "control-away", "away"));
    for (const [later, isCut] of [
      [72 * HOUR - 1, false],
      [1, true],
    ] as const) {
      told.now += later;
      rights.look();
      await settled();
      expect(cut).toEqual(isCut ? ["rights-changed"] : []);
    }
  });

  it("is told by what its screen shows as it asks, though it was its place that changed", async () => {
    const { come, rights, told } = setup(display("a"));
    const visit = await come();
    told.shows = display("a", "b");
    rights.renew(visit);
    expect(visit.who).toEqual(display("a", "b"));
  });
});
