import { hash, randomBytes } from "node:crypto";
import { readFile, rename, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { monotonic, now } from "../clock";
import { writeWhole } from "../files/atomic";
import { letGoOf, noteOf, takeFile } from "../files/lock";
import { giveNotice } from "../files/notices";

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

const FILE = "tokens.json";

function hashOf(secret: string): string {
  return hash("sha256", secret);
}

/** Another process's change of a known token is noticed within this time, ms. */
const LOOK_EVERY = 1_000;

/** Most s that a change waits for another process that is changing the tokens. */
const PATIENCE = 10;
/** Changes of one file within this process, one after the other. */
const changing = new Map<string, Promise<unknown>>();

/** What tells a file's state from any other: a whole new file has another number, whatever the clock says. */
async function stampOf(file: string): Promise<string> {
  return stat(file, { bigint: true }).then(
    ({ ino, mtimeNs, size }) => `${ino} ${mtimeNs} ${size}`,
    (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? "" : `unreadable: ${error.code}`),
  );
}

/** Tokens of a file, none where there is no file. @throws Error that says what is wrong with it */
async function tokensIn(file: string): Promise<{ text: string; tokens: Token[] }> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return '{"tokens":[]}';
    throw error;
  });
  if (text.trim() === "") throw new Error("is empty");
  const read = fileSchema.safeParse(parsed(text));
  if (read.success) return { text, tokens: read.data.tokens };
  const [issue] = read.error.issues;
  throw new Error(`${issue?.path.join(".") || "(file)"}: ${issue?.message ?? "is not valid"}`);
}

/** What is wrong with the file of a data folder's tokens, or null. */
export function tokensFault(folder: string): Promise<string | null> {
  return tokensIn(path.join(folder, FILE)).then(
    () => null,
    (error: Error) => error.message,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The publishers' tokens, in `<data>/tokens.json`. Noticed at once when another process adds one, within a second when
 * it takes one back. A file that cannot be read changes nothing: the last one that could stays in force, also over a
 * restart, and `fault` says what is the matter.
 */
export class Tokens {
  private byHash = new Map<string, Token>();
  private seen: string | null = null;
  private lookedAt = -Infinity;
  /** what is wrong with the file as it stands, or null */
  fault: string | null = null;

  constructor(private readonly folder: string) {}

  private get file(): string {
    return path.join(this.folder, FILE);
  }

  /** The last file that could be read. */
  private get good(): string {
    return path.join(this.folder, "tokens.good.json");
  }

  /** Reads the file again if it changed. */
  async refresh(): Promise<void> {
    this.lookedAt = monotonic();
    const stamp = await stampOf(this.file);
    if (stamp === this.seen) return;
    try {
      const { text, tokens } = await tokensIn(this.file);
      this.know(tokens);
      this.fault = null;
      // Without it a start could not tell what was in force; that it could not be written is no reason to refuse anybody.
      if (stamp !== "" && (await readFile(this.good, "utf8").catch(() => "")) !== text)
        await writeWhole(this.good, text).catch(() => {});
    } catch (error) {
      await this.stay(stamp, (error as Error).message);
    }
    // Not before they are known: who looks meanwhile has to read them as well.
    this.seen = stamp;
  }

  private know(tokens: Token[]): void {
    this.byHash = new Map(tokens.map((token) => [token.hash, token]));
  }

  /** What was in force stays in force, as the file says nothing. */
  private async stay(stamp: string, fault: string): Promise<void> {
    if (this.seen === null) this.know((await tokensIn(this.good).catch(() => ({ tokens: [] }))).tokens);
    this.fault = fault;
    giveNotice(this.folder, {
      what: "tokens",
      id: stamp.replace(/\W+/g, "-"),
      at: now(),
      file: this.file,
      fault: `${fault}; the ${this.byHash.size} tokens that were known before stay in force`,
      kept: null,
      lost: 0,
      exact: true,
    });
  }

  /**
   * Makes a token for one feed of a city (`*` = all of its feeds), that may bring old readings where `backfill` says
   * so, and returns its secret, which is kept nowhere.
   */
  create(city: string, feed: string, created: string, { backfill = false } = {}): Promise<string> {
    return this.change(() => this.add(city, feed, created, backfill ? { backfill } : {}));
  }

  /** Replaces all tokens that carry `note` by one for each feed, given as `city/feed`; returns the secrets by feed. */
  replace(note: string, feeds: string[], created: string): Promise<Record<string, string>> {
    return this.change(() => {
      for (const [hash, token] of this.byHash) if (token.note === note) this.byHash.delete(hash);
      return Object.fromEntries(
        feeds.map((name) => [name, this.add(...(name.split("/", 2) as [string, string]), created, { note })]),
      );
    });
  }

  private add(city: string, feed: string, created: string, more: Pick<Token, "backfill" | "note">): string {
    const secret = `cw_${randomBytes(32).toString("base64url")}`;
    const hash = hashOf(secret);
    this.byHash.set(hash, { id: hash.slice(0, 8), hash, city, feed, created, ...more });
    return secret;
  }

  /** Forgets all tokens of a feed: what its next token replaces. */
  revoke(city: string, feed: string): Promise<number> {
    return this.change(() => {
      const before = this.byHash.size;
      for (const [hash, token] of this.byHash) if (token.city === city && token.feed === feed) this.byHash.delete(hash);
      return before - this.byHash.size;
    });
  }

  /** Changes the file while nobody else does, from what it holds now. @throws Error where another process does not end */
  private change<T>(task: () => T): Promise<T> {
    const before = changing.get(this.file) ?? Promise.resolve();
    const done = before.then(
      () => this.changeAlone(task),
      () => this.changeAlone(task),
    );
    changing.set(this.file, done);
    return done;
  }

  private async changeAlone<T>(task: () => T): Promise<T> {
    const lock = path.join(this.folder, "tokens.lock");
    if (!takeFile(lock, String(process.pid), PATIENCE))
      throw new Error(`${this.file} has been held by process ${noteOf(lock)} for ${PATIENCE} s`);
    try {
      await this.refresh();
      // What a person may have wanted to write there is not written over.
      if (this.fault !== null) await rename(this.file, `${this.file}.broken-${now()}`).catch(() => {});
      const result = task();
      const text = `${JSON.stringify({ tokens: [...this.byHash.values()] }, null, 2)}\n`;
      await writeWhole(this.file, text);
      await writeWhole(this.good, text).catch(() => {});
      this.fault = null;
      this.seen = null;
      await this.refresh();
      return result;
    } finally {
      letGoOf(lock);
    }
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
