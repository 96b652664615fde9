/** Archives as files: tar (POSIX.1-2001, pax) in gzip (RFC 1952), the manifest first. */
import { createHash } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { create, extract, list, type ReadEntry } from "tar";
import { syncFolder } from "../../lib/files/atomic";
import { identity } from "../../lib/history/writer/identity";
import { ArchiveFault, MANIFEST, manifestOf, type ArchivedFile, type Known, type Manifest } from "./manifest";

/** Most bytes of a manifest: a file of it takes about 150. */
const MANIFEST_BYTES = 64 << 20;
const OWNER_ALONE = 0o600;

/** Files of a tree have a second name in the data folder, but each is one file in the archive. */
class NoLinks extends Map<`${number}:${number}`, string> {
  override get(): undefined {
    return undefined;
  }
}

const draftOf = (file: string): string =>
  `${file}.${(identity(process.pid) ?? `${process.pid}`).replace(" ", "-")}.draft`;

/** Removes what is left of archives that were never ended, of processes that are gone. */
async function clearDrafts(file: string): Promise<void> {
  const folder = path.dirname(file);
  for (const name of await readdir(folder)) {
    const [, pid, began] = /^(\d+)-(\d*)\.draft$/.exec(name.slice(path.basename(file).length + 1)) ?? [];
    if (!name.startsWith(`${path.basename(file)}.`) || pid === undefined) continue;
    if (identity(Number(pid)) !== `${pid} ${began}`) await rm(path.join(folder, name), { force: true });
  }
}

/**
 * Writes a folder's files into an archive for its own user alone. Whatever happens there is all of it, or what was there before.
 * @param names files of the folder, the manifest first @param signal ends it, with nothing left
 */
export async function writeArchive(file: string, folder: string, names: string[], signal: AbortSignal): Promise<void> {
  await clearDrafts(file);
  const draft = draftOf(file);
  try {
    const handle = await open(draft, "wx", OWNER_ALONE);
    try {
      // Users and groups of this machine are of no matter on another.
      const packed = create({ cwd: folder, gzip: { level: 6 }, portable: true, linkCache: new NoLinks() }, names);
      for await (const piece of packed) {
        signal.throwIfAborted();
        await handle.writeFile(piece);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    signal.throwIfAborted();
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Holds the entries of an archive, one after the other, against its manifest, which comes first. */
class Check {
  manifest: Manifest | null = null;
  /** what is wrong with the first that is wrong */
  fault: Error | null = null;
  private left = new Map<string, ArchivedFile>();

  constructor(private readonly known: Known) {}

  /** The first file that has not come, or null. */
  get next(): string | null {
    return this.left.keys().next().value ?? null;
  }

  take(entry: ReadEntry): void {
    if (this.fault) return;
    try {
      if (this.manifest === null) this.takeManifest(entry);
      else this.takeFile(entry);
    } catch (error) {
      this.fault = error as Error;
    }
  }

  private takeManifest(entry: ReadEntry): void {
    if (entry.path !== MANIFEST || entry.size > MANIFEST_BYTES) throw new ArchiveFault("is no backup of Citywall");
    const pieces: Buffer[] = [];
    entry.on("data", (piece) => pieces.push(piece));
    entry.on("end", () => {
      try {
        this.manifest = manifestOf(Buffer.concat(pieces).toString("utf8"), this.known);
        this.left = new Map(this.manifest.files.map((one) => [one.path, one]));
      } catch (error) {
        this.fault ??= error as Error;
      }
    });
  }

  private takeFile(entry: ReadEntry): void {
    const expected = this.left.get(entry.path);
    if (!expected || entry.type !== "File")
      throw new ArchiveFault(`${entry.path}: is not among what the manifest lists`);
    const sum = createHash("sha256");
    entry.on("data", (piece) => void sum.update(piece));
    entry.on("end", () => {
      if (entry.size !== expected.size || sum.digest("hex") !== expected.sha256)
        this.fault ??= new ArchiveFault(`${entry.path}: is damaged`);
      this.left.delete(entry.path);
    });
  }
}

/** Reads an archive to its end and holds it against its manifest. @throws ArchiveFault that names the file that is wrong */
export async function verifyArchive(file: string, known: Known): Promise<Manifest> {
  const check = new Check(known);
  try {
    await list({ file, strict: true, maxDecompressionRatio: Infinity, onReadEntry: (entry) => check.take(entry) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === "open") throw error;
    const where = check.next === null ? "" : `, at ${check.next}`;
    check.fault ??= new ArchiveFault(`is damaged${where}: ${(error as Error).message}`);
  }
  if (check.fault) throw check.fault;
  if (!check.manifest) throw new ArchiveFault("is no backup of Citywall");
  if (check.next !== null) throw new ArchiveFault(`${check.next}: is not there`);
  return check.manifest;
}

/** Writes the files that a manifest lists, and nothing else, into a folder that is there. */
export async function extractArchive(file: string, folder: string, { files }: Manifest): Promise<void> {
  const wanted = new Set(files.map((one) => one.path));
  await extract({
    file,
    cwd: folder,
    strict: true,
    preserveOwner: false,
    noMtime: true,
    maxDecompressionRatio: Infinity,
    filter: (name, entry) => wanted.has(name) && "type" in entry && entry.type === "File",
  });
}
