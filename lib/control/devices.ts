import type { Kysely } from "kysely";
import type { DisplayHealth, DisplayItem, DisplayStanding } from "../contract/api/displays";
import { audited, type Control } from "./context";
import { randomLetters, readLetters } from "./letters";
import { newSecret } from "./sessions";
import type { DeviceRow, Tables } from "./tables";

/** What displays prove themselves with, and what is told of them. */

/** Ms that a secret is used before the display is given the next one, and that the one before holds once the next was used. */
const ROTATE_EVERY = 86_400_000;
const GRACE = 600_000;
/** Ms after which a next secret that was never used counts as lost on its way: another one is given. */
const LOST_AFTER = 60_000;
/** A secret that ended is told of in the audit log once in so many ms, however often it is shown. */
const TOLD_EVERY = 3_600_000;

export const CODE_LENGTH = 8;

/** A code by chance, about 34.5 bits. */
export function makeCode(): string {
  return randomLetters(CODE_LENGTH);
}

/** A code as somebody typed it; null where it cannot be one. */
export function readCode(text: string): string | null {
  return readLetters(text, CODE_LENGTH);
}

/** The display that has or had a secret; undefined where none is known. @param hash SHA-256 of it */
export function deviceOf(db: Kysely<Tables>, hash: string): Promise<DeviceRow | undefined> {
  return db
    .selectFrom("device")
    .selectAll()
    .where(({ eb, or }) => or([eb("hash", "=", hash), eb("previous", "=", hash)]))
    .executeTakeFirst();
}

/** When (ms) a secret of a display ends or has ended; null: nothing ends it yet. */
export function endOf(row: DeviceRow, hash: string): number | null {
  return row.hash === hash ? null : row.previous_until;
}

/** Whether a secret of a display holds no longer. */
export function hasEnded(row: DeviceRow, hash: string, now: number): boolean {
  const end = endOf(row, hash);
  return end !== null && end <= now;
}

/** When a display's ended secret was last told of, by both. */
const told = new Map<string, number>();
const MOST_TOLD = 10_000;

/** Writes down that a secret was shown that has ended: somebody may have copied it. It does no more than that. */
export async function tellEnded(control: Control, row: DeviceRow, hash: string, address: string): Promise<void> {
  const key = `${row.id} ${hash}`;
  const now = control.now();
  if (now - (told.get(key) ?? -Infinity) < TOLD_EVERY) return;
  if (told.size >= MOST_TOLD) told.clear();
  told.set(key, now);
  const deed = {
    action: "display.refuse",
    object: `display ${row.title}`,
    detail: { why: "its secret has ended" },
  } as const;
  await audited(control, { who: "anonymous", address }, deed).catch((error: unknown) => {
    told.delete(key);
    throw error;
  });
}

/** What the holder of a secret is told. @param row the display that has or had it */
export function standingOf(row: DeviceRow | undefined, hash: string, now: number): DisplayStanding {
  if (!row || hasEnded(row, hash, now)) return { state: "none" };
  const { id, title, city, screen, withdrawn } = row;
  return withdrawn === null ? { state: "paired", id, title, city, screen } : { state: "withdrawn", title };
}

type Secrets = Pick<DeviceRow, "hash" | "previous" | "previous_until" | "rotated">;

/**
 * What becomes of a display's secrets as it shows one that holds. The next one is given after a day; the one before goes on holding until
 * the display has used the next, as an answer may be lost on its way, and for ten minutes more, as a second page may still have it.
 * @param secret given to the display, null: it keeps the one it has @returns null where nothing changes
 */
export function nextSecrets(
  row: Secrets,
  hash: string,
  now: number,
): { secret: string | null; changed: Partial<Secrets> } | null {
  if (hash !== row.hash) {
    if (row.previous_until !== null || now - row.rotated < LOST_AFTER) return null;
    const next = newSecret();
    return { secret: next.secret, changed: { hash: next.hash, rotated: now } };
  }
  if (row.previous !== null && row.previous_until === null)
    return { secret: null, changed: { previous_until: now + GRACE } };
  if (now - row.rotated < ROTATE_EVERY) return null;
  const next = newSecret();
  return { secret: next.secret, changed: { hash: next.hash, previous: hash, previous_until: null, rotated: now } };
}

/** A display as lists have it. */
export function itemOf(row: DeviceRow): DisplayItem {
  const { id, title, city, screen, made, made_by, seen, address, version, painted, health, withdrawn } = row;
  return {
    id,
    title,
    city,
    screen,
    made,
    madeBy: made_by,
    seen,
    address,
    version,
    painted,
    health: health === "" ? null : (JSON.parse(health) as DisplayHealth),
    withdrawn,
  };
}
