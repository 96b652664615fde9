import { after } from "../clock";
import { HttpError } from "./http";

/** How much is done at once, in all and for one address, and how much may wait for it. */
export interface BudgetLimits {
  atOnce: number;
  perAddress: number;
  waiting: number;
  waitingPerAddress: number;
  /** most seconds that anything waits */
  seconds: number;
  /** most of what all together weigh; what is heavier by itself is done alone */
  points?: number;
}

interface Waiter {
  address: string;
  points: number;
  begin: () => void;
}

/** Seconds after which who is refused may come again. */
const COME_AGAIN = "2";

/** What it is that waits, and the code of the refusal where too many do. */
export interface Kind {
  name: string;
  code: "store-away" | "busy";
}

const QUESTIONS: Kind = { name: "questions", code: "store-away" };

/**
 * Lets so much be done at once and the rest wait, one address after the other: whoever asks a thousand times waits for
 * himself.
 */
export class Budget {
  private readonly lines = new Map<string, Waiter[]>();
  private readonly runningOf = new Map<string, number>();
  private running = 0;
  private points = 0;
  private waiting = 0;

  constructor(
    private readonly limits: BudgetLimits,
    private readonly kind: Kind = QUESTIONS,
  ) {}

  /** What is being done, and what waits. */
  get load(): { running: number; waiting: number; points: number } {
    return { running: this.running, waiting: this.waiting, points: this.points };
  }

  /**
   * Waits for a place. Call what it resolves with, once, to give the place back.
   * @param points how heavy it is @throws HttpError 429 where the address has too much waiting, 503 where all have, or where
   * it waited too long; whatever `signal` is aborted with
   */
  async enter(address: string, points: number, signal?: AbortSignal): Promise<() => void> {
    const { limits, kind } = this;
    signal?.throwIfAborted();
    const line = this.lines.get(address) ?? [];
    const again = { "retry-after": COME_AGAIN };
    if (line.length >= limits.waitingPerAddress)
      throw new HttpError(
        429,
        "too-many-requests",
        `${line.length} ${kind.name} of this address wait already; send fewer at once`,
        again,
      );
    if (this.waiting >= limits.waiting)
      throw new HttpError(503, kind.code, `${this.waiting} ${kind.name} wait already; come again later`, again);
    await new Promise<void>((resolve, reject) => {
      const leave = (why: Error): void => {
        settle();
        this.leave(waiter);
        reject(why);
      };
      const stop = after(limits.seconds * 1000, () =>
        leave(
          new HttpError(503, kind.code, `its turn did not come within ${limits.seconds} s; come again later`, again),
        ),
      );
      const onAbort = (): void => leave(signal?.reason as Error);
      const settle = (): void => {
        stop();
        signal?.removeEventListener("abort", onAbort);
      };
      const waiter = {
        address,
        points,
        begin: () => {
          settle();
          resolve();
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.lines.set(address, [...line, waiter]);
      this.waiting++;
      this.admit();
    });
    return this.giver(address, points);
  }

  /** Gives a place back, the first time it is called. */
  private giver(address: string, points: number): () => void {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.running--;
      this.points -= points;
      const left = (this.runningOf.get(address) ?? 1) - 1;
      if (left > 0) this.runningOf.set(address, left);
      else this.runningOf.delete(address);
      this.admit();
    };
  }

  private leave(waiter: Waiter): void {
    const line = (this.lines.get(waiter.address) ?? []).filter((other) => other !== waiter);
    this.waiting--;
    if (line.length > 0) this.lines.set(waiter.address, line);
    else this.lines.delete(waiter.address);
    this.admit();
  }

  /** Lets in whoever's turn it is, as long as there is room. */
  private admit(): void {
    for (let next = this.next(); next; next = this.next()) {
      const { address, points } = next;
      const line = (this.lines.get(address) ?? []).slice(1);
      // Its address's next turn comes after those of all others.
      this.lines.delete(address);
      if (line.length > 0) this.lines.set(address, line);
      this.waiting--;
      this.running++;
      this.points += points;
      this.runningOf.set(address, (this.runningOf.get(address) ?? 0) + 1);
      next.begin();
    }
  }

  /** Whose turn it is; null where there is no room. What is too heavy now keeps its turn, or it would never come. */
  private next(): Waiter | null {
    const { atOnce, perAddress, points: most = Infinity } = this.limits;
    if (this.running >= atOnce) return null;
    for (const [address, [first]] of this.lines) {
      if (!first || (this.runningOf.get(address) ?? 0) >= perAddress) continue;
      return this.running === 0 || this.points + first.points <= most ? first : null;
    }
    return null;
  }
}
