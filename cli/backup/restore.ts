import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Kysely } from "kysely";
import { now } from "../../lib/clock";
import { append, verify } from "../../lib/control/audit";
import { touch } from "../../lib/control/context";
import { MIGRATIONS } from "../../lib/control/migrations";
import { CONTROL_SCHEMA, openControl } from "../../lib/control/open";
import type { Tables } from "../../lib/control/tables";
import { syncFolder } from "../../lib/files/atomic";
import { letGoOf, noteOf, takeFile } from "../../lib/files/lock";
import { freeBytes } from "../../lib/files/space";
import { dataLock } from "../../lib/gateway/data-folder";
import { installationOf } from "../../lib/history/store/installation";
import { releaseLock, takeLock } from "../../lib/history/store/lock";
import { openPostgres } from "../../lib/history/store/postgres";
import { databaseFolder, fillTables, isUsed } from "../../lib/history/store/postgres-copy";
import { migrate, VERSION } from "../../lib/history/store/schema";
import { extractArchive, verifyArchive } from "./archive";
import { lookAtFormer } from "./former";
import { heldIn, revivedOf, type Held, type Revived } from "./held";
import { filesIn, sha256Of, type Known, type Manifest } from "./manifest";
import { isContent, RESTORING, shortName } from "./names";

const MEGABYTE = 1_000_000;

export interface RestorePlace {
  data: string;
  cities: string;
  databaseUrl: string | undefined;
  /** of Citywall */
  version: string;
  /** who restores, as the audit log has it */
  who: string;
}

export interface RestoreOptions {
  /** puts what is there aside, instead of refusing */
  replace: boolean;
  /** leaves the cities' folder as it is */
  keepCities: boolean;
  /** address of the database that Citywall had before, to tell what was withdrawn there */
  formerUrl?: string | undefined;
}

/** What was done, for who asked. */
export interface Restored {
  manifest: Manifest;
  /** where what was there before is now */
  aside: string[];
  /** how many lines the audit log has */
  lines: number;
  /** sign-ins, invitations and codes that hold no longer */
  ended: number;
  /** all that gives a right now */
  held: Held[];
  /** what of it had been withdrawn or changed since the backup, or why nobody can tell */
  revived: Revived[] | { unknown: string };
}

/** A restore that cannot be done, with the reason; nothing was changed. */
export class RestoreFault extends Error {}

/** What this version can restore. */
export const knownTo = (version: string): Known => ({
  version,
  history: VERSION,
  control: MIGRATIONS.map(({ name }) => name),
});

/**
 * Puts what an archive holds into its place, once all of it has been read and held against its manifest.
 * @throws ArchiveFault, RestoreFault before anything is changed
 */
export async function restore(place: RestorePlace, file: string, options: RestoreOptions): Promise<Restored> {
  const manifest = await verifyArchive(file, knownTo(place.version));
  checkEngine(place, manifest);
  await mkdir(place.data, { recursive: true, mode: 0o700 });
  return held(place.data, async () => {
    const isSame = await checkTargets(place, file, manifest, options);
    const work = path.join(place.data, RESTORING);
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { mode: 0o700 });
    let isMoving = false;
    try {
      await extractArchive(file, work, manifest);
      await checkExtracted(work, manifest);
      const tree = path.join(work, "data");
      if (manifest.engine === "postgres") await fillDatabase(place, tree, manifest);
      const control = await renewControl(place, tree, { file, manifest, work, formerUrl: options.formerUrl });
      // From here on a run that is broken off leaves the folder of its work, beside which no gateway starts.
      isMoving = true;
      const aside = await exchange(place, work, isSame || options.keepCities);
      await rm(work, { recursive: true });
      return { manifest, aside, ...control };
    } catch (error) {
      if (!isMoving) await rm(work, { recursive: true, force: true });
      throw error;
    }
  });
}

/** Runs a task while no gateway and no store works in a data folder, and none can begin. @throws RestoreFault */
async function held<T>(data: string, task: () => Promise<T>): Promise<T> {
  const lock = dataLock(data);
  if (!takeFile(lock, String(process.pid)))
    throw new RestoreFault(`CITYWALL_DATA: ${data} is held by Citywall (process ${noteOf(lock)}): stop it first`);
  try {
    takeLock(data);
    return await task();
  } catch (error) {
    if (/^the store is held/.test((error as Error).message))
      throw new RestoreFault(`CITYWALL_DATA: ${data}: ${(error as Error).message}: stop it first`, { cause: error });
    throw error;
  } finally {
    releaseLock(data);
    letGoOf(lock);
  }
}

function checkEngine({ databaseUrl }: RestorePlace, { engine }: Manifest): void {
  if (engine === "postgres" && databaseUrl === undefined)
    throw new RestoreFault("DATABASE_URL: is not set; what the archive holds was in a PostgreSQL database");
  if (engine !== "postgres" && databaseUrl !== undefined)
    throw new RestoreFault("DATABASE_URL: is set; what the archive holds was in the data folder: leave it out");
}

/** Whether the cities' folder is what the archive holds. @throws RestoreFault where something is in the way */
async function checkTargets(
  { data, cities, databaseUrl }: RestorePlace,
  file: string,
  { files }: Manifest,
  { replace, keepCities }: RestoreOptions,
): Promise<boolean> {
  const inUse = (await readdir(data)).filter(isContent);
  if (inUse.length > 0 && !replace)
    throw new RestoreFault(`CITYWALL_DATA: ${data} is not empty (${inUse[0]}): --replace puts what is there aside`);
  const isSame = await hasCities(cities, files);
  if (!isSame && !keepCities && !replace && existsSync(cities) && (await readdir(cities)).length > 0)
    throw new RestoreFault(
      `CITYWALL_CITIES: ${cities} is not what the archive holds: --replace puts it aside, --keep-cities leaves it as it is`,
    );
  // The database is not ours to put aside.
  if (databaseUrl !== undefined && (await isUsed(databaseUrl, CONTROL_SCHEMA)))
    throw new RestoreFault("DATABASE_URL: the database has tables of Citywall already: name an empty one");
  const [needed, free] = [files.reduce((sum, { size }) => sum + size, 0), freeBytes(data)];
  if (free !== null && free < needed)
    throw new RestoreFault(
      `${data} has ${Math.floor(free / MEGABYTE)} MB left: ${shortName(file)} takes ${Math.ceil(needed / MEGABYTE)}`,
    );
  return isSame;
}

/** Whether a folder has just the cities' files that an archive lists. */
async function hasCities(folder: string, files: Manifest["files"]): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const wanted = new Map(files.filter(isCities).map((one) => [one.path.slice("cities/".length), one]));
  const there = (await filesIn(folder)).filter((name) => !name.split("/").some((part) => part.startsWith(".")));
  if (there.length !== wanted.size) return false;
  for (const name of there) {
    const expected = wanted.get(name);
    if (!expected || (await sha256Of(path.join(folder, name))) !== expected.sha256) return false;
  }
  return true;
}

const isCities = ({ path: name }: Manifest["files"][number]): boolean => name.startsWith("cities/");

/** What was written has to be what was read: a disk may fail as well. */
async function checkExtracted(folder: string, { files }: Manifest): Promise<void> {
  for (const { path: name, size, sha256 } of files) {
    const file = path.join(folder, name);
    const there = (await stat(file).catch(() => null))?.size;
    if (there !== size || (await sha256Of(file)) !== sha256)
      throw new RestoreFault(`${file} could not be written whole`);
  }
  await mkdir(path.join(folder, "data"), { recursive: true });
}

/** Makes the tables of an archive's version in an empty database, and fills them. */
async function fillDatabase(place: RestorePlace, tree: string, manifest: Manifest): Promise<void> {
  const { databaseUrl = "" } = place;
  if (manifest.history) await fillHistory(place, tree, manifest.history.schema);
  const known = MIGRATIONS.filter(({ name }) => manifest.control.includes(name));
  await (await openControl({ data: tree, databaseUrl }, known)).destroy();
  const omit = ["control_migrations"];
  await fillTables(databaseUrl, databaseFolder(tree, "control"), { schema: CONTROL_SCHEMA, omit });
  await rm(path.dirname(databaseFolder(tree, "control")), { recursive: true });
}

async function fillHistory({ data, databaseUrl = "" }: RestorePlace, tree: string, schema: number): Promise<void> {
  const engine = await openPostgres(databaseUrl, { ...installationOf(tree), folder: data });
  try {
    await migrate(engine, undefined, schema);
    const prepare = (from: number, to: number): Promise<void> => engine.prepare(from, to);
    await fillTables(databaseUrl, databaseFolder(tree, "history"), { prepare });
  } finally {
    await engine.close();
  }
}

/**
 * Brings restored control data up to date, looks whether its log is what was written, and ends what has not to come back: a sign-in
 * that was ended after the backup, a link or a code that was used since.
 */
async function renewControl(
  { data, databaseUrl, who }: RestorePlace,
  tree: string,
  {
    file,
    manifest,
    work,
    formerUrl,
  }: { file: string; manifest: Manifest; work: string; formerUrl: string | undefined },
): Promise<Pick<Restored, "lines" | "ended" | "held" | "revived">> {
  const db = await openControl({ data: tree, databaseUrl });
  try {
    const verdict = await verify(db);
    if (!verdict.ok)
      throw new RestoreFault(`the audit log is not what was written, from line ${verdict.seq} on (${verdict.fault})`);
    const head = await db.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirst();
    const before = await lookAtFormer({ data, work, formerUrl }, head ?? null);
    const held = await heldIn(db, now());
    const revived = "held" in before ? revivedOf(held, before.held) : before;
    const detail = { file, moment: manifest.moment };
    await append(db, { who, action: "backup.restore", object: "backup", detail });
    const ended = await db.transaction().execute(endAll);
    return { lines: verdict.lines + 1, ended, held, revived };
  } finally {
    await db.destroy();
  }
}

async function endAll(db: Kysely<Tables>): Promise<number> {
  let ended = 0;
  for (const table of ["session", "invitation", "pairing", "challenge"] as const) {
    const [gone] = await db.deleteFrom(table).execute();
    ended += Number(gone?.numDeletedRows ?? 0);
  }
  await touch(db);
  return ended;
}

/** Puts what is there aside, and what was brought into its place. Returns where the former is. */
async function exchange({ data, cities }: RestorePlace, work: string, keepCities: boolean): Promise<string[]> {
  const stamp = new Date(now()).toISOString().replaceAll(":", "").replace(/\.\d+/, "");
  const aside: string[] = [];
  const there = (await readdir(data)).filter(isContent);
  const before = path.join(data, `before-${stamp}`);
  if (there.length > 0) {
    await mkdir(before, { mode: 0o700 });
    for (const name of there) await rename(path.join(data, name), path.join(before, name));
    aside.push(before);
  }
  for (const name of await readdir(path.join(work, "data")))
    await rename(path.join(work, "data", name), path.join(data, name));
  if (!keepCities) aside.push(...(await exchangeCities(cities, path.join(work, "cities"), stamp)));
  await syncFolder(data);
  return aside;
}

async function exchangeCities(cities: string, brought: string, stamp: string): Promise<string[]> {
  if (!existsSync(brought)) return [];
  const aside = `${cities}.before-${stamp}`;
  const isThere = existsSync(cities) && (await readdir(cities)).length > 0;
  if (isThere) await rename(cities, aside);
  // It may be on another disk.
  await cp(brought, cities, { recursive: true });
  return isThere ? [aside] : [];
}
