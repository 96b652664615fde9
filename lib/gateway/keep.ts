import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Hub, HubDump } from "./hub";

/** Bumped when the form of the file changes; another version is not read. */
const VERSION = 1;

/**
 * The last 26 hours of the live topics, in one file, so that a restart does not empty the charts.
 * Written whole and renamed into place: a crash leaves the file before it, never half of one.
 */
export class RecentFile {
  private writing: Promise<void> | null = null;

  constructor(private readonly folder: string) {}

  private get file(): string {
    return path.join(this.folder, "recent.bin");
  }

  /** Gives an earlier run's state to the hub. Returns the number of topics, 0 when there was none that could be read. */
  async restore(hub: Hub): Promise<number> {
    try {
      const { version, dump } = deserialize(await readFile(this.file)) as { version: number; dump: HubDump };
      if (version !== VERSION) return 0;
      hub.restore(dump);
      return dump.readings.length + dump.events.length;
    } catch {
      return 0;
    }
  }

  /** Writes the hub's state; joins a write that is under way. */
  save(hub: Hub): Promise<void> {
    this.writing ??= this.write(hub).finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  private async write(hub: Hub): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const draft = `${this.file}.draft`;
    await writeFile(draft, serialize({ version: VERSION, dump: hub.dump() }));
    await rename(draft, this.file);
  }
}
