/** What a restore says of what it brings back that had been withdrawn since. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { append } from "../../lib/control/audit";
import { METHODS, type MethodName, type Params, type Result } from "../../lib/control/methods";
import { openControl } from "../../lib/control/open";
import type { Tables } from "../../lib/control/tables";
import { ENGINES, freshDatabase } from "../../lib/control/test-engines";
import { EVERYWHERE, signedIn } from "../../lib/control/test-people";
import { backup, type BackupPlace } from "./backup";
import { restore } from "./restore";

const ROOT = path.resolve(import.meta.dirname, "../..");
const VERSION = "0.1.0";
const HOUR = 3_600_000;
const BY = { who: "command test", address: "" };
const GENTLE = { replace: false, keepCities: false };

type Place = BackupPlace & { who: string };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-revived-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An installation that keeps no past, with one city's folder. */
async function siteAt(name: string, databaseUrl: string | undefined): Promise<Place> {
  const [data, cities] = [path.join(folder, name, "data"), path.join(folder, name, "cities")];
  await mkdir(data, { recursive: true });
  await mkdir(cities);
  return { data, cities, databaseUrl, history: false, leave: 0, version: VERSION, who: BY.who };
}

/** Works on a place's control data as commands do. */
async function within<T>(
  place: Place,
  task: (
    db: Kysely<Tables>,
    call: <M extends MethodName>(method: M, params: Params<M>) => Promise<Result<M>>,
  ) => Promise<T>,
): Promise<T> {
  const db = await openControl(place);
  try {
    return await task(db, (method, params) => {
      const run = METHODS[method] as (control: object, params: unknown) => Promise<never>;
      return run({ db, now: Date.now }, params);
    });
  } finally {
    await db.destroy();
  }
}

const publish = { kind: "publish", city: "x", feed: "a", backfill: false } as const;
const bounds = { expires: null, addresses: null, by: BY } as const;

async function addDisplay(db: Kysely<Tables>, title: string): Promise<string> {
  const id = randomUUID();
  const told = { rotated: 0, made: 0, made_by: "test", address: "", version: "", health: "" };
  const open = { previous: null, previous_until: null, seen: null, painted: null, withdrawn: null };
  const row = { id, title, city: "x", screen: "overview", hash: `hash of ${title}`, ...told, ...open };
  await db.insertInto("device").values(row).execute();
  return id;
}

/** Fills an installation, backs it up, withdraws some of it, and leaves the rest. Gives the archive, and names of what was made. */
async function backedUp(place: Place): Promise<{ file: string; names: Record<string, string>; ids: string[] }> {
  const made = await within(place, async (db, call) => {
    await append(db, { ...BY, action: "map.add", object: "map x" });
    const accounts: Record<string, string> = {};
    for (const name of ["leaver", "demoted", "renewed", "steady"])
      accounts[name] = (await signedIn(db, { role: "editor" })).account;
    const tokens: string[] = [];
    for (const note of ["revoked", "rotated", "kept"])
      tokens.push((await call("tokenCreate", { ...publish, ...bounds, note })).token.id);
    const monitor = { kind: "monitor", city: null, feed: null, backfill: false } as const;
    tokens.push((await call("tokenCreate", { ...monitor, ...bounds, note: "prometheus" })).token.id);
    const displays = [await addDisplay(db, "hall"), await addDisplay(db, "lobby"), await addDisplay(db, "desk")];
    for (const screen of ["overview", "services"])
      await db.insertInto("open_screen").values({ city: "x", screen, made: 0, made_by: "test" }).execute();
    const rows = await db.selectFrom("account").select(["id", "name"]).execute();
    const nameOf = (id: string | undefined): string => rows.find((row) => row.id === id)?.name ?? "";
    const names = Object.fromEntries(Object.entries(accounts).map(([key, id]) => [key, nameOf(id)]));
    return { accounts, tokens, displays, names };
  });
  const file = path.join(folder, "kept.tar.gz");
  await backup(place, file);
  const { accounts, tokens, displays, names } = made;
  await within(place, async (db, call) => {
    const giver = { by: BY, scopes: EVERYWHERE };
    await call("changePerson", { ...giver, id: accounts.leaver ?? "", change: { disabled: true } });
    await call("changePerson", { ...giver, id: accounts.demoted ?? "", change: { role: "viewer" } });
    await db
      .updateTable("account")
      .set({ password: "another" })
      .where("id", "=", accounts.renewed ?? "")
      .execute();
    await call("tokenRevoke", { by: BY, id: tokens[0] ?? "" });
    await call("tokenRotate", { by: BY, id: tokens[1] ?? "", grace: HOUR });
    await call("tokenRevoke", { by: BY, id: tokens[3] ?? "" });
    await call("displayWithdraw", { by: BY, id: displays[0] ?? "" });
    await db.updateTable("device").set({ hash: "the next" }).where("title", "=", "lobby").execute();
    await db.deleteFrom("open_screen").where("screen", "=", "services").execute();
    // What is new since is gone, and is nothing that holds again.
    await call("tokenCreate", { ...publish, ...bounds, note: "new" });
  });
  return { file, names, ids: tokens };
}

const EXPECTED = (names: Record<string, string>, [revoked, rotated, , monitor]: string[]) => [
  [`account ${names.demoted}`, "was viewer everywhere"],
  [`account ${names.leaver}`, "was disabled"],
  [`account ${names.renewed}`, "has the password of then"],
  ["display hall", "was withdrawn"],
  ["display lobby", "its secret was exchanged: it shows a code, and is to be paired anew"],
  ["open screen x/services", "was closed"],
  [`token ${monitor} (prometheus)`, "was withdrawn"],
  [`token ${revoked} (revoked)`, "was withdrawn"],
  [`token ${rotated} (rotated)`, expect.stringMatching(/^was to end at \d{4}-/)],
];

describe.each(ENGINES)("a restore, %s,", (engine) => {
  const urls = async (): Promise<string | undefined> => (engine === "embedded" ? undefined : freshDatabase());
  /** Where an archive of a place is brought back: into the same folder, and of a database into another one. */
  const again = async (place: Place): Promise<[Place, formerUrl: string | undefined]> =>
    engine === "embedded" ? [place, undefined] : [{ ...place, databaseUrl: await freshDatabase() }, place.databaseUrl];

  it("names just what had been withdrawn or changed since, and leaves what it looked at as it was", async () => {
    const place = await siteAt("one", await urls());
    const { file, names, ids } = await backedUp(place);
    const [target, formerUrl] = await again(place);
    const before =
      engine === "embedded" ? null : await within(place, (db) => db.selectFrom("token").selectAll().execute());
    const { revived, held, ended } = await restore(target, file, { replace: true, keepCities: false, formerUrl });
    if ("unknown" in revived) throw new Error(revived.unknown);
    const told = revived.map(({ kind, name, since }) => [`${kind} ${name}`, since]);
    expect(told.sort()).toEqual(EXPECTED(names, ids).sort());
    expect(held.map(({ name }) => name)).toEqual(expect.arrayContaining([names.steady, "desk", `${ids[2]} (kept)`]));
    expect(ended).toBe(4);
    expect(await within(target, (db) => db.selectFrom("session").selectAll().execute())).toEqual([]);
    if (before) expect(await within(place, (db) => db.selectFrom("token").selectAll().execute())).toEqual(before);
  });

  it("names all that holds where nothing of before is there, it is another's, or it cannot be read", async () => {
    const place = await siteAt("one", await urls());
    const { file, names } = await backedUp(place);
    const there = await restore(await siteAt("two", await urls()), file, GENTLE);
    expect(there.revived).toEqual({ unknown: "the control data of before are not here" });
    expect(there.held.map(({ name }) => name)).toEqual(expect.arrayContaining([names.leaver, "hall"]));

    const other = await siteAt("three", await urls());
    await within(other, (db) => append(db, { ...BY, action: "map.add", object: "map of another" }));
    const [target, formerUrl] = await again(other);
    const beside = await restore(target, file, { replace: true, keepCities: false, formerUrl });
    expect(beside.revived).toEqual({ unknown: "what was there before does not go on from this backup" });

    const [broken, none] = await again(await siteAt("four", await urls()));
    if (engine === "embedded") await writeFile(path.join(broken.data, "control.db"), "no database at all, by no means");
    const unread = await restore(broken, file, { replace: true, keepCities: false, formerUrl: none });
    expect(unread.revived).toEqual({ unknown: expect.stringContaining("the control data of before cannot be read") });
  });

  it(
    "says so as a command, with the moment and where everybody has to sign in again",
    { timeout: 60_000 },
    async () => {
      const place = await siteAt("one", await urls());
      const { file, names, ids } = await backedUp(place);
      const archive = path.join(folder, "given.tar.gz");
      await cp(file, archive);
      const [target, formerUrl] = await again(place);
      const former = path.join(folder, "former");
      if (formerUrl !== undefined) await writeFile(former, `${formerUrl}\n`, { mode: 0o600 });
      const args = ["restore", archive, "--replace", ...(formerUrl === undefined ? [] : ["--former", former])];
      const env = { ...process.env, CITYWALL_DATA: target.data, CITYWALL_CITIES: target.cities };
      const child = spawn(process.execPath, ["bin/citywall.mjs", ...args], {
        cwd: ROOT,
        env: target.databaseUrl === undefined ? env : { ...env, DATABASE_URL: target.databaseUrl },
      });
      let text = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (piece: Buffer) => (text += piece.toString()));
      const [code] = (await once(child, "close")) as [number];
      expect([code, text]).toEqual([0, expect.stringMatching(/is as it was at \d{4}-\d\d-\d\dT[\d:.]+Z/)]);
      expect(text).toContain("4 sign-ins, invitations and codes that were in it hold no longer");
      expect(text).toContain(`account ${names.leaver}: editor everywhere; was disabled`);
      expect(text).toContain(`token ${ids[0]} (revoked): x/a; was withdrawn`);
      expect(text).toContain("display hall: x/overview; was withdrawn");
      expect(text).not.toContain(`account ${names.steady}`);
      if (formerUrl !== undefined) expect(text).not.toContain(new URL(formerUrl).pathname);
    },
  );
});
