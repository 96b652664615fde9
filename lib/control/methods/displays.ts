import { hash as digest, randomUUID } from "node:crypto";
import type { DisplayHealth, DisplayItem, DisplayStanding } from "../../contract/api/displays";
import type { Kysely } from "kysely";
import { audited, changing, type By, type Control } from "../context";
import { deviceOf, hasEnded, itemOf, makeCode, nextSecrets, readCode, standingOf, tellEnded } from "../devices";
import { ControlRefusal } from "../refusal";
import { newSecret } from "../sessions";
import type { DeviceRow, Tables } from "../tables";

/** Ms that a code can be entered, and that a display which was named has to fetch its identity. */
const CODE_HOLDS = 600_000;
/** Codes that may be shown at once in one network, and everywhere. */
const CODES_OF_NETWORK = 50;
const CODES = 1_000;
/** Seconds after which it may be tried again where there are so many. */
const CODES_AGAIN = 15;
/** Codes that nobody shows which one may enter in so many ms. */
const MOST_WRONG = 10;
const WRONG_FOR = 900_000;
/** Ms for which a display that was withdrawn is still listed. */
const LISTED = 30 * 86_400_000;
/** Secrets that are looked for at once. */
const AT_ONCE = 500;

const NOT_A_CODE = "must be the eight letters that the display shows";
const NO_SUCH_CODE = "no display shows this code now: it may have ended, the display has another one then";

/** What one counts wrong codes by. */
const keyOf = (who: string): string => digest("sha256", `pairing ${who}`);

/** @param wait ms until one may enter codes again */
function tooManyWrong(wait: number): ControlRefusal {
  const seconds = Math.ceil(wait / 1_000);
  return new ControlRefusal("locked", "too many codes that no display shows", "code", seconds);
}

/**
 * Counts a code before it is looked at, so that as many as one likes at once are no more than one after another. Of so many that nobody
 * shows, none is looked at any more. @throws ControlRefusal
 */
async function countGuess({ db, now }: Control, who: string): Promise<void> {
  const key = keyOf(who);
  const before = await db.selectFrom("sign_in_failure").selectAll().where("key", "=", key).executeTakeFirst();
  const isOver = before !== undefined && before.last <= now() - WRONG_FOR;
  // Not even written down, so that guesses cost next to nothing.
  if (before && !isOver && before.count >= MOST_WRONG) throw tooManyWrong(before.last + WRONG_FOR - now());
  if (isOver) await db.deleteFrom("sign_in_failure").where("key", "=", key).execute();
  const { count, last } = await db
    .insertInto("sign_in_failure")
    .values({ key, count: 1, last: now() })
    .onConflict((found) =>
      found.column("key").doUpdateSet(({ eb }) => ({ count: eb("sign_in_failure.count", "+", 1) })),
    )
    .returning(["count", "last"])
    .executeTakeFirstOrThrow();
  if (count > MOST_WRONG) throw tooManyWrong(last + WRONG_FOR - now());
}

/** The display that shows a code. @throws ControlRefusal where none does */
async function shownBy(control: Control, key: string, by: By): Promise<void> {
  const { db, now } = control;
  const found = await db.selectFrom("pairing").selectAll().where("code", "=", key).executeTakeFirst();
  if (found && found.expires > now() && found.device === null) {
    await db.deleteFrom("sign_in_failure").where("key", "=", keyOf(by.who)).execute();
    return;
  }
  const deed = { action: "display.refuse", object: "display", detail: { why: "no display shows the code" } } as const;
  await audited(control, by, deed);
  throw new ControlRefusal("unknown", NO_SUCH_CODE, "code");
}

/** @throws ControlRefusal where another display has the name */
async function checkTitle(db: Kysely<Tables>, title: string, id = ""): Promise<void> {
  const other = await db
    .selectFrom("device")
    .select("id")
    .where("title", "=", title)
    .where("withdrawn", "is", null)
    .where("id", "!=", id)
    .executeTakeFirst();
  if (other) throw new ControlRefusal("taken", `there is a display "${title}" already`, "title");
}

/** A display that was not withdrawn. @throws ControlRefusal */
async function inUse(db: Kysely<Tables>, id: string): Promise<DeviceRow> {
  const row = await db.selectFrom("device").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row || row.withdrawn !== null) throw new ControlRefusal("unknown", `there is no display "${id}"`, "id");
  return row;
}

/** A display that was named and has not come yet: its secret is one that nobody has. */
const named = (of: Pick<DeviceRow, "title" | "city" | "screen">, by: By, at: number): DeviceRow => ({
  ...of,
  id: randomUUID(),
  hash: newSecret().hash,
  previous: null,
  previous_until: null,
  rotated: at,
  made: at,
  made_by: by.who,
  seen: null,
  address: "",
  version: "",
  painted: null,
  health: "",
  withdrawn: null,
});

/** What a display tells of itself. */
interface Report {
  hash: string;
  address: string;
  version: string;
  /** ms since it last painted; null: it has not yet */
  painted: number | null;
  health: DisplayHealth;
}

/** The displays that have or had secrets, by their hashes. */
async function devicesOf(db: Kysely<Tables>, hashes: readonly string[]): Promise<Map<string, DeviceRow>> {
  const found = new Map<string, DeviceRow>();
  for (let from = 0; from < hashes.length; from += AT_ONCE) {
    const some = hashes.slice(from, from + AT_ONCE);
    const rows = await db
      .selectFrom("device")
      .selectAll()
      .where(({ eb, or }) => or([eb("hash", "in", some), eb("previous", "in", some)]))
      .execute();
    const held = rows.flatMap((row) => [row.previous ?? [], row.hash].flat().map((hash) => [hash, row] as const));
    for (const [hash, row] of held) found.set(hash, row);
  }
  return found;
}

/** Displays: how they are paired, what they are told, how they do. */
export const displayMethods = {
  /** A display asks for a code. @param network where it is, as limits count @throws ControlRefusal */
  async pairBegin({ db, now }: Control, { network }: { network: string }) {
    await db.deleteFrom("pairing").where("expires", "<=", now()).execute();
    const count = db.fn.countAll<number>().as("count");
    const all = await db.selectFrom("pairing").select(count).executeTakeFirstOrThrow();
    const here = await db.selectFrom("pairing").select(count).where("address", "=", network).executeTakeFirstOrThrow();
    if (Number(here.count) >= CODES_OF_NETWORK || Number(all.count) >= CODES)
      throw new ControlRefusal("locked", "too many displays show a code", undefined, CODES_AGAIN);
    const [code, own, expires] = [makeCode(), newSecret(), now() + CODE_HOLDS];
    await db
      .insertInto("pairing")
      .values({ code: digest("sha256", code), hash: own.hash, address: network, expires, device: null })
      .execute();
    return { code: `${code.slice(0, 4)}-${code.slice(4)}`, secret: own.secret, expires };
  },

  /** Names the display that shows a code, and gives it a screen. @throws ControlRefusal */
  async pairClaim(
    control: Control,
    { code: typed, title, city, screen, by }: { code: string; title: string; city: string; screen: string; by: By },
  ): Promise<DisplayItem> {
    const code = readCode(typed);
    if (code === null) throw new ControlRefusal("invalid", NOT_A_CODE, "code");
    const key = digest("sha256", code);
    await countGuess(control, by.who);
    await shownBy(control, key, by);
    return changing(control, async ({ step, at, audit }) => {
      await checkTitle(step, title);
      const row = named({ title, city, screen }, by, at);
      const taken = await step
        .updateTable("pairing")
        .set({ device: row.id, expires: at + CODE_HOLDS })
        .where("code", "=", key)
        .where("device", "is", null)
        .executeTakeFirst();
      if (Number(taken.numUpdatedRows) !== 1) throw new ControlRefusal("unknown", NO_SUCH_CODE, "code");
      await audit(by, { action: "display.pair", object: `display ${title}`, detail: { city, screen } });
      await step.insertInto("device").values(row).execute();
      return itemOf(row);
    });
  },

  /** A display fetches its identity, by the secret of its code alone, and once. @throws ControlRefusal */
  async pairFinish(
    control: Control,
    { secret, address }: { secret: string; address: string },
  ): Promise<{ display: DisplayItem; secret: string } | null> {
    const { db, now } = control;
    const hash = digest("sha256", secret);
    const found = await db.selectFrom("pairing").selectAll().where("hash", "=", hash).executeTakeFirst();
    if (!found || found.expires <= now()) throw new ControlRefusal("expired", "the code has ended");
    if (found.device === null) return null;
    const { device } = found;
    return changing(control, async ({ step, at, audit }) => {
      const gone = await step.deleteFrom("pairing").where("hash", "=", hash).executeTakeFirst();
      if (Number(gone.numDeletedRows) !== 1) throw new ControlRefusal("expired", "the identity was given already");
      const row = await inUse(step, device);
      await audit({ who: `display ${row.title}`, address }, { action: "display.join", object: `display ${row.title}` });
      const own = newSecret();
      await step.updateTable("device").set({ hash: own.hash, rotated: at }).where("id", "=", row.id).execute();
      return { display: itemOf(row), secret: own.secret };
    });
  },

  /** What the holders of secrets are told, in their order. @param hashes SHA-256 of each */
  async displayStandings(
    control: Control,
    { hashes, address = "" }: { hashes: readonly string[]; address?: string },
  ): Promise<DisplayStanding[]> {
    const found = await devicesOf(control.db, hashes);
    const now = control.now();
    for (const hash of hashes) {
      const row = found.get(hash);
      if (row && hasEnded(row, hash, now)) await tellEnded(control, row, hash, address);
    }
    return hashes.map((hash) => standingOf(found.get(hash), hash, now));
  },

  /** A display tells how it does. @returns what it is told, and the secret that it has to use from now on, null: the one it has */
  async displayReport(
    control: Control,
    { hash, address, version, painted, health }: Report,
  ): Promise<{ standing: DisplayStanding; secret: string | null }> {
    const { db } = control;
    const now = control.now();
    const row = await deviceOf(db, hash);
    const standing = standingOf(row, hash, now);
    if (row && standing.state === "none") await tellEnded(control, row, hash, address);
    if (!row || standing.state !== "paired") return { standing, secret: null };
    const said = {
      seen: now,
      address,
      version,
      painted: painted === null ? null : now - painted,
      health: JSON.stringify(health),
    };
    await db.updateTable("device").set(said).where("id", "=", row.id).execute();
    const next = nextSecrets(row, hash, now);
    if (!next) return { standing, secret: null };
    return changing(control, async ({ step, audit }) => {
      const done = await step
        .updateTable("device")
        .set(next.changed)
        .where("id", "=", row.id)
        .where("hash", "=", row.hash)
        .executeTakeFirst();
      // Another page of the display was quicker.
      if (next.secret === null || Number(done.numUpdatedRows) !== 1) return { standing, secret: null };
      const object = `display ${row.title}`;
      await audit({ who: object, address }, { action: "display.rotate", object });
      return { standing, secret: next.secret };
    });
  },

  /** All displays by title, behind them those that were withdrawn lately. */
  async displays({ db, now }: Control, _nothing: object): Promise<DisplayItem[]> {
    const rows = await db
      .selectFrom("device")
      .selectAll()
      .where(({ eb, or }) => or([eb("withdrawn", "is", null), eb("withdrawn", ">", now() - LISTED)]))
      .orderBy("title")
      .orderBy("made")
      .execute();
    const items = rows.map(itemOf);
    return [
      ...items.filter(({ withdrawn }) => withdrawn === null),
      ...items.filter(({ withdrawn }) => withdrawn !== null),
    ];
  },

  /** Gives a display another name or another screen. @throws ControlRefusal */
  async displayChange(
    control: Control,
    { id, title, at, by }: { id: string; title?: string; at?: { city: string; screen: string }; by: By },
  ): Promise<DisplayItem> {
    return changing(control, async ({ step, audit }) => {
      const row = await inUse(step, id);
      const object = `display ${row.title}`;
      if (title !== undefined && title !== row.title) {
        await checkTitle(step, title, id);
        await audit(by, { action: "display.rename", object, detail: { title } });
      }
      if (at && (at.city !== row.city || at.screen !== row.screen))
        await audit(by, { action: "display.assign", object, detail: { ...at } });
      const changed = { ...(title === undefined ? {} : { title }), ...at };
      if (Object.keys(changed).length > 0) await step.updateTable("device").set(changed).where("id", "=", id).execute();
      return itemOf({ ...row, ...changed });
    });
  },

  /** Withdraws a display: its secrets hold no longer. @throws ControlRefusal */
  async displayWithdraw(control: Control, { id, by }: { id: string; by: By }): Promise<DisplayItem> {
    return changing(control, async ({ step, at, audit }) => {
      const row = await inUse(step, id);
      await audit(by, { action: "display.withdraw", object: `display ${row.title}` });
      await step.updateTable("device").set({ withdrawn: at }).where("id", "=", id).execute();
      await step.deleteFrom("pairing").where("device", "=", id).execute();
      return itemOf({ ...row, withdrawn: at });
    });
  },
};
