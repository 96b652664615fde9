import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { after, monotonic, pause } from "../clock";
import type { KnownToken } from "../control/methods/tokens";
import type { ControlAsk } from "../control/remote";
import { writeWhole } from "../files/atomic";
import { CONFIRMED_EVERY, HOLDS_WHILE_AWAY } from "./control-away";
import { Networks } from "./visitor";

/** A publisher's token: what it may do, and the hash of it. */
export type Token = KnownToken<"publish">;

/** Every feed of the city. */
export const ANY_FEED = "*";

/** Where tokens are kept. */
export interface TokenSource {
  /** all of them, those that ended as well */
  list(): Promise<readonly KnownToken[]>;
  /** told each time that there may be others */
  onChange(listener: () => void): void;
  /** keeps when tokens were last used, ms */
  used(uses: readonly { id: string; at: number }[]): Promise<void>;
}

/** The tokens of the control data. */
export function tokensOfControl(control: ControlAsk): TokenSource {
  return {
    list: () => control.call("tokensKnown", {}),
    onChange: (listener) => control.onChange(listener),
    used: (uses) => control.call("tokensUsed", { uses }),
  };
}

/** Tokens that are kept nowhere. @param hashes SHA-256 of their secrets, by feed as `city/feed` */
export function ownTokens(hashes: Readonly<Record<string, string>>): Token[] {
  return Object.entries(hashes).map(([name, kept]) => {
    const [city = "", feed = ""] = name.split("/", 2);
    const scope = { kind: "publish" as const, city, feed, backfill: false };
    return { id: kept.slice(0, 8), hash: kept, ...scope, expires: null, addresses: null, note: "" };
  });
}

/** Why somebody is not let in by what he shows, and the token's id where it is known. */
export type Refused = { because: "unknown" } | { because: "expired" | "address" | "kind"; id: string };

/** Looks at what is kept begin at least so far apart, ms, and one that failed is tried again after so long. */
const LOOK_EVERY = 250;
const TRY_AGAIN = 1_000;

const bounds = {
  id: z.string(),
  hash: z.string(),
  expires: z.number().nullable(),
  addresses: z.array(z.string()).nullable(),
  note: z.string().default(""),
};
/** What is kept of what was known last. */
const cacheSchema = z.object({
  /** when the control data said so, ms */
  at: z.number(),
  tokens: z.array(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("publish"), city: z.string(), feed: z.string(), backfill: z.boolean(), ...bounds }),
      z.object({ kind: z.literal("monitor"), city: z.null(), feed: z.null(), backfill: z.literal(false), ...bounds }),
    ]),
  ),
});
type Cache = z.infer<typeof cacheSchema>;

interface Known {
  token: KnownToken;
  /** null: from anywhere */
  networks: Networks | null;
  /** it is kept nowhere, so that nobody can withdraw it */
  isOwn: boolean;
  /** when it was last used, ms; 0: not since that was last kept */
  used: number;
}

export interface TokensParts {
  /** null: nobody publishes */
  source: TokenSource | null;
  /** tokens that are kept nowhere and hold as long as this process runs, such as those of mock feeds */
  own?: readonly Token[];
  /** keeps what was last known, so that a start while the control data is away lets publishers in; null: nothing does */
  file: string | null;
  now: () => number;
}

/**
 * Tokens of programs as the gateway judges them: by hash in memory, so that a post costs no look anywhere. They are read anew whenever
 * the control data changed, and when one is shown that is not known. While the control data is away, those that are known stay in
 * force, each until it ends, and for three days at the most. What is remembered from a run before holds no earlier than it turned out
 * that nobody can be asked: it may have been withdrawn meanwhile.
 */
export class Tokens {
  private known = new Map<string, Known>();
  /** a look that has begun, and the one after it */
  private current: Promise<void> | null = null;
  private next: Promise<void> | null = null;
  private lookedAt = -Infinity;
  private isAway = false;
  /** whether the control data said in this run what is known; else it is remembered */
  private isTold = false;
  /** when the control data said last what is known, ms */
  private toldAt = -Infinity;
  private isClosed = false;
  private cancel: () => void = () => {};
  private written: Cache = { at: -Infinity, tokens: [] };

  constructor(private readonly parts: TokensParts) {
    this.know([]);
    parts.source?.onChange(() => this.lookSoon());
  }

  /** Reads what was known last, and begins to look what is kept now. */
  async open(): Promise<void> {
    const { file, source } = this.parts;
    if (!source) return;
    if (file !== null) {
      const { at, tokens } = await cached(file);
      // Under a clock that was set back since it is counted from now: no longer than it is for anybody.
      this.toldAt = Math.min(at, this.parts.now());
      this.know(tokens);
    }
    this.lookSoon();
  }

  /** Why other tokens than those that are known are refused now, or null. */
  get fault(): string | null {
    if (!this.isAway) return null;
    if (!this.holds) return "the control data cannot be asked, for so long that none is in force any more";
    const until = new Date(this.toldAt + HOLDS_WHILE_AWAY).toISOString();
    return `the control data cannot be asked; the ${this.known.size} that are known stay in force until ${until}`;
  }

  /** Whether what is known may be gone by. */
  private get holds(): boolean {
    return (this.isTold || this.isAway) && this.parts.now() - this.toldAt < HOLDS_WHILE_AWAY;
  }

  /** Keeps when tokens were last used, and looks no more. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.cancel();
    await Promise.all([this.current, this.keepUses()]).catch(() => {});
  }

  /** The token behind an Authorization header that may come from an address, or why there is none. */
  of(authorization: string | undefined, address: string): KnownToken | Refused {
    const known = this.known.get(hashIn(authorization));
    if (!known || !(known.isOwn || this.holds)) return { because: "unknown" };
    const { token, networks } = known;
    const now = this.parts.now();
    if (token.expires !== null && token.expires <= now) return { because: "expired", id: token.id };
    if (networks !== null && !networks.includes(address)) return { because: "address", id: token.id };
    known.used = now;
    return token;
  }

  /**
   * The same after a look at what is kept, where what is shown is not known: it may have just been made, or be remembered alone.
   * @throws ControlAway where nobody can tell
   */
  async again(authorization: string | undefined, address: string): Promise<KnownToken | Refused> {
    const shown = hashIn(authorization);
    if (!this.parts.source || shown === "") return { because: "unknown" };
    // Of what is remembered the look with which this run began says all there is to say.
    const isRemembered = !this.isTold && this.known.has(shown);
    const looked = isRemembered && this.current ? this.current : this.look();
    const away = await looked.then(
      () => null,
      (error: Error) => error,
    );
    const found = this.of(authorization, address);
    if (away && "because" in found && found.because === "unknown") throw away;
    return found;
  }

  /** Has what is known confirmed, from which it is counted for how long it holds while nobody can be asked. */
  confirm(): void {
    this.lookSoon();
  }

  /** Keeps when tokens were last used, of those that were used since this was last called. */
  async keepUses(): Promise<void> {
    const used = [...this.known.values()].filter((known) => known.used > 0);
    if (used.length === 0 || !this.parts.source) return;
    const uses = used.map(({ token, used: at }) => ({ id: token.id, at }));
    for (const known of used) known.used = 0;
    await this.parts.source.used(uses);
  }

  private lookSoon(): void {
    if (!this.isClosed) this.look().catch(() => {});
  }

  /** Looks at what is kept, after now: a look that has begun may have missed what was just made. All who wait share one. */
  private look(): Promise<void> {
    this.next ??= this.lookNext();
    return this.next;
  }

  private async lookNext(): Promise<void> {
    await this.current?.catch(() => {});
    const wait = this.lookedAt + LOOK_EVERY - monotonic();
    if (wait > 0) await pause(wait);
    this.next = null;
    this.current = this.lookNow();
    return this.current;
  }

  /** @throws ControlAway; then it is tried again */
  private async lookNow(): Promise<void> {
    const { source, file } = this.parts;
    this.lookedAt = monotonic();
    try {
      const tokens = (await source?.list()) ?? [];
      this.isAway = false;
      this.isTold = true;
      this.toldAt = this.parts.now();
      this.know(tokens);
      if (file !== null) await this.write(file, tokens);
    } catch (error) {
      if (!this.isAway && !this.isClosed)
        console.error(`gateway: tokens: ${(error as Error).message}; those that are known stay in force`);
      this.isAway = true;
      this.cancel();
      this.cancel = after(TRY_AGAIN, () => this.lookSoon());
      throw error;
    }
  }

  /** Without it a start could not tell what was in force; that it cannot be written is no reason to refuse anybody. */
  private async write(file: string, tokens: readonly KnownToken[]): Promise<void> {
    const { written, toldAt: at } = this;
    const isFresh = Math.abs(at - written.at) < CONFIRMED_EVERY;
    if (isFresh && JSON.stringify(tokens) === JSON.stringify(written.tokens)) return;
    this.written = { at, tokens: [...tokens] };
    await writeWhole(file, JSON.stringify(this.written)).catch(() => {
      this.written = written;
    });
  }

  private know(tokens: readonly KnownToken[]): void {
    const [before, { own = [] }] = [this.known, this.parts];
    const knownOf = (token: KnownToken, isOwn: boolean): [string, Known] => {
      const networks = token.addresses === null ? null : new Networks(token.addresses);
      return [token.hash, { token, networks, isOwn, used: before.get(token.hash)?.used ?? 0 }];
    };
    this.known = new Map([
      ...own.map((token) => knownOf(token, true)),
      ...tokens.map((token) => knownOf(token, false)),
    ]);
  }
}

async function cached(file: string): Promise<Cache> {
  try {
    return cacheSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    // There is none, or it is of no use: the control data has them.
    return { at: -Infinity, tokens: [] };
  }
}

/** The hash of the secret in an Authorization header; empty where there is none. Looking up a hash leaks nothing about other secrets. */
function hashIn(authorization: string | undefined): string {
  const secret = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  return secret === undefined ? "" : hash("sha256", secret);
}
