import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { Catalogue, FileState } from "../cities/catalogue";
import type { ControlAsk } from "../control/remote";
import type { ConfigurationFileRow } from "../control/tables";
import { userNames } from "../files/owner";

/** Most characters of a reason that are kept. */
const WHY = 500;

/** Files that are read as a gateway begins, and not again: how long the past is kept. */
const AT_START = ["history.json"];

interface Parts {
  /** folder of city folders */
  root: string;
  catalogue: Pick<Catalogue, "files">;
  control: ControlAsk;
}

/** What a look found of a file. */
const keyOf = ({ print, why }: FileState): string => `${print} ${why}`;

/** On one line: the audit log is read in lines, and databases take no zeros. */
const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, " ").slice(0, WHY);

async function hashOf(file: string): Promise<string> {
  const sum = createHash("sha256");
  await pipeline(createReadStream(file), sum);
  return sum.digest("hex");
}

/** Whether there is no such file; false where that cannot be told. */
const isGone = (file: string): Promise<boolean> =>
  stat(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );

/**
 * Tells the audit log of files in the folder of cities that changed: screens, metrics, outlines, colours. Nobody signs in to write a file,
 * so the log has whose it is on the disk, and when it was written. What changed while the gateway did not run is told at its next start,
 * by what the control data remember.
 */
export class ConfigurationLog {
  /** files as they were last told of, by `keyOf` */
  private readonly told = new Map<string, string>();
  /** what the control data remember; null until they were asked */
  private remembered: Set<string> | null = null;
  private looking: Promise<void> | null = null;
  private isAway = false;
  private hasBegun = false;

  constructor(private readonly parts: Parts) {}

  /** Looks what changed since the last look, and tells it; nothing while one is under way. Never throws. */
  look(): void {
    this.looking ??= this.lookNow()
      .then(
        () => (this.isAway = false),
        (error: Error) => {
          if (!this.isAway) console.error(`gateway: changed files are not in the audit log yet: ${error.message}`);
          this.isAway = true;
        },
      )
      .then(() => {
        this.looking = null;
      });
  }

  /** Resolves when no look is under way. */
  async settled(): Promise<void> {
    await this.looking;
  }

  private async lookNow(): Promise<void> {
    const { catalogue, control } = this.parts;
    const states = catalogue.files();
    if (!states) return;
    this.remembered ??= new Set((await control.call("configurationFiles", {})).map(({ file }) => file));
    if (!this.hasBegun) await this.addStartFiles(states);
    const changed = [...states].filter(([file, state]) => this.told.get(file) !== keyOf(state));
    const gone = await this.goneOf(states);
    if (changed.length > 0 || gone.length > 0) await this.tell(changed, gone);
    this.hasBegun = true;
  }

  /** Adds those that this run read as it began: an unusable one would have ended it. */
  private async addStartFiles(states: Map<string, FileState>): Promise<void> {
    for (const file of AT_START) {
      const found = await stat(path.join(this.parts.root, file)).catch(() => null);
      if (found) states.set(file, { print: `${found.mtimeMs} ${found.size}`, why: null });
    }
  }

  private async tell(changed: readonly [string, FileState][], gone: readonly string[]): Promise<void> {
    const nameOf = await userNames();
    const files: ConfigurationFileRow[] = [];
    const states = new Map(changed);
    for (const [file, state] of states) {
      const seen = await this.seen(file, state, nameOf);
      if (seen) files.push(seen);
    }
    await this.parts.control.call("configurationSeen", { files, gone });
    for (const { file } of files) this.know(file, states.get(file));
    for (const file of gone) this.know(file, undefined);
  }

  private know(file: string, state: FileState | undefined): void {
    if (state) {
      this.told.set(file, keyOf(state));
      this.remembered?.add(file);
    } else {
      this.told.delete(file);
      this.remembered?.delete(file);
    }
  }

  private async goneOf(states: ReadonlyMap<string, FileState>): Promise<string[]> {
    const missing = [...(this.remembered ?? [])].filter((file) => !states.has(file));
    const gone = await Promise.all(missing.map((file) => isGone(path.join(this.parts.root, file))));
    return missing.filter((_, i) => gone[i]);
  }

  /** A file as it is now; null where it is not what was looked at any more: the next look has it. */
  private async seen(
    file: string,
    { print, why }: FileState,
    nameOf: (uid: number) => string,
  ): Promise<ConfigurationFileRow | null> {
    const where = path.join(this.parts.root, file);
    try {
      const hash = await hashOf(where);
      const { mtimeMs, size, uid } = await stat(where);
      if (`${mtimeMs} ${size}` !== print) return null;
      const who = `owner ${plain(nameOf(uid))}`;
      return { file, hash, why: why === null ? null : plain(why), who, modified: Math.floor(mtimeMs) };
    } catch {
      // It went, or cannot be read just now.
      return null;
    }
  }
}
