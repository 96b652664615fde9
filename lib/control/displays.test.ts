import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Kysely } from "kysely";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lines } from "./audit";
import { revisionOf, type Control } from "./context";
import { makeCode, nextSecrets, readCode } from "./devices";
import { CODE_LETTERS } from "./letters";
import { displayMethods as methods } from "./methods/displays";
import { principalMethods } from "./methods/principals";
import { openControl, type ControlPlace } from "./open";
import type { Tables } from "./tables";

const server = process.env.CITYWALL_TEST_POSTGRES;
const engines = ["embedded", ...(server ? ["PostgreSQL"] : [])] as const;
const [MINUTE, DAY] = [60_000, 86_400_000];
const by = { who: "account ada", address: "10.0.0.7" };
const WALL = { city: "lianyungang", screen: "overview" };
const health = { connected: true, faults: 0, skipped: 0, up: 60, width: 1920, height: 1080 };
const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** A database of its own on the test server. */
async function freshDatabase(): Promise<string> {
  const name = `displays_${Math.random().toString(36).slice(2)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

describe("a display's code", () => {
  it("is eight letters, none of which is taken for another, and is read however it is typed", () => {
    for (let i = 0; i < 200; i++) {
      const code = makeCode();
      expect(code).toMatch(new RegExp(`^[${CODE_LETTERS}]{8}$`));
      expect(readCode(` ${code.slice(0, 4).toLowerCase()} - ${code.slice(4)}`)).toBe(code);
    }
    expect(CODE_LETTERS).not.toMatch(/[AEIOUY0-9]/);
    expect(new Set(Array.from({ length: 200 }, makeCode)).size).toBe(200);
  });

  it("is not made of anything else that somebody types", () => {
    for (const text of ["", "BCDF", "BCDF-GHJKL", "BCDF-GHJA", "BCDF-GHJ1", "ＢＣＤＦＧＨＪＫ"])
      expect(readCode(text)).toBeNull();
  });
});

describe("a display's secrets, whatever is lost on its way", () => {
  const step = fc.record({
    // A report every so often, of a display that is off for days, or of two pages at once.
    wait: fc.constantFrom(0, 30_000, 61_000, 11 * MINUTE, DAY + 1, 3 * DAY),
    lost: fc.boolean(),
  });

  it("never leave it without one that holds, and at most two ever hold", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 1_000;
        let own = "first";
        let row = { hash: hashOf(own), previous: null, previous_until: null, rotated: now } as Parameters<
          typeof nextSecrets
        >[0];
        const issued = [hashOf(own)];
        for (const { wait, lost } of steps) {
          now += wait;
          const holds = (hash: string): boolean =>
            row.hash === hash || (row.previous === hash && (row.previous_until === null || row.previous_until > now));
          expect(holds(hashOf(own))).toBe(true);
          expect(issued.filter(holds).length).toBeLessThanOrEqual(2);
          const next = nextSecrets(row, hashOf(own), now);
          if (!next) continue;
          row = { ...row, ...next.changed };
          if (next.secret === null) continue;
          issued.push(hashOf(next.secret));
          if (!lost) own = next.secret;
        }
      }),
    );
  });

  it("end for whoever copied one: ten minutes after the display has used the next", () => {
    const row = { hash: "one", previous: null, previous_until: null, rotated: 0 };
    expect(nextSecrets(row, "one", DAY - 1)).toBeNull();
    const rotated = nextSecrets(row, "one", DAY);
    const then = { ...row, ...rotated?.changed };
    expect(then).toMatchObject({ previous: "one", previous_until: null, rotated: DAY });
    expect(nextSecrets(then, then.hash, DAY + 30_000)).toEqual({
      secret: null,
      changed: { previous_until: DAY + 30_000 + 10 * MINUTE },
    });
  });
});

describe.each(engines)("displays, %s", (engine) => {
  let place: ControlPlace;
  let db: Kysely<Tables>;
  let control: Control;
  let now: number;
  beforeEach(async () => {
    const data = await mkdtemp(path.join(os.tmpdir(), "citywall-displays-"));
    place = engine === "embedded" ? { data } : { data, databaseUrl: await freshDatabase() };
    db = await openControl(place);
    now = 1_000_000;
    control = { db, now: () => now };
  });
  afterEach(async () => {
    await db.destroy();
    await rm(place.data, { recursive: true, force: true });
  });

  const begin = (network = "10.0.0.9") => methods.pairBegin(control, { network });
  const claim = (code: string, more: object = {}) =>
    methods.pairClaim(control, { code, title: "Hall", ...WALL, by, ...more });
  const finish = (secret: string) => methods.pairFinish(control, { secret, address: "10.0.0.9" });
  /** A display that was paired; the secret that it has. */
  async function paired(title = "Hall"): Promise<{ id: string; secret: string }> {
    const { code, secret } = await begin();
    const { id } = await claim(code, { title });
    return { id, secret: (await finish(secret))?.secret ?? "" };
  }
  const report = (secret: string, more: object = {}) =>
    methods.displayReport(control, {
      hash: hashOf(secret),
      address: "10.0.0.9",
      version: "one",
      painted: 500,
      health,
      ...more,
    });
  const told = async (secret: string) =>
    (await methods.displayStandings(control, { hashes: [hashOf(secret)], address: "10.0.0.66" }))[0];
  const who = (secret: string) => principalMethods.displayOf(control, { hash: hashOf(secret), address: "10.0.0.66" });
  const deeds = async (): Promise<string[]> =>
    (await lines(db)).map(({ who, action, object }) => `${who} ${action} ${object}`).reverse();

  it("is nobody until somebody named it, fetches its identity once, and is who it is from then on", async () => {
    const { code, secret, expires } = await begin();
    expect(expires).toBe(now + 10 * MINUTE);
    expect(await finish(secret)).toBeNull();
    const before = await revisionOf(db);
    const item = await claim(code.toLowerCase());
    expect(item).toMatchObject({ title: "Hall", ...WALL, madeBy: "account ada", seen: null, withdrawn: null });
    const found = await finish(secret);
    expect(found?.display.id).toBe(item.id);
    expect(await revisionOf(db)).toBeGreaterThan(before);
    expect(await who(found?.secret ?? "")).toEqual({
      kind: "display",
      id: item.id,
      name: "Hall",
      ...WALL,
      ends: null,
    });
    await expect(finish(secret)).rejects.toMatchObject({ code: "expired" });
    expect(await deeds()).toEqual(["account ada display.pair display Hall", "display Hall display.join display Hall"]);
  });

  it("keeps no code and no secret, and lets nobody in by what it keeps", async () => {
    const { code, secret } = await begin();
    const { id } = await claim(code);
    const kept = JSON.stringify([await db.selectFrom("pairing").selectAll().execute()]);
    const found = await finish(secret);
    const row = await db.selectFrom("device").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    const all = kept + JSON.stringify(row) + JSON.stringify(await lines(db));
    for (const text of [code, code.replace("-", ""), secret, found?.secret ?? "-"]) expect(all).not.toContain(text);
    expect(await who(row.hash)).toBeNull();
  });

  it("refuses a code that was used, that has ended, or that nobody shows, all the same, and a name that is taken", async () => {
    const [used, ended] = [await begin(), await begin()];
    await claim(used.code);
    const refusals: unknown[] = [];
    for (const code of [used.code, "BBBB-BBBB"])
      refusals.push(await claim(code, { title: "Other" }).catch((error: unknown) => error));
    now = ended.expires;
    refusals.push(await claim(ended.code, { title: "Other" }).catch((error: unknown) => error));
    expect(new Set(refusals.map(String)).size).toBe(1);
    for (const refused of refusals) expect(refused).toMatchObject({ code: "unknown", field: "code" });
    await expect(claim("nonsense")).rejects.toMatchObject({ code: "invalid", field: "code" });
    await expect(claim((await begin()).code)).rejects.toMatchObject({ code: "taken", field: "title" });
    expect((await deeds()).filter((deed) => deed === "account ada display.refuse display")).toHaveLength(3);
  });

  it("withstands ten thousand guesses, also all at once: after ten none is looked at, not even the right one", async () => {
    const { code } = await begin();
    const guesses = Array.from({ length: 10_000 }, makeCode).filter(
      (one) => one !== `${code.slice(0, 4)}${code.slice(5)}`,
    );
    const guess = (one: string): Promise<string> =>
      claim(one).then(
        () => "in",
        ({ code: why }: { code: string }) => why,
      );
    const codes = await Promise.all(guesses.slice(0, 500).map(guess));
    for (const one of guesses.slice(500)) codes.push(await guess(one));
    expect(codes.filter((why) => why === "unknown")).toHaveLength(10);
    expect(codes.filter((why) => why === "locked")).toHaveLength(guesses.length - 10);
    await expect(claim(code)).rejects.toMatchObject({ code: "locked", field: "code" });
    // Nobody else is locked out by that, and he himself is not for good.
    expect(await claim(code, { by: { who: "account eve", address: "10.0.0.7" } })).toMatchObject({ title: "Hall" });
    now += 16 * MINUTE;
    expect(await claim((await begin()).code, { title: "Other" })).toMatchObject({ title: "Other" });
  });

  it("counts no code that was right: an operator can pair as many as there are", async () => {
    for (let i = 0; i < 15; i++) expect(await claim((await begin()).code, { title: `Hall ${i}` })).toBeTruthy();
  });

  it("shows so many codes at once in one network and no more, until they end; others are not kept from theirs", async () => {
    for (let i = 0; i < 50; i++) await begin();
    await expect(begin()).rejects.toMatchObject({ code: "locked" });
    expect(await begin("10.0.0.10")).toBeTruthy();
    now += 10 * MINUTE;
    expect(await begin()).toBeTruthy();
  });

  it("names one display by a code, however many enter it at once", async () => {
    const { code } = await begin();
    const claims = await Promise.allSettled([1, 2, 3, 4].map((i) => claim(code, { title: `Hall ${i}` })));
    expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await methods.displays(control, {})).toHaveLength(1);
  });

  it("gives one identity by a secret, however many ask with it at once", async () => {
    const { code, secret } = await begin();
    await claim(code);
    const asked = await Promise.allSettled([1, 2, 3, 4].map(() => finish(secret)));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("tells how a display does, when it last painted and where it is, and changes no right by that", async () => {
    const { secret } = await paired();
    const before = await revisionOf(db);
    now += 30_000;
    expect(await report(secret)).toMatchObject({ standing: { state: "paired", title: "Hall", ...WALL }, secret: null });
    expect(await revisionOf(db)).toBe(before);
    const [item] = await methods.displays(control, {});
    expect(item).toMatchObject({ seen: now, painted: now - 500, address: "10.0.0.9", version: "one", health });
  });

  it("gives the next secret after a day; a copy of the one before is refused ten minutes later, and told of", async () => {
    const { id, secret: old } = await paired();
    now += DAY;
    const { secret: next } = await report(old);
    expect(next).toMatch(/^[\w-]{43}$/);
    // The answer may be lost: the old one holds until the next has come.
    now += 2 * DAY;
    expect(await told(old)).toMatchObject({ state: "paired" });
    await report(next ?? "");
    expect((await who(old)) as object).toMatchObject({ id, ends: now + 10 * MINUTE });
    now += 10 * MINUTE;
    expect(await who(old)).toBeNull();
    expect(await told(old)).toEqual({ state: "none" });
    expect(await report(old)).toEqual({ standing: { state: "none" }, secret: null });
    // The display itself goes on, under the name that it has.
    expect(await who(next ?? "")).toMatchObject({ id });
    const refused = (await lines(db, { action: "display.refuse" })).map(({ who, object, address }) => [
      who,
      object,
      address,
    ]);
    expect(refused).toEqual([["anonymous", "display Hall", "10.0.0.66"]]);
  });

  it("gives another next secret where the first was lost, but not to a second page that still has the old one", async () => {
    const { secret: old } = await paired();
    now += DAY;
    const lost = (await report(old)).secret ?? "";
    expect((await report(old)).secret).toBeNull();
    now += 61_000;
    const next = (await report(old)).secret ?? "";
    expect(next).not.toBe("");
    expect(await who(lost)).toBeNull();
    expect(await who(next)).toMatchObject({ name: "Hall" });
  });

  it("is given another name and another screen, and says who did it", async () => {
    const { id, secret } = await paired();
    await paired("Lobby");
    const before = await revisionOf(db);
    const at = { city: "hangzhou", screen: "traffic" };
    expect(await methods.displayChange(control, { id, title: "Foyer", at, by })).toMatchObject({
      title: "Foyer",
      ...at,
    });
    expect(await revisionOf(db)).toBeGreaterThan(before);
    expect(await told(secret)).toEqual({ state: "paired", id, title: "Foyer", ...at });
    await expect(methods.displayChange(control, { id, title: "Lobby", by })).rejects.toMatchObject({ code: "taken" });
    await expect(methods.displayChange(control, { id: "9", title: "x", by })).rejects.toMatchObject({ field: "id" });
    expect((await deeds()).slice(-2)).toEqual([
      "account ada display.rename display Hall",
      "account ada display.assign display Hall",
    ]);
    const [assigned] = await lines(db, { action: "display.assign" });
    expect(JSON.parse(assigned?.detail ?? "")).toEqual(at);
  });

  it("is nobody any more once it is withdrawn, and is told so; nothing brings it back but a new code", async () => {
    const { id, secret } = await paired();
    await methods.displayWithdraw(control, { id, by });
    expect(await who(secret)).toBeNull();
    expect(await told(secret)).toEqual({ state: "withdrawn", title: "Hall" });
    expect(await report(secret)).toEqual({ standing: { state: "withdrawn", title: "Hall" }, secret: null });
    await expect(methods.displayWithdraw(control, { id, by })).rejects.toMatchObject({ code: "unknown" });
    await expect(methods.displayChange(control, { id, title: "x", by })).rejects.toMatchObject({ code: "unknown" });
    const again = await paired();
    expect(again.id).not.toBe(id);
    expect((await methods.displays(control, {})).map(({ withdrawn }) => withdrawn === null)).toEqual([true, false]);
    now += 31 * DAY;
    expect(await methods.displays(control, {})).toHaveLength(1);
  });

  it("gives no identity to a display that was withdrawn before it fetched it", async () => {
    const { code, secret } = await begin();
    const { id } = await claim(code);
    await methods.displayWithdraw(control, { id, by });
    await expect(finish(secret)).rejects.toThrow();
  });

  it("does nothing that the log cannot have", async () => {
    const { code } = await begin();
    const { id } = await paired("Lobby");
    await db.schema.alterTable("audit").renameTo("elsewhere").execute();
    await expect(claim(code)).rejects.toThrow();
    await expect(methods.displayWithdraw(control, { id, by })).rejects.toThrow();
    const rows = await methods.displays(control, {});
    expect(rows.map(({ title, withdrawn }) => [title, withdrawn])).toEqual([["Lobby", null]]);
  });
});
