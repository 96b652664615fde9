import { hash as digest, randomUUID } from "node:crypto";
import type { DisplayHealth, DisplayItem, DisplayStanding } from "../../contract/api/displays";
import { audited, touch, type By, type Control } from "../context";
import {
  deviceOf,
  hasEnded,
  itemOf,
  makeCode,
  makeSecret,
  nextSecrets,
  readCode,
  standingOf,
  tellEnded,
} from "../devices";
import { ControlRefusal } from "../refusal";
import type { DeviceRow } from "../tables";

/** Ms that a code can be entered, and that a display which was named has to fetch its identity. */
const CODE_HOLDS = 600_000;
/** Codes that may be shown at once in one network, and everywhere. */
const CODES_OF_NETWORK = 50;
const CODES = 1_000;
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
  const minutes = Math.ceil(wait / 60_000);
  return new ControlRefusal("locked", `too many codes that no display shows: wait ${minutes} min`, "code");
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
async function checkTitle({ db }: Control, title: string, id?: string): Promise<void> {
  const other = await db
    .selectFrom("device")
    .select("id")
    .where("title", "=", title)
    .where("withdrawn", "is", null)
    .where("id", "!=", id ?? "")
    .executeTakeFirst();
  if (other) throw new ControlRefusal("taken", `there is a display "${title}" already`, "title");
}

/** A display that was not withdrawn. @throws ControlRefusal */
async function inUse({ db }: Control, id: string): Promise<DeviceRow> {
  const row = await db.selectFrom("device").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row || row.withdrawn !== null) throw new ControlRefusal("unknown", `there is no display "${id}"`, "id");
  return row;
}

/** What a display tells of itself. */
interface Report {
  hash: string;
  address: string;
  version: string;
  /** ms since it last painted; null: it has not yet */
  painted: number | null;
  health: DisplayHealth;
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
      throw new ControlRefusal("locked", "too many displays show a code: wait some minutes");
    const [code, own, expires] = [makeCode(), makeSecret(), now() + CODE_HOLDS];
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
    const { db, now } = control;
    const code = readCode(typed);
    if (code === null) throw new ControlRefusal("invalid", NOT_A_CODE, "code");
    const key = digest("sha256", code);
    await countGuess(control, by.who);
    await shownBy(control, key, by);
    await checkTitle(control, title);
    await audited(control, by, { action: "display.pair", object: `display ${title}`, detail: { city, screen } });
    const row: DeviceRow = {
      id: randomUUID(),
      title,
      city,
      screen,
      // Of a secret that nobody has: the display fetches its own.
      hash: makeSecret().hash,
      previous: null,
      previous_until: null,
      rotated: now(),
      made: now(),
      made_by: by.who,
      seen: null,
      address: "",
      version: "",
      painted: null,
      health: "",
      withdrawn: null,
    };
    await db.transaction().execute(async (step) => {
      const taken = await step
        .updateTable("pairing")
        .set({ device: row.id, expires: now() + CODE_HOLDS })
        .where("code", "=", key)
        .where("device", "is", null)
        .executeTakeFirst();
      if (Number(taken.numUpdatedRows) !== 1) throw new ControlRefusal("unknown", NO_SUCH_CODE, "code");
      await step.insertInto("device").values(row).execute();
    });
    return itemOf(row);
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
    const row = await inUse(control, found.device).catch(() => {
      throw new ControlRefusal("expired", "the display was withdrawn meanwhile");
    });
    const by = { who: `display ${row.title}`, address };
    await audited(control, by, { action: "display.join", object: `display ${row.title}` });
    const own = makeSecret();
    await db.transaction().execute(async (step) => {
      const gone = await step.deleteFrom("pairing").where("hash", "=", hash).executeTakeFirst();
      if (Number(gone.numDeletedRows) !== 1) throw new ControlRefusal("expired", "the identity was given already");
      await step.updateTable("device").set({ hash: own.hash, rotated: now() }).where("id", "=", row.id).execute();
      await touch(step);
    });
    return { display: itemOf(row), secret: own.secret };
  },

  /** What the holders of secrets are told, in their order. @param hashes SHA-256 of each */
  async displayStandings(
    control: Control,
    { hashes, address = "" }: { hashes: readonly string[]; address?: string },
  ): Promise<DisplayStanding[]> {
    const found = new Map<string, DeviceRow>();
    for (let from = 0; from < hashes.length; from += AT_ONCE) {
      const some = hashes.slice(from, from + AT_ONCE);
      const rows = await control.db
        .selectFrom("device")
        .selectAll()
        .where(({ eb, or }) => or([eb("hash", "in", some), eb("previous", "in", some)]))
        .execute();
      for (const row of rows) for (const hash of [row.previous, row.hash]) if (hash !== null) found.set(hash, row);
    }
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
    if (next.secret !== null)
      await audited(
        control,
        { who: `display ${row.title}`, address },
        { action: "display.rotate", object: `display ${row.title}` },
      );
    return db.transaction().execute(async (step) => {
      // Not where another page of the display was quicker.
      const done = await step
        .updateTable("device")
        .set(next.changed)
        .where("id", "=", row.id)
        .where("hash", "=", row.hash)
        .executeTakeFirst();
      await touch(step);
      return { standing, secret: Number(done.numUpdatedRows) === 1 ? next.secret : null };
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
    const row = await inUse(control, id);
    const object = `display ${row.title}`;
    if (title !== undefined && title !== row.title) {
      await checkTitle(control, title, id);
      await audited(control, by, { action: "display.rename", object, detail: { title } });
    }
    if (at && (at.city !== row.city || at.screen !== row.screen))
      await audited(control, by, { action: "display.assign", object, detail: { ...at } });
    const changed = { ...(title === undefined ? {} : { title }), ...at };
    if (Object.keys(changed).length > 0)
      await control.db.transaction().execute(async (step) => {
        await step.updateTable("device").set(changed).where("id", "=", id).execute();
        await touch(step);
      });
    return itemOf({ ...row, ...changed });
  },

  /** Withdraws a display: its secrets hold no longer. @throws ControlRefusal */
  async displayWithdraw(control: Control, { id, by }: { id: string; by: By }): Promise<DisplayItem> {
    const row = await inUse(control, id);
    await audited(control, by, { action: "display.withdraw", object: `display ${row.title}` });
    const withdrawn = control.now();
    await control.db.transaction().execute(async (step) => {
      await step.updateTable("device").set({ withdrawn }).where("id", "=", id).execute();
      await step.deleteFrom("pairing").where("device", "=", id).execute();
      await touch(step);
    });
    return itemOf({ ...row, withdrawn });
  },
};
