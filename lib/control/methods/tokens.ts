import { hash, randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { patiently } from "../audit";
import { takeOverTokens } from "../old-tokens";
import { changing, type By, type Control } from "../context";
import { ControlRefusal } from "../refusal";
import type { TokenRow, Tables } from "../tables";

const DAY = 86_400_000;
/** Tokens that ended so long ago are not listed any more, ms. */
const KEPT = 90 * DAY;
/** Letters of the hash by which a token is told of. */
const ID = 8;

/** What a token is for. */
export type TokenScope =
  /** `feed`: one of the city's, or `*` for all; `backfill`: may bring readings older than a month */
  | { kind: "publish"; city: string; feed: string; backfill: boolean }
  /** reads how the gateway does, and nothing else */
  | { kind: "monitor"; city: null; feed: null; backfill: false };
export type TokenKind = TokenScope["kind"];

/** How long a token holds, and from where. */
interface TokenBounds {
  /** when it ends, ms since 1970; null: never */
  expires: number | null;
  /** addresses and networks that it may come from; null: any */
  addresses: string[] | null;
}

/** What a token may do. */
export type TokenWish = TokenScope & TokenBounds & { note: string };

/** A token as it is listed: nothing of it proves anything. */
export type TokenFacts = TokenWish & {
  id: string;
  /** ms since 1970 */
  created: number;
  madeBy: string;
  /** when it was last used, to the minute; null: never */
  used: number | null;
  /** the token that takes its place, since it was rotated */
  replacedBy: string | null;
};

/** A token as the gateway judges who shows it. */
export type KnownToken<K extends TokenKind = TokenKind> = Extract<TokenScope, { kind: K }> &
  TokenBounds & {
    id: string;
    /** SHA-256 of the secret, hexadecimal */
    hash: string;
    /** what it was said to be for */
    note: string;
  };

interface Rotation {
  by: By;
  id: string;
  /** ms */
  grace: number;
}

type Db = Kysely<Tables>;

const addressesOf = (row: Pick<TokenRow, "addresses">): string[] | null =>
  row.addresses === null ? null : (JSON.parse(row.addresses) as string[]);

/** What a row is for. A publisher's that names no city would be of none that is there. */
function scopeOf({ kind, city, feed, backfill }: TokenRow): TokenScope {
  if (kind === "monitor") return { kind, city: null, feed: null, backfill: false };
  return { kind, city: city ?? "", feed: feed ?? "", backfill: backfill === 1 };
}

function factsOf(row: TokenRow): TokenFacts {
  const { id, created, expires, note, made_by: madeBy, used, replaced_by: replacedBy } = row;
  return { ...scopeOf(row), id, created, expires, addresses: addressesOf(row), note, madeBy, used, replacedBy };
}

/** How the audit log names a token. */
const named = ({ id, kind, city, feed }: Pick<TokenRow, "id" | "kind" | "city" | "feed">): string =>
  `token ${id} ${kind === "monitor" ? kind : `${city}/${feed}`}`;

/** A secret of 256 random bits, and what is kept of it: such need no slow hash. */
function newSecret(): { secret: string; hash: string; id: string } {
  const secret = `cw_${randomBytes(32).toString("base64url")}`;
  const kept = hash("sha256", secret);
  return { secret, hash: kept, id: kept.slice(0, ID) };
}

/** A secret by whose id no other token is told of. */
async function freshSecret(db: Db): Promise<ReturnType<typeof newSecret>> {
  for (;;) {
    const made = newSecret();
    const taken = await db.selectFrom("token").select("id").where("id", "=", made.id).executeTakeFirst();
    if (!taken) return made;
  }
}

async function tokenOf(db: Db, id: string): Promise<TokenRow> {
  const row = await db.selectFrom("token").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw new ControlRefusal("unknown", `there is no token "${id}"`, "id");
  return row;
}

function rowOf(wish: TokenWish, made: { hash: string; id: string; created: number; by: By }): TokenRow {
  const { kind, city, feed, backfill, expires, addresses, note } = wish;
  const { hash: kept, id, created, by } = made;
  return {
    hash: kept,
    id,
    kind,
    city,
    feed,
    backfill: backfill ? 1 : 0,
    created,
    expires,
    addresses: addresses === null ? null : JSON.stringify(addresses),
    note,
    made_by: by.who,
    used: null,
    replaced_by: null,
  };
}

/** Puts a token there, and forgets those that ended long ago. */
async function insert(db: Db, row: TokenRow): Promise<void> {
  const long = row.created - KEPT;
  await db.deleteFrom("token").where("expires", "<", long).execute();
  await db.insertInto("token").values(row).execute();
}

function mustLieAhead(expires: number | null, now: number): void {
  if (expires !== null && expires <= now) throw new ControlRefusal("invalid", "must lie ahead", "expires");
}

/** What the audit log says of a token. */
function detailOf({ kind, expires, addresses, backfill }: TokenWish): Record<string, string | boolean> {
  return {
    ...(kind === "publish" ? { backfill } : {}),
    ...(expires === null ? {} : { expires: new Date(expires).toISOString() }),
    ...(addresses === null ? {} : { addresses: addresses.join(", ") }),
  };
}

/**
 * When the token that follows another ends: after as long as that one was made for.
 * @param now ms
 */
const endOfNext = ({ created, expires }: TokenRow, now: number): number | null =>
  expires === null ? null : now + (expires - created);

export const tokenMethods = {
  /** Makes a token; its secret is told once and kept nowhere. @throws ControlRefusal `invalid` where it ends before now */
  tokenCreate(
    control: Control,
    { by, ...wish }: TokenWish & { by: By },
  ): Promise<{ token: TokenFacts; secret: string }> {
    return changing(control, async ({ step, at, audit }) => {
      mustLieAhead(wish.expires, at);
      const { secret, hash: kept, id } = await freshSecret(step);
      const row = rowOf(wish, { hash: kept, id, created: at, by });
      await audit(by, { action: "token.create", object: named(row), detail: detailOf(wish) });
      await insert(step, row);
      return { token: factsOf(row), secret };
    });
  },

  /**
   * Makes the token that follows another, for the same feeds and addresses and for as long. Both hold until `grace` ms are over; then
   * the older one ends. Never more than two hold: a token that was to end already does so now.
   * @throws ControlRefusal `unknown`; `refused` where it has ended, or another follows it already
   */
  tokenRotate(
    control: Control,
    { by, id, grace }: Rotation,
  ): Promise<{ token: TokenFacts; secret: string; until: number }> {
    return changing(control, async ({ step, at, audit }) => {
      const old = await tokenOf(step, id);
      if (old.expires !== null && old.expires <= at) throw new ControlRefusal("refused", `token ${id} has ended`, "id");
      if (old.replaced_by !== null)
        throw new ControlRefusal(
          "refused",
          `token ${id} was rotated already: ${old.replaced_by} takes its place`,
          "id",
        );
      const { secret, ...made } = await freshSecret(step);
      const row = rowOf({ ...factsOf(old), expires: endOfNext(old, at) }, { ...made, created: at, by });
      const until = Math.min(old.expires ?? Infinity, at + grace);
      const detail = { next: row.id, until: new Date(until).toISOString() };
      await audit(by, { action: "token.rotate", object: named(old), detail });
      await step
        .updateTable("token")
        .set({ expires: at })
        .where("replaced_by", "=", id)
        .where("expires", ">", at)
        .execute();
      await step.updateTable("token").set({ expires: until, replaced_by: row.id }).where("id", "=", id).execute();
      await insert(step, row);
      return { token: factsOf(row), secret, until };
    });
  },

  /** Takes a token back: nobody is let in by it from now on. @throws ControlRefusal `unknown` */
  tokenRevoke(control: Control, { by, id }: { by: By; id: string }): Promise<void> {
    return changing(control, async ({ step, audit }) => {
      await audit(by, { action: "token.revoke", object: named(await tokenOf(step, id)) });
      await step.deleteFrom("token").where("id", "=", id).execute();
    });
  },

  /** Takes all tokens of a feed back. Returns how many. */
  tokensRevoke(control: Control, { by, city, feed }: { by: By; city: string; feed: string }): Promise<number> {
    return changing(control, async ({ step, audit }) => {
      const { numDeletedRows } = await step
        .deleteFrom("token")
        .where("city", "=", city)
        .where("feed", "=", feed)
        .executeTakeFirst();
      const tokens = Number(numDeletedRows);
      await audit(by, { action: "token.revoke", object: `tokens ${city}/${feed}`, detail: { tokens } });
      return tokens;
    });
  },

  /** Takes tokens of an earlier version's file over, see `takeOverTokens`. */
  tokensTakeOver: (control: Control, { folder }: { folder: string }): Promise<number> =>
    takeOverTokens(control, folder),

  /** All tokens, those that ended as well: by what they are for, city, feed and age, the newest first. */
  async tokenList({ db }: Control, _nothing: object): Promise<TokenFacts[]> {
    const rows = await db
      .selectFrom("token")
      .selectAll()
      .orderBy("kind", "desc")
      .orderBy("city")
      .orderBy("feed")
      .orderBy("created", "desc")
      .orderBy("id")
      .execute();
    return rows.map(factsOf);
  },

  /** What the gateway judges programs by. Those that ended are among them, so that it can tell whose is still shown. */
  async tokensKnown({ db }: Control, _nothing: object): Promise<KnownToken[]> {
    const rows = await db.selectFrom("token").selectAll().execute();
    return rows.map((row) => {
      const { id, hash: kept, expires, note } = row;
      return { ...scopeOf(row), id, hash: kept, expires, addresses: addressesOf(row), note };
    });
  },

  /** Keeps when tokens were last used (ms). Nobody may do more or less by it. */
  async tokensUsed({ db }: Control, { uses }: { uses: readonly { id: string; at: number }[] }): Promise<void> {
    for (const { id, at } of uses)
      await patiently(() =>
        db
          .updateTable("token")
          .set({ used: at })
          .where("id", "=", id)
          .where(({ eb, or }) => or([eb("used", "is", null), eb("used", "<", at)]))
          .execute(),
      );
  },
};
