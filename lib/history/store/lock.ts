import path from "node:path";
import { letGoOf, noteOf, takeFile } from "../../files/lock";
import { identity } from "../writer/identity";

const lockFile = (data: string): string => path.join(data, "store.lock");

/**
 * Makes this process the only one that takes a data folder's journals into its store: two would take everything in
 * twice. The kernel holds the lock, so a killed process leaves none behind. @throws while another process holds it
 */
export function takeLock(data: string): void {
  if (takeFile(lockFile(data), identity(process.pid) ?? String(process.pid))) return;
  throw new Error(`the store is held by process ${noteOf(lockFile(data)).split(" ")[0]}`);
}

export function releaseLock(data: string): void {
  letGoOf(lockFile(data));
}
