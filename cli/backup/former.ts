/** The control data that a restore takes the place of, to tell what was withdrawn in them. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Kysely } from "kysely";
import { now } from "../../lib/clock";
import { openControl, readControl } from "../../lib/control/open";
import type { Tables } from "../../lib/control/tables";
import { heldIn, type Held } from "./held";
import { CONTROL } from "./names";

/** The last line of an audit log. */
export interface Head {
  seq: number;
  hash: string;
}

/** What held before a restore, or why nobody can tell. */
export type Before = { held: Held[] } | { unknown: string };

/**
 * Looks at what a restore takes the place of, and changes nothing of it: at a copy of the file in the data folder, or at the database that
 * Citywall had. @param work a folder for the copy @param formerUrl that database's address @param head of the log that is restored
 */
export async function lookAtFormer(
  { data, work, formerUrl }: { data: string; work: string; formerUrl: string | undefined },
  head: Head | null,
): Promise<Before> {
  const isThere = formerUrl !== undefined || existsSync(path.join(data, CONTROL));
  if (!isThere) return { unknown: "the control data of before are not here" };
  const folder = path.join(work, "former");
  try {
    const db =
      formerUrl === undefined ? await copied(data, folder) : await readControl({ data, databaseUrl: formerUrl });
    try {
      if (!(await continues(db, head))) return { unknown: "what was there before does not go on from this backup" };
      return { held: await heldIn(db, now()) };
    } finally {
      await db.destroy();
    }
  } catch (error) {
    return { unknown: `the control data of before cannot be read: ${(error as Error).message}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Opens a copy, with what was written ahead. */
async function copied(data: string, folder: string): Promise<Kysely<Tables>> {
  await mkdir(folder, { mode: 0o700 });
  for (const name of [CONTROL, `${CONTROL}-wal`])
    if (existsSync(path.join(data, name))) await copyFile(path.join(data, name), path.join(folder, name));
  return openControl({ data: folder });
}

/** Whether a log has the line with which another ends: then it is what that one became. */
async function continues(db: Kysely<Tables>, head: Head | null): Promise<boolean> {
  if (head === null) return false;
  const line = await db.selectFrom("audit").select("hash").where("seq", "=", head.seq).executeTakeFirst();
  return line?.hash === head.hash;
}
