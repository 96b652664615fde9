/**
 * The archives of a data folder: `maps/<city>/<kind>-<beginning of its SHA-256>.pmtiles`, and beside it `<kind>.json`, which says
 * which of them is in use. That is written last, so there is the former map or the new one, whatever happens.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { BASE_MAP_KINDS, RELIEF_ENCODINGS, type BaseMapKind } from "../contract/base-map";
import { ID } from "../contract/topics";
import { syncFolder, writeWhole } from "../files/atomic";
import { letGoOf, takeFile } from "../files/lock";
import { MapFault } from "./map-fault";
import { checkArchive, type ArchiveFacts } from "./archive";

/** How long a command waits for another one that changes the maps of the same place, s. */
const PATIENCE = 60;
const DRAFT = "draft-";
const SHA256 = /^[\da-f]{64}$/;

/** What is kept beside an archive. */
const noteSchema = z.strictObject({
  sha256: z.string().regex(SHA256),
  bytes: z.int().positive(),
  /** name of the file that it was made of, for people */
  from: z.string(),
  added: z.string(),
  /** said when it was added, instead of what its metadata says */
  attribution: z.string().optional(),
  encoding: z.enum(RELIEF_ENCODINGS).optional(),
});
export type MapNote = z.infer<typeof noteSchema>;

/** The folder of a place's archives. */
export function mapFolder(data: string, city: string): string {
  return path.join(data, "maps", city);
}

/** The file that says which archive of a kind is in use. */
export function noteFile(data: string, city: string, kind: BaseMapKind): string {
  return path.join(mapFolder(data, city), `${kind}.json`);
}

/** The archive that a note is about. */
export function archiveFile(data: string, city: string, kind: BaseMapKind, { sha256 }: MapNote): string {
  return path.join(mapFolder(data, city), `${kind}-${sha256.slice(0, 16)}.pmtiles`);
}

/** The note of a place's archive of a kind; null where there is none. @throws MapFault where it cannot be read */
export async function readNote(data: string, city: string, kind: BaseMapKind): Promise<MapNote | null> {
  const text = await readFile(noteFile(data, city, kind), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw new MapFault(`its note cannot be read: ${error.code}`);
  });
  if (text === null) return null;
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    throw new MapFault(`its note, ${kind}.json, is damaged; add the map once more`);
  }
}

/** Places of a data folder that have a folder of archives, sorted. */
export async function placesWithMaps(data: string): Promise<string[]> {
  const entries = await readdir(path.join(data, "maps"), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && ID.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest("hex");
}

/** Copies a file whole, for its own user alone. @returns the SHA-256 of what was written */
async function copyWhole(from: string, draft: string): Promise<string> {
  const hash = createHash("sha256");
  const handle = await open(draft, "wx", 0o600);
  try {
    for await (const piece of createReadStream(from, { highWaterMark: 1 << 20 })) {
      hash.update(piece as Buffer);
      await handle.writeFile(piece as Buffer);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}

/** Takes away archives of a kind that are not in use, and drafts of copies that were broken off. */
async function sweep(folder: string, kind: BaseMapKind, kept: string | null): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if ((name.startsWith(`${kind}-`) && name !== kept) || name.startsWith(DRAFT))
      await rm(path.join(folder, name), { force: true });
}

/** Changes a place's maps while no other process does. @throws MapFault where another one does not end */
async function alone<T>(data: string, city: string, task: () => Promise<T>): Promise<T> {
  const folder = mapFolder(data, city);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = `${folder}.lock`;
  if (!takeFile(lock, String(process.pid), PATIENCE)) throw new MapFault("cannot be added: another command is at work");
  try {
    return await task();
  } finally {
    letGoOf(lock);
  }
}

/** What is said of an archive when it is added. */
export interface MapWords {
  relief?: boolean;
  attribution?: string | undefined;
  encoding?: MapNote["encoding"];
}

/**
 * Checks a file and makes it the place's map of its kind, instead of the one before. What is checked is the copy, which nobody else
 * writes in.
 * @param added when, RFC 3339
 * @throws MapFault that says what is wrong with it; Error of the file system; nothing is changed then
 */
export async function addMap(
  { data, city, file }: { data: string; city: string; file: string },
  { relief = false, attribution, encoding }: MapWords,
  added: string,
  suits: (facts: ArchiveFacts) => void = () => {},
): Promise<ArchiveFacts> {
  suits(await checkArchive(file, relief));
  return alone(data, city, () => putIn({ data, city, file }, { relief, attribution, encoding }, added));
}

/** Puts a file that was looked at in its place. */
async function putIn(
  { data, city, file }: { data: string; city: string; file: string },
  { relief, attribution, encoding }: MapWords,
  added: string,
): Promise<ArchiveFacts> {
  const folder = mapFolder(data, city);
  const draft = path.join(folder, `${DRAFT}${process.pid}`);
  try {
    await rm(draft, { force: true });
    const sha256 = await copyWhole(file, draft);
    const facts = await checkArchive(draft, relief);
    const note: MapNote = {
      sha256,
      bytes: facts.bytes,
      from: path.basename(file),
      added,
      ...(attribution === undefined ? {} : { attribution }),
      ...(facts.kind === "relief" ? { encoding: encoding ?? facts.encoding } : {}),
    };
    const target = archiveFile(data, city, facts.kind, note);
    await rename(draft, target);
    await syncFolder(folder);
    await writeWhole(noteFile(data, city, facts.kind), `${JSON.stringify(note, null, 2)}\n`);
    await sweep(folder, facts.kind, path.basename(target));
    return note.encoding === undefined ? facts : { ...facts, encoding: note.encoding };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes a place's map of a kind away. @returns whether there was one */
export async function removeMap(data: string, city: string, kind: BaseMapKind): Promise<boolean> {
  if (!(await kindsOf(data, city)).includes(kind)) return false;
  await alone(data, city, async () => {
    await rm(noteFile(data, city, kind), { force: true });
    await sweep(mapFolder(data, city), kind, null);
  });
  return true;
}

/** Kinds of which a place has a note. */
export async function kindsOf(data: string, city: string): Promise<BaseMapKind[]> {
  const names = await readdir(mapFolder(data, city)).catch(() => [] as string[]);
  return BASE_MAP_KINDS.filter((kind) => names.includes(`${kind}.json`));
}
