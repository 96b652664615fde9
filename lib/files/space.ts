import { mkdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import path from "node:path";

/** Bytes. `warn` is said of fewer free ones, with fewer than `refuse` nothing is taken in; `reserve` is held to be given back. */
export interface SpaceLimits {
  warn: number;
  refuse: number;
  reserve: number;
}

type SpaceState = "ok" | "low" | "full";

const PIECE = Buffer.alloc(1 << 20);
/** What has to be free again beyond the threshold, so that a disk at its edge is not refused and taken by turns. */
const MARGIN = 0.1;

/** Bytes that are free where a folder is; null where the system does not tell. */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/**
 * Watches the room on the disk of a folder ahead of need: what cannot be kept has to be refused before the disk is full,
 * as what is under way (the store's own files, tokens, a log) still needs some. For that it holds a file in reserve,
 * which it gives back when the disk runs low and makes again when there is room.
 */
export class Space {
  state: SpaceState = "ok";
  /** bytes that are free; null where that is not known */
  free: number | null = null;
  private holding: Promise<void> | null = null;

  /**
   * @param freeIn how much is free where a folder is
   * @param giveUp removes something for want of room, what nobody has seen yet only where it is told that nothing could be taken
   * in otherwise; returns whether there was anything
   */
  constructor(
    private readonly folder: string,
    private readonly limits: SpaceLimits,
    private readonly freeIn: (folder: string) => number | null = freeBytes,
    private readonly giveUp: (isFull: boolean) => boolean = () => false,
  ) {
    mkdirSync(folder, { recursive: true });
    this.look();
  }

  private get file(): string {
    return path.join(this.folder, "reserve");
  }

  private get held(): boolean {
    try {
      return statSync(this.file).size >= this.limits.reserve;
    } catch {
      return false;
    }
  }

  /** Why nothing more is taken in, or null. */
  get refusal(): string | null {
    if (this.state !== "full") return null;
    return `the disk has ${Math.round((this.free ?? 0) / 1e6)} MB left, ${Math.round(this.limits.refuse / 1e6)} are needed`;
  }

  /** Looks how much is free. Call about once a second. */
  look(): void {
    this.free = this.freeIn(this.folder);
    if (this.free === null) return;
    const { warn, refuse, reserve } = this.limits;
    const missing = this.held ? 0 : reserve;
    const enough = this.state === "full" ? refuse * (1 + MARGIN) + missing : refuse;
    while (this.free < Math.max(warn, enough) && this.giveUp(this.free < enough)) {
      const free = this.freeIn(this.folder);
      // What somebody else has open gives no room back before it is closed.
      if (free === null || free <= this.free) break;
      this.free = free;
    }
    if (this.free < enough) {
      this.state = "full";
      rmSync(this.file, { force: true });
      return;
    }
    if (missing > 0 && this.free >= refuse * (1 + MARGIN) + missing)
      this.holding ??= this.hold().finally(() => (this.holding = null));
    this.state = this.free < warn ? "low" : "ok";
  }

  /** Resolves once the reserve is not being taken. */
  async settled(): Promise<void> {
    await this.holding;
  }

  /** Takes the reserve: bytes that are really written, as a file with holes takes no room. */
  private async hold(): Promise<void> {
    try {
      const file = await open(this.file, "w", 0o600);
      try {
        for (let left = this.limits.reserve; left > 0; left -= PIECE.length)
          await file.write(PIECE, 0, Math.min(left, PIECE.length));
        await file.sync();
      } finally {
        await file.close();
      }
    } catch {
      await rm(this.file, { force: true });
    }
  }
}
