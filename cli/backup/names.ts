/** What of a data folder is kept, and under which names. */
import { readFile } from "node:fs/promises";
import path from "node:path";

export const CONTROL = "control.db";
export const STORE = "history.duckdb";
export const LAST_BACKUP = "last-backup.json";
/** Where a restore puts what it brings before it is in its place; a gateway does not start beside it. */
export { RESTORING } from "../../lib/gateway/data-folder";

/** What is copied by who writes it, so that it is whole and of one moment. */
const BY_ITS_WRITER = [/^control\.db/, /^history\.duckdb/, /^recent(\.previous)?\.bin/, /^totals\.json/, /^journal$/];
/** What is of no use in another place, or afterwards. */
const NOT_KEPT = [
  /^(gateway|store)\.lock$/,
  /^reserve$/,
  /^(backup|restoring)$/,
  /^before-/,
  /\.draft$/,
  /\.(broken|rescue)(-|$)/,
  /^last-backup\.json$/,
];

/** Whether an entry of the data folder is copied as it lies there. */
export function isPlain(name: string): boolean {
  return ![...BY_ITS_WRITER, ...NOT_KEPT].some((pattern) => pattern.test(name));
}

/** Whether an entry of a data folder means that it is in use, or was. */
export function isContent(name: string): boolean {
  return !/^((gateway|store)\.lock|reserve|restoring|backup|before-.*)$/.test(name);
}

/** A file's name for messages: relative to where the command runs, where it lies below. */
export function shortName(file: string): string {
  const short = path.relative(process.cwd(), file);
  return short === "" || short.startsWith("..") ? file : short;
}

/** Of which moment the last backup of a data folder is, ms; null where none was made, or nobody knows. */
export async function lastBackup(data: string): Promise<number | null> {
  try {
    const at = Date.parse((JSON.parse(await readFile(path.join(data, LAST_BACKUP), "utf8")) as { at: string }).at);
    return Number.isFinite(at) ? at : null;
  } catch {
    return null;
  }
}
