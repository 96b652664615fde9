import { mkdirSync, watch, type FSWatcher } from "node:fs";
import { monotonic } from "../clock";

/** A notification may get lost, as on a network share: after so long (ms) a folder is looked at all the same. */
const AT_LEAST_EVERY = 30_000;

/** What a folder holds, read again when something in it has changed and not each time somebody asks. */
export class FolderLook<T> {
  private known: { value: T } | null = null;
  private readAt = -Infinity;
  private watcher: FSWatcher | null = null;

  /** @param folder made where it is not there @param read makes of it what is asked for */
  constructor(
    private readonly folder: string,
    private readonly read: () => T,
  ) {
    this.follow();
  }

  get value(): T {
    if (this.known && monotonic() - this.readAt < AT_LEAST_EVERY) return this.known.value;
    this.readAt = monotonic();
    if (!this.watcher) this.follow();
    const value = this.read();
    this.known = { value };
    return value;
  }

  private follow(): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const watcher = watch(this.folder, { persistent: false }, (_event, name) => {
        this.known = null;
        // The folder itself was moved or removed: what is watched is not there any more.
        if (name !== null && this.folder.endsWith(`/${name}`)) this.unfollow(watcher);
      });
      watcher.on("error", () => this.unfollow(watcher));
      this.watcher = watcher;
    } catch {
      // Where nothing can be watched, it is looked at now and then.
      this.watcher = null;
    }
  }

  private unfollow(watcher: FSWatcher): void {
    watcher.close();
    if (this.watcher === watcher) this.watcher = null;
  }

  close(): void {
    if (this.watcher) this.unfollow(this.watcher);
  }
}
