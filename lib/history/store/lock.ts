import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { identity } from "../writer/identity";

const lockFile = (data: string): string => path.join(data, "store.lock");

/**
 * Makes this process the only one that takes a data folder's journals into its store: two would take everything in
 * twice. What a killed process left behind is no obstacle. @throws while another process holds it
 */
export function takeLock(data: string): void {
  mkdirSync(data, { recursive: true });
  const own = identity(process.pid) ?? "";
  for (let tries = 0; tries < 2; tries++) {
    try {
      writeFileSync(lockFile(data), own, { flag: "wx" });
      return;
    } catch {
      const holder = holderOf(data);
      if (holder === own) return;
      if (holder !== null) throw new Error(`the store is held by process ${holder.split(" ")[0]}`);
      rmSync(lockFile(data), { force: true });
    }
  }
  throw new Error("the store's lock cannot be taken");
}

/** The living process that holds a folder's store, as its identity, or null. */
function holderOf(data: string): string | null {
  try {
    const text = readFileSync(lockFile(data), "utf8");
    return identity(Number(text.split(" ")[0])) === text ? text : null;
  } catch {
    return null;
  }
}

export function releaseLock(data: string): void {
  if (holderOf(data) === identity(process.pid)) rmSync(lockFile(data), { force: true });
}
