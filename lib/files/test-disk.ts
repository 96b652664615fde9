/** For tests: a disk that may run full. */
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const PIECE = Buffer.alloc(1 << 16);

/** A file system of its own, in memory, at a folder. Only root may have one. */
export class SmallDisk {
  constructor(private readonly folder: string) {}

  /** Whether this process may have one. */
  static isAllowed(): boolean {
    const folder = mkdtempSync(path.join(os.tmpdir(), "citywall-mount-"));
    const disk = new SmallDisk(folder);
    const allowed = disk.mount(1);
    if (allowed) disk.unmount();
    rmSync(folder, { recursive: true, force: true });
    return allowed;
  }

  /** Makes it, and its folder where that is not there. Returns false where that may not be done. */
  mount(megabytes: number): boolean {
    if (process.getuid?.() !== 0) return false;
    mkdirSync(this.folder, { recursive: true });
    return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", this.folder]).status === 0;
  }

  unmount(): void {
    spawnSync("umount", ["-l", this.folder]);
  }

  private get ballast(): string {
    return path.join(this.folder, "ballast");
  }

  /** Fills it but for so many bytes, in whole pages; the last page of any of its files may have room for more. */
  fill(left = 0): void {
    const file = openSync(this.ballast, "a");
    const { bavail, bsize } = statfsSync(this.folder);
    let room = bavail * bsize - left;
    try {
      while (room > 0) room -= writeSync(file, PIECE, 0, Math.min(room, PIECE.length));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Takes away what fills it. */
  empty(): void {
    rmSync(this.ballast, { force: true });
  }
}
