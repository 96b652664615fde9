import { hash, randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { patiently } from "../audit";
import { takeOverTokens } from "../old-tokens";
import { changing, type By, type Control } from "../context";
import { ControlRefusal } from "../refusal";
import type { PublisherTokenRow, Tables } from "../tables";

const DAY = 86_400_000;
/** Tokens that ended so long ago are not listed any more, ms. */
const KEPT = 90 * DAY;
/** Letters of the hash by which a token is told of. */
const ID = 8;

/** What a token may do. */
export interface TokenWish {
  city: string;
  /** one of the city's, or `*` for all */
  feed: string;
  /** may bring readings older than a month */
  backfill: boolean;
  /** when it ends, ms since 1970; null: never */
  expires: number | null;
  /** addresses and networks that it may come from; null: any */
  addresses: string[] | null;
  note: string;
}

/** A token as it is listed: nothing of it proves anything. */
export interface TokenFacts extends TokenWish {
  id: string;
  /** ms since 1970 */
  created: number;
  madeBy: string;
  /** when it was last used, to the minute; null: never */
  used: number | null;
  /** the token that takes its place, since it was rotated */
  replacedBy: string | null;
}

/** A token as the gateway judges who shows it. */
export interface KnownToken extends Pick<TokenWish, "city" | "feed" | "backfill" | "expires" | "addresses"> {
  id: string;
  /** SHA-256 of the secret, hexadecimal */
  hash: string;
}

interface Rotation {
  by: By;
  id: string;
  /** ms */
  grace: number;
}

type Db = Kysely<Tables>;

const addressesOf = (row: Pick<PublisherTokenRow, "addresses">): string[] | null =>
  row.addresses === null ? null : (JSON.parse(row.addresses) as string[]);

function factsOf(row: PublisherTokenRow): TokenFacts {
  const { id, city, feed, backfill, created, expires, note, made_by: madeBy, used, replaced_by: replacedBy } = row;
  const addresses = addressesOf(row);
  return { id, city, feed, backfill: backfill === 1, created, expires, addresses, note, madeBy, used, replacedBy };
}

/** How the audit log names a token. */
const named = ({ id, city, feed }: { id: string; city: string; feed: string }): string => `token ${id} ${city}/${feed}`;

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
    const taken = await db.selectFrom("publisher_token").select("id").where("id", "=", made.id).executeTakeFirst();
    if (!taken) return made;
  }
}

async function tokenOf(db: Db, id: string): Promise<PublisherTokenRow> {
  const row = await db.selectFrom("publisher_token").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw new ControlRefusal("unknown", `there is no token "${id}"`, "id");
  return row;
}

function rowOf(wish: TokenWish, made: { hash: string; id: string; created: number; by: By }): PublisherTokenRow {
  const { city, feed, backfill, expires, addresses, note } = wish;
  const { hash: kept, id, created, by } = made;
  return {
    hash: kept,
    id,
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
async function insert(db: Db, row: PublisherTokenRow): Promise<void> {
  const long = row.created - KEPT;
  await db.deleteFrom("publisher_token").where("expires", "<", long).execute();
  await db.insertInto("publisher_token").values(row).execute();
}

function mustLieAhead(expires: number | null, now: number): void {
  if (expires !== null && expires <= now) throw new ControlRefusal("invalid", "must lie ahead", "expires");
}

/** What the audit log says of a token. */
function detailOf({ expires, addresses, backfill }: TokenWish): Record<string, string | boolean> {
  return {
    backfill,
    ...(expires === null ? {} : { expires: new Date(expires).toISOString() }),
    ...(addresses === null ? {} : { addresses: addresses.join(", ") }),
  };
}

/**
 * When the token that follows another ends: after as long as that one was made for.
 * @param now ms
 */
const endOfNext = ({ created, expires }: PublisherTokenRow, now: number): number | null =>
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
        .updateTable("publisher_token")
        .set({ expires: at })
        .where("replaced_by", "=", id)
        .where("expires", ">", at)
        .execute();
      await step
        .updateTable("publisher_token")
        .set({ expires: until, replaced_by: row.id })
        .where("id", "=", id)
        .execute();
      await insert(step, row);
      return { token: factsOf(row), secret, until };
    });
  },

  /** Takes a token back: nobody is let in by it from now on. @throws ControlRefusal `unknown` */
  tokenRevoke(control: Control, { by, id }: { by: By; id: string }): Promise<void> {
    return changing(control, async ({ step, audit }) => {
      await audit(by, { action: "token.revoke", object: named(await tokenOf(step, id)) });
      await step.deleteFrom("publisher_token").where("id", "=", id).execute();
    });
  },

  /** Takes all tokens of a feed back. Returns how many. */
  tokensRevoke(control: Control, { by, city, feed }: { by: By; city: string; feed: string }): Promise<number> {
    return changing(control, async ({ step, audit }) => {
      const { numDeletedRows } = await step
        .deleteFrom("publisher_token")
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

  /** All tokens, those that ended as well: by city, feed and age, the newest first. */
  async tokenList({ db }: Control, _nothing: object): Promise<TokenFacts[]> {
    const rows = await db
      .selectFrom("publisher_token")
      .selectAll()
      .orderBy("city")
      .orderBy("feed")
      .orderBy("created", "desc")
      .orderBy("id")
      .execute();
    return rows.map(factsOf);
  },

  /** What the gateway judges publishers by. Those that ended are among them, so that it can tell whose is still shown. */
  async tokensKnown({ db }: Control, _nothing: object): Promise<KnownToken[]> {
    const rows = await db.selectFrom("publisher_token").selectAll().execute();
    return rows.map((row) => {
      const { id, hash: kept, city, feed, backfill, expires } = row;
      return { id, hash: kept, city, feed, backfill: backfill === 1, expires, addresses: addressesOf(row) };
    });
  },

  /** Keeps when tokens were last used (ms). Nobody may do more or less by it. */
  async tokensUsed({ db }: Control, { uses }: { uses: readonly { id: string; at: number }[] }): Promise<void> {
    for (const { id, at } of uses)
      await patiently(() =>
        db
          .updateTable("publisher_token")
          .set({ used: at })
          .where("id", "=", id)
          .where(({ eb, or }) => or([eb("used", "is", null), eb("used", "<", at)]))
          .execute(),
      );
  },
};
