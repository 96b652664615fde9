import { every, monotonic } from "../clock";
import { readAnswer } from "../contract/answer";
import type { DisplayStanding, ReportRequest } from "../contract/api/displays";
import type { LiveSocket } from "./socket";

/** How often a display tells how it does, ms; and most that the gateway may take to answer. */
const REPORT_EVERY = 30_000;
const PATIENCE = 15_000;

/** What is asked of the gateway; it is known by its cookie. */
export interface DisplayUplink {
  /** @throws where it cannot be asked now */
  standing(): Promise<DisplayStanding>;
  report(report: ReportRequest): Promise<DisplayStanding>;
}

async function asked(address: string, init: RequestInit = {}): Promise<DisplayStanding> {
  const response = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...init });
  // Whose secret holds no longer is no display any more.
  return response.status === 401 ? { state: "none" } : readAnswer<DisplayStanding>(response);
}

/** The gateway that served this page. */
export function gatewayDisplay(): DisplayUplink {
  return {
    standing: () => asked("/api/v1/display"),
    report: (report) =>
      asked("/api/v1/display/report", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(report),
      }),
  };
}

interface Parts {
  socket: Pick<LiveSocket, "onDisplay" | "onLost">;
  uplink: DisplayUplink;
  /** how the page does now */
  look: () => ReportRequest;
}

/**
 * What this browser is told of the display that it is. It hears of changes over the live connection, and asks where that was lost: whose
 * rights changed may be cut before he hears why. A browser that was never told that it is a display is none, whatever it asks.
 */
export class Display {
  /** null: it is none */
  standing: DisplayStanding | null = null;
  private readonly listeners = new Set<(standing: DisplayStanding) => void>();
  private stopReports: (() => void) | null = null;
  private isAsking = false;
  /** what was heard so far, to tell an answer that is older */
  private heard = 0;

  constructor(private readonly parts: Parts) {
    parts.socket.onDisplay((standing) => {
      this.heard++;
      this.take(standing);
    });
    parts.socket.onLost(() => this.ask());
  }

  /** Told each time that what is told changes. Returns what ends it. */
  onChange(listener: (standing: DisplayStanding) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private take(standing: DisplayStanding): void {
    if (this.standing === null && standing.state === "none") return;
    const isNew = JSON.stringify(this.standing) !== JSON.stringify(standing);
    this.standing = standing;
    if (standing.state !== "paired") {
      this.stopReports?.();
      this.stopReports = null;
    } else if (!this.stopReports) {
      this.stopReports = every(REPORT_EVERY, () => this.report());
      this.report();
    }
    if (isNew) for (const listener of this.listeners) listener(standing);
  }

  private ask(): void {
    if (this.standing?.state !== "paired" || this.isAsking) return;
    this.follow(this.parts.uplink.standing());
  }

  private report(): void {
    if (this.isAsking) return;
    this.follow(this.parts.uplink.report(this.parts.look()));
  }

  /** One question at a time. What was heard while it was under way is newer than its answer. */
  private follow(answer: Promise<DisplayStanding>): void {
    this.isAsking = true;
    const { heard } = this;
    answer
      .then(
        (standing) => {
          if (heard === this.heard) this.take(standing);
        },
        // It is asked again: with the next report, and where the connection cannot be made.
        () => {},
      )
      .finally(() => {
        this.isAsking = false;
      });
  }
}

/** What the page knows of itself. */
interface Looked {
  socket: Pick<LiveSocket, "store" | "build">;
  scheduler: { stats: { faults: number; paintedAt: number } };
}

/** How this page does. @param began when it did, by the monotonic clock, ms */
export function lookAt({ socket, scheduler: { stats } }: Looked, began: number, clock = monotonic): ReportRequest {
  const now = clock();
  return {
    version: socket.build(),
    painted: stats.paintedAt === -Infinity ? null : Math.max(0, now - stats.paintedAt),
    health: {
      connected: socket.store.connected(),
      faults: stats.faults,
      skipped: socket.store.skippedFrames,
      up: Math.max(0, now - began) / 1_000,
      width: window.innerWidth,
      height: window.innerHeight,
    },
  };
}
