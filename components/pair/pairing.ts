import { after, monotonic, pause } from "@/lib/clock";
import type { DisplayStanding, PairingAnswer } from "@/lib/contract/api/displays";

/** What a display that waits to be named shows. */
export type Shown =
  | { at: "asking" }
  /** `until`: when the code ends, by the monotonic clock, ms */
  | { at: "code"; code: string; until: number }
  | { at: "away" | "many" }
  | { at: "withdrawn"; title: string }
  | { at: "found"; wall: string };

/** Ms until it is asked again where nobody answered, and where too many displays wait. */
const AGAIN = 2_000;
const MANY_AGAIN = 15_000;
/** Most ms that the gateway may take to answer. */
const PATIENCE = 15_000;

interface Parts {
  /** told what to show */
  show: (shown: Shown) => void;
  /** a withdrawn display is paired anew without being asked: somebody stands there and wants it */
  again: boolean;
  ask?: typeof fetch;
  clock?: () => number;
  wait?: (ms: number) => Promise<void>;
}

/** Where the walls of screens are. */
const wallOf = ({ city, screen }: { city: string; screen: string }): string => `/wall/${city}/${screen}`;

/** Pairs a display: shows one code after another until somebody enters one, and then where its wall is. */
export class Pairing {
  private isOver = false;
  private readonly ask: typeof fetch;
  private readonly clock: () => number;
  private readonly wait: (ms: number) => Promise<void>;

  constructor(private readonly parts: Parts) {
    this.ask = parts.ask ?? ((address, init) => fetch(address, init));
    this.clock = parts.clock ?? monotonic;
    this.wait = parts.wait ?? pause;
  }

  /** Ends it: nothing is shown any more. */
  stop(): void {
    this.isOver = true;
  }

  /** Goes on until the display is paired, was withdrawn, or it is stopped. */
  async run(): Promise<void> {
    let again = this.parts.again;
    while (!this.isOver) {
      try {
        const standing = await this.standing();
        if (standing.state === "paired") return this.show({ at: "found", wall: wallOf(standing) });
        if (standing.state === "withdrawn" && !again) return this.show({ at: "withdrawn", title: standing.title });
        again = true;
        const found = await this.offer();
        if (found) return this.show({ at: "found", wall: wallOf(found) });
      } catch {
        this.show({ at: "away" });
        await this.wait(AGAIN);
      }
    }
  }

  private show(shown: Shown): void {
    if (!this.isOver) this.parts.show(shown);
  }

  private fetched(address: string, body?: object): Promise<Response> {
    const gone = new AbortController();
    const cancel = after(PATIENCE, () => gone.abort());
    const sent = body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    return this.ask(address, { cache: "no-store", signal: gone.signal, ...sent }).finally(cancel);
  }

  private async standing(): Promise<DisplayStanding> {
    const response = await this.fetched("/api/v1/display");
    if (!response.ok) throw new Error(`${response.status}`);
    return (await response.json()) as DisplayStanding;
  }

  /** Shows one code until it ends or somebody enters it. @returns what the display was given; null where it ended */
  private async offer(): Promise<{ city: string; screen: string } | null> {
    const begun = await this.fetched("/api/v1/pairings", {});
    if (begun.status === 429) {
      this.show({ at: "many" });
      await this.wait(MANY_AGAIN);
      return null;
    }
    if (!begun.ok) throw new Error(`${begun.status}`);
    const { code, secret, expires, now, every } = (await begun.json()) as PairingAnswer;
    // By its own clock, whatever time that shows.
    const until = this.clock() + expires - now;
    this.show({ at: "code", code, until });
    for (;;) {
      await this.wait(every);
      if (this.isOver) return null;
      const found = await this.look(secret, this.clock() >= until);
      if (found === "ended") return null;
      if (found !== "waiting") return found;
    }
  }

  /** Asks whether somebody entered the code. @param isLast its time is up: who entered it at the last moment is still heard */
  private async look(secret: string, isLast: boolean) {
    const none = isLast ? "ended" : "waiting";
    try {
      const response = await this.fetched("/api/v1/pairings/finish", { secret });
      if (response.status === 404) return "ended";
      // A gateway that is beginning anew still knows the code.
      if (response.status !== 200) return none;
      return (await response.json()) as { city: string; screen: string };
    } catch {
      return none;
    }
  }
}
