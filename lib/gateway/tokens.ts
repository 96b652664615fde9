import { hash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { monotonic } from "../clock";

/** A publisher's token as kept on disk: only its SHA-256 is known. 256 random bits need no slow hash. */
const tokenSchema = z.strictObject({
  id: z.string(),
  hash: z.string().length(64),
  city: z.string(),
  feed: z.string(),
  created: z.string(),
  /** may bring readings older than a month, as far back as readings are kept */
  backfill: z.boolean().optional(),
  /** who made it, such as `mock` for those the start command makes anew each time */
  note: z.string().optional(),
});
export type Token = z.infer<typeof tokenSchema>;
const fileSchema = z.strictObject({ tokens: z.array(tokenSchema) });

/** Every feed of the city. */
export const ANY_FEED = "*";

function hashOf(secret: string): string {
  return hash("sha256", secret);
}

/** Another process's change of a known token is noticed within this time, ms. */
const LOOK_EVERY = 1_000;

/**
 * The publishers' tokens, in `<data>/tokens.json`. Noticed at once when another process adds one, within a second when
 * it takes one back.
 */
export class Tokens {
  private byHash = new Map<string, Token>();
  private readAt = -1;
  private lookedAt = -Infinity;

  constructor(private readonly folder: string) {}

  private get file(): string {
    return path.join(this.folder, "tokens.json");
  }

  /** Reads the file again if it changed. */
  async refresh(): Promise<void> {
    this.lookedAt = monotonic();
    const changed = await stat(this.file).then(
      (info) => info.mtimeMs,
      () => 0,
    );
    if (changed === this.readAt) return;
    const text = await readFile(this.file, "utf8").catch(() => '{"tokens":[]}');
    const { tokens } = fileSchema.parse(JSON.parse(text));
    this.byHash = new Map(tokens.map((token) => [token.hash, token]));
    // Not before they are known: who looks meanwhile has to read them as well.
    this.readAt = changed;
  }

  /**
   * Makes a token for one feed of a city (`*` = all of its feeds), that may bring old readings where `backfill` says
   * so, and returns its secret, which is kept nowhere.
   */
  async create(city: string, feed: string, created: string, { backfill = false } = {}): Promise<string> {
    await this.refresh();
    const secret = this.add(city, feed, created, backfill ? { backfill } : {});
    await this.save();
    return secret;
  }

  /** Replaces all tokens that carry `note` by one for each feed, given as `city/feed`; returns the secrets by feed. */
  async replace(note: string, feeds: string[], created: string): Promise<Record<string, string>> {
    await this.refresh();
    for (const [hash, token] of this.byHash) if (token.note === note) this.byHash.delete(hash);
    const secrets = Object.fromEntries(
      feeds.map((name) => [name, this.add(...(name.split("/", 2) as [string, string]), created, { note })]),
    );
    await this.save();
    return secrets;
  }

  private add(city: string, feed: string, created: string, more: Pick<Token, "backfill" | "note">): string {
    const secret = `cw_${randomBytes(32).toString("base64url")}`;
    const hash = hashOf(secret);
    this.byHash.set(hash, { id: hash.slice(0, 8), hash, city, feed, created, ...more });
    return secret;
  }

  /** Forgets all tokens of a feed: what its next token replaces. */
  async revoke(city: string, feed: string): Promise<number> {
    await this.refresh();
    const before = this.byHash.size;
    for (const [hash, token] of this.byHash) if (token.city === city && token.feed === feed) this.byHash.delete(hash);
    await this.save();
    return before - this.byHash.size;
  }

  private async save(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const draft = `${this.file}.${process.pid}`;
    await writeFile(draft, `${JSON.stringify({ tokens: [...this.byHash.values()] }, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, this.file);
  }

  /** The token behind an Authorization header, or null. */
  async of(authorization: string | undefined): Promise<Token | null> {
    const known = this.find(authorization);
    // A look at the file is a trip to another thread and back: more work than all else about a post of one reading.
    if (known && monotonic() - this.lookedAt < LOOK_EVERY) return known;
    await this.refresh();
    return this.find(authorization);
  }

  /** Looking up a hash leaks nothing about other secrets. */
  private find(authorization: string | undefined): Token | null {
    const secret = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
    return secret ? (this.byHash.get(hashOf(secret)) ?? null) : null;
  }
}
