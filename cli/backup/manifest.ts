/** What stands first in an archive: what it holds, of when, and what each file of it has to be. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** Bumped when the form of archives changes. */
export const FORMAT = 1;
export const MANIFEST = "manifest.json";

const fileSchema = z.strictObject({
  /** within the archive, with slashes: `data/…` or `cities/…` */
  path: z.string().regex(/^(data|cities)(\/(?!\.\.?(\/|$))[^/\0\\]+)+$/, "is no file of a backup"),
  /** bytes */
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ArchivedFile = z.infer<typeof fileSchema>;

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** of Citywall */
  version: z.string(),
  /** RFC 3339: everything that was acknowledged before it is there */
  moment: z.string(),
  /** where the past is kept; null where none is, and the control data lies in the data folder */
  engine: z.enum(["duckdb", "postgres"]).nullable(),
  /** version of the tables of the past, and how many readings they held; null where none is kept */
  history: z.strictObject({ schema: z.int(), readings: z.int() }).nullable(),
  /** migrations that the control data has seen */
  control: z.array(z.string()),
  /** false where they were left out */
  maps: z.boolean(),
  files: z.array(fileSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** An archive that is not used, with the reason. */
export class ArchiveFault extends Error {}

/** What this version of Citywall can read. */
export interface Known {
  version: string;
  /** version of the tables of the past */
  history: number;
  control: readonly string[];
}

/** Reads a manifest. @throws ArchiveFault where it is none, or of a newer version */
export function manifestOf(text: string, known: Known): Manifest {
  const raw = parsed(text);
  const { format } = z.looseObject({ format: z.number().optional() }).catch({}).parse(raw);
  if (format !== undefined && format > FORMAT) throw new ArchiveFault(newer(`archives of form ${format}`));
  const read = manifestSchema.safeParse(raw);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new ArchiveFault(`${MANIFEST}: ${issue?.path.join(".") || "(file)"}: ${issue?.message ?? "is not valid"}`);
  }
  const manifest = read.data;
  const unknown = manifest.control.filter((name) => !known.control.includes(name));
  if (isLater(manifest.version, known.version)) throw new ArchiveFault(newer(`Citywall ${manifest.version}`));
  if ((manifest.history?.schema ?? 0) > known.history)
    throw new ArchiveFault(newer(`tables of version ${manifest.history?.schema}`));
  if (unknown.length > 0) throw new ArchiveFault(newer(`control data of ${unknown.join(", ")}`));
  return manifest;
}

const newer = (what: string): string => `was made by a newer version of Citywall (${what}): install that one`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ArchiveFault(`${MANIFEST}: is not JSON`);
  }
}

/** Whether a version (semver.org, without what follows a hyphen) is later than another. */
function isLater(one: string, other: string): boolean {
  const numbers = (version: string): number[] => (version.split("-")[0] ?? "").split(".").map(Number);
  const [a, b] = [numbers(one), numbers(other)];
  const differing = a.findIndex((part, i) => part !== (b[i] ?? 0));
  return differing >= 0 && (a[differing] ?? 0) > (b[differing] ?? 0);
}

/** SHA-256 of a file, hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  const sum = createHash("sha256");
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) sum.update(piece as Buffer);
  return sum.digest("hex");
}

/** Names of all files in a folder, with slashes, in order; what is no plain file is none. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}

/** All files of a folder as a manifest lists them. */
export async function listed(folder: string): Promise<ArchivedFile[]> {
  const files: ArchivedFile[] = [];
  for (const name of await filesIn(folder)) {
    const file = path.join(folder, name);
    files.push({ path: name, size: (await stat(file)).size, sha256: await sha256Of(file) });
  }
  return files;
}
