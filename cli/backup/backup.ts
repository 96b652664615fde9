import { constants, existsSync, readFileSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, realpath, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { now, pause } from "../../lib/clock";
import { CONTROL_SCHEMA, openControl } from "../../lib/control/open";
import { sql } from "kysely";
import { writeWhole } from "../../lib/files/atomic";
import { letGoOf, takeFile } from "../../lib/files/lock";
import { freeBytes } from "../../lib/files/space";
import {
  answerFile,
  clearBackups,
  removeBackup,
  ownFolder,
  requestFile,
  treeOf,
  type BackupAnswer,
} from "../../lib/gateway/backups";
import { dataLock } from "../../lib/gateway/data-folder";
import { linkFile, linkJournal } from "../../lib/history/writer/journal-copy";
import { bulkJournals, LIVE } from "../../lib/history/writer/journal";
import { copyHistory, copySchema } from "../../lib/history/store/postgres-copy";
import { takeLock, releaseLock } from "../../lib/history/store/lock";
import type { StoreCopy } from "../../lib/history/store/copying";
import { inspected } from "./inspect";
import { sha256Of, FORMAT, listed, MANIFEST, type Manifest } from "./manifest";
import { writeArchive } from "./archive";
import { CONTROL, isPlain, LAST_BACKUP, shortName, STORE } from "./names";

/** Most ms until a gateway that runs has seen that it is asked. */
const SEEN_WITHIN = 30_000;
const LOOK_EVERY = 100;
const MEGABYTE = 1_000_000;

export interface BackupPlace {
  data: string;
  cities: string;
  databaseUrl: string | undefined;
  /** whether the past is kept */
  history: boolean;
  /** bytes that have to be left on the data folder's disk */
  leave: number;
  /** of Citywall */
  version: string;
}

/** What was made, for who asked. */
export interface Made {
  file: string;
  bytes: number;
  sha256: string;
  manifest: Manifest;
}

/** A backup that cannot be made, with the reason. */
export class BackupFault extends Error {}

/**
 * Writes all that is kept into one archive, as it was at one moment, also while the gateway runs.
 * @param maps false leaves base maps out
 * @param signal ends it with nothing left
 * @throws BackupFault
 */
export async function backup(
  place: BackupPlace,
  file: string,
  { maps = true, signal = new AbortController().signal }: { maps?: boolean; signal?: AbortSignal } = {},
): Promise<Made> {
  await checkPlaces(place, file);
  const folder = ownFolder(place.data);
  await clearBackups(place.data);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const manifest = await gather(place, folder, maps, signal);
    const tree = archiveTree(folder);
    await writeFile(path.join(tree, MANIFEST), JSON.stringify(manifest));
    await writeArchive(file, tree, [MANIFEST, ...manifest.files.map((one) => one.path)], signal);
    const made = { file, bytes: (await stat(file)).size, sha256: await sha256Of(file), manifest };
    const last = { at: manifest.moment, file, bytes: made.bytes, sha256: made.sha256 };
    await writeWhole(path.join(place.data, LAST_BACKUP), `${JSON.stringify(last)}\n`);
    return made;
  } finally {
    await removeBackup(folder);
  }
}

/** The folder that becomes the archive, and in it what stands for the data folder. */
const archiveTree = (folder: string): string => path.join(folder, "archive");

/** Looks whether a backup can be written. @throws BackupFault */
export async function checkPlaces({ data, databaseUrl, leave }: BackupPlace, file: string): Promise<void> {
  if (!existsSync(data)) throw new BackupFault(`CITYWALL_DATA: ${data} is not there: there is nothing to keep`);
  const target = await realpath(path.dirname(file)).catch(() => null);
  if (target === null) throw new BackupFault(`${shortName(path.dirname(file))} is not there`);
  if (!path.relative(await realpath(data), target).startsWith(".."))
    throw new BackupFault(`${shortName(file)} lies in the data folder, which a backup is to outlive`);
  const store = databaseUrl === undefined ? await sizeOf(path.join(data, STORE)) : 0;
  const free = freeBytes(data);
  if (free !== null && free - store < leave)
    throw new BackupFault(
      `${data} has ${Math.round(free / MEGABYTE)} MB left: the copy of the store takes ${Math.round(store / MEGABYTE)}, ` +
        `and ${Math.round(leave / MEGABYTE)} have to stay`,
    );
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/** Puts everything into a folder, and says what it is. */
async function gather(place: BackupPlace, folder: string, maps: boolean, signal: AbortSignal): Promise<Manifest> {
  const copy = await copied(place, folder, signal);
  const archive = archiveTree(folder);
  await mkdir(archive, { recursive: true });
  const tree = path.join(archive, "data");
  await rename(treeOf(folder), tree);
  const control = await copyControl(place, tree);
  await copyPlain(place.data, tree, maps);
  await copyCities(place.cities, path.join(archive, "cities"));
  signal.throwIfAborted();
  const { store } = copy;
  if (store?.engine === "duckdb") await checkStore(path.join(tree, STORE), store);
  return {
    format: FORMAT,
    version: place.version,
    moment: new Date(copy.at).toISOString(),
    // The control data lies in the database as well where no past is kept.
    engine: place.databaseUrl === undefined ? (store?.engine ?? null) : "postgres",
    history: store && { schema: store.schema, readings: store.readings },
    control,
    maps,
    files: await listed(archive),
  };
}

type Copy = Extract<BackupAnswer, { at: number }>;

/** Has what gateway and store write copied: by the gateway where one runs. */
async function copied(place: BackupPlace, folder: string, signal: AbortSignal): Promise<Copy> {
  const lock = dataLock(place.data);
  if (!takeFile(lock, String(process.pid))) return ask(folder, signal);
  try {
    return await copyAtRest(place, treeOf(folder));
  } finally {
    letGoOf(lock);
  }
}

async function ask(folder: string, signal: AbortSignal): Promise<Copy> {
  await writeWhole(requestFile(folder), "");
  for (let waited = 0; !existsSync(answerFile(folder)); waited += LOOK_EVERY) {
    signal.throwIfAborted();
    if (waited > SEEN_WITHIN && !existsSync(treeOf(folder)))
      throw new BackupFault("the gateway holds the data folder and does not answer");
    await pause(LOOK_EVERY);
  }
  const answer = JSON.parse(readFileSync(answerFile(folder), "utf8")) as BackupAnswer;
  if ("error" in answer) throw new BackupFault(`the store cannot be copied: ${answer.error}`);
  return answer;
}

/** Copies what lies there while nobody writes it. */
async function copyAtRest({ data, databaseUrl, history }: BackupPlace, tree: string): Promise<Copy> {
  await mkdir(tree, { recursive: true });
  for (const name of ["recent.bin", "totals.json", "totals.json.draft"])
    linkFile(path.join(data, name), path.join(tree, name));
  if (!history) return { at: now(), store: null };
  try {
    takeLock(data);
  } catch (error) {
    throw new BackupFault(`${(error as Error).message}: wait until it has ended`);
  }
  try {
    for (const name of [LIVE, ...bulkJournals(data)]) linkJournal(data, name, tree);
    return { at: now(), store: await storeAtRest(data, databaseUrl, tree) };
  } finally {
    releaseLock(data);
  }
}

async function storeAtRest(data: string, databaseUrl: string | undefined, tree: string): Promise<StoreCopy | null> {
  if (databaseUrl !== undefined) return { engine: "postgres", ...(await copyHistory(databaseUrl, tree, () => {})) };
  if (!existsSync(path.join(data, STORE))) return null;
  // With what was written ahead, which a store that was killed has not put into its file.
  for (const name of [STORE, `${STORE}.wal`])
    if (existsSync(path.join(data, name)))
      await copyFile(path.join(data, name), path.join(tree, name), constants.COPYFILE_FICLONE);
  return { engine: "duckdb", ...(await inspected(path.join(tree, STORE))) };
}

/** Opens a copy of the store, which says whether it can be opened, and is of the moment that it was made at. */
async function checkStore(file: string, { schema, readings, places }: StoreCopy): Promise<void> {
  const found = await inspected(file).catch((error: Error) => error);
  const fault =
    found instanceof Error
      ? found.message
      : JSON.stringify(found) !== JSON.stringify({ schema, readings, places }) &&
        "it is not of the moment at which it was made";
  if (fault) throw new BackupFault(`the copy of the store cannot be used: ${fault}`);
}

/** Copies the control data as it is at one moment, whoever writes it meanwhile. Returns the migrations that it has seen. */
async function copyControl({ data, databaseUrl }: BackupPlace, tree: string): Promise<string[]> {
  const db = await openControl({ data, databaseUrl });
  try {
    const seen = (await db.selectFrom("control_migrations").select("name").orderBy("name").execute()).map(
      ({ name }) => name,
    );
    if (databaseUrl !== undefined) await copySchema(databaseUrl, tree, CONTROL_SCHEMA);
    else await sql`VACUUM INTO ${sql.lit(path.join(tree, CONTROL))}`.execute(db);
    return seen;
  } finally {
    await db.destroy();
  }
}

/** Copies what is written whole each time, and so is whole whenever it is looked at. */
async function copyPlain(data: string, tree: string, maps: boolean): Promise<void> {
  for (const entry of await readdir(data, { withFileTypes: true })) {
    if (!isPlain(entry.name) || (entry.name === "maps" && !maps)) continue;
    if (entry.isFile()) linkFile(path.join(data, entry.name), path.join(tree, entry.name));
    if (entry.isDirectory()) await linkFolder(path.join(data, entry.name), path.join(tree, entry.name));
  }
}

async function linkFolder(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".draft")) continue;
    const file = path.join(entry.parentPath, entry.name);
    linkFile(file, path.join(to, path.relative(from, file)));
  }
}

async function copyCities(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, dereference: true, filter: (name) => !path.basename(name).startsWith(".") });
}
