import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { writeWholeSync } from "../../files/atomic";

/** A data folder as a database that it keeps its past in knows it: by a name that moves with the folder. */
export interface Installation {
  /** UUID */
  id: string;
  /** machine and folder, for people */
  folder: string;
}

/** A database that another installation keeps its past in, or may. */
export class NotOurs extends Error {
  /**
   * @param subject the database or file that it is about
   * @param id tells one such fault from another, where a person has to decide; null where it may pass by itself
   */
  constructor(
    readonly subject: string,
    readonly id: string | null,
    message: string,
  ) {
    super(message);
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The file that names a data folder's installation. */
export function installationFile(data: string): string {
  return path.join(data, "installation");
}

/**
 * Which installation a data folder is; one that is none yet becomes one. To be called by who holds the store's lock.
 * @param anew gives it another name where the one it has cannot be read
 * @throws NotOurs where its file cannot be read: whose a database is could not be told
 */
export function installationOf(data: string, { anew = false } = {}): Installation {
  const file = installationFile(data);
  const folder = `${os.hostname()}:${path.resolve(data)}`;
  let fault = "";
  try {
    const id = readFileSync(file, "utf8").trim();
    if (UUID.test(id)) return { id, folder };
    fault = id === "" ? "is empty" : "holds no name of an installation";
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") fault = `cannot be read: ${message}`;
  }
  if (fault !== "" && !anew)
    throw new NotOurs(
      file,
      "unnamed",
      `${fault}; whether the database is this data folder's cannot be told. \`npx citywall db adopt\` makes it so`,
    );
  const id = randomUUID();
  writeWholeSync(file, `${id}\n`);
  return { id, folder };
}
