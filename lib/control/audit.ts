import { hash } from "node:crypto";
import type { Kysely } from "kysely";
import { after, monotonic, now } from "../clock";
import type { AuditRow, Tables } from "./tables";

/** What is written into the audit log. */
export const ACTIONS = [
  "token.create",
  "token.revoke",
  "token.refuse",
  "note.create",
  "note.delete",
  "export",
  "map.add",
  "map.remove",
  "notice.acknowledge",
  "session.begin",
  "session.refuse",
  "session.end",
  "account.create",
  "account.change",
  "account.password",
  "invitation.create",
  "invitation.withdraw",
  "screen.open",
  "screen.close",
  "factor.add",
  "factor.remove",
  "mapping.add",
  "mapping.remove",
  "display.pair",
  "display.join",
  "display.rename",
  "display.assign",
  "display.withdraw",
  "display.rotate",
  "display.refuse",
] as const;
export type Action = (typeof ACTIONS)[number];

/** Something that was done. */
export interface Deed {
  /** who did it, such as `command root` or `anonymous` */
  who: string;
  action: Action;
  /** to what, such as `token lianyungang/traffic` */
  object: string;
  /** the address it came from; left out for a command on the machine itself */
  address?: string;
  /** more about it; nothing secret and nothing personal that is not needed */
  detail?: Record<string, string | number | boolean>;
}

/** What stands before the first line. */
const FIRST = "0".repeat(64);
/** Most ms for which a change is tried again because another process was quicker, and between two tries. */
const PATIENCE = 15_000;
const MOST_WAIT = 40;
/** Lines read at once. */
const PAGE = 2_000;

/** The hash of a line: SHA-256 over the hash before it and the line's own fields, in JSON. */
export function hashOf(before: string, line: Omit<AuditRow, "hash">): string {
  const { seq, at, who, action, object, address, detail } = line;
  return hash("sha256", JSON.stringify([before, seq, at, who, action, object, address, detail]));
}

type Db = Kysely<Tables>;

async function headOf(db: Db): Promise<{ seq: number; hash: string }> {
  const head = await db.selectFrom("audit_head").select(["seq", "hash"]).where("one", "=", 1).executeTakeFirst();
  return head ?? { seq: 0, hash: FIRST };
}

/** Writes a line in a transaction. */
export async function appendIn(
  step: Db,
  { who, action, object, address = "", detail = {} }: Deed,
  at: number,
): Promise<void> {
  const before = await headOf(step);
  const line = { seq: before.seq + 1, at, who, action, object, address, detail: JSON.stringify(detail) };
  const row = { ...line, hash: hashOf(before.hash, line) };
  await step.insertInto("audit").values(row).execute();
  const head = { seq: row.seq, hash: row.hash };
  if (before.seq === 0)
    await step
      .insertInto("audit_head")
      .values({ one: 1, ...head })
      .execute();
  else await step.updateTable("audit_head").set(head).where("one", "=", 1).execute();
}

/** Whether an error says that another process has just written. */
function isRace(error: unknown): boolean {
  const { code } = error as { code?: string };
  return /^(23505|40001|40P01|SQLITE_BUSY|SQLITE_CONSTRAINT)/.test(code ?? "");
}

/** Does what changes the control data, again where another process was quicker. @throws where it can't be done */
export async function patiently<T>(task: () => Promise<T>): Promise<T> {
  const began = monotonic();
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (!isRace(error) || monotonic() - began > PATIENCE) throw error;
    }
    // By chance, so that two that met do not meet again.
    await new Promise<void>((resolve) => void after(Math.random() * MOST_WAIT, resolve));
  }
}

/** Writes a line, which is there for good when this resolves. Several processes may do so. @throws where it can't be kept */
export function append(db: Db, deed: Deed, at = now()): Promise<void> {
  return patiently(() => db.transaction().execute((step) => appendIn(step, deed, at)));
}

/** Which lines are asked for. */
export interface AuditFilter {
  /** ms since 1970; `until` is not among them */
  since?: number;
  until?: number;
  who?: string;
  action?: string;
  /** the newest so many */
  limit?: number;
}

/** Lines of the log, newest first. */
export async function lines(db: Db, { since, until, who, action, limit }: AuditFilter = {}): Promise<AuditRow[]> {
  let query = db.selectFrom("audit").selectAll().orderBy("seq", "desc");
  if (since !== undefined) query = query.where("at", ">=", since);
  if (until !== undefined) query = query.where("at", "<", until);
  if (who !== undefined) query = query.where("who", "=", who);
  if (action !== undefined) query = query.where("action", "=", action);
  if (limit !== undefined) query = query.limit(limit);
  return query.execute();
}

/** What a check of the whole log found. */
export type Verdict =
  | { ok: true; lines: number }
  /** the first line that is not as it was written: changed, or not there */
  | { ok: false; lines: number; seq: number; fault: "changed" | "missing" };

/**
 * Reads the log from its first line and says where it is no longer what was written: a line that was changed or exchanged with another,
 * that is missing, or that is missing at the end.
 */
export async function verify(db: Db): Promise<Verdict> {
  let [before, seq] = [FIRST, 0];
  for (;;) {
    const page = await db.selectFrom("audit").selectAll().where("seq", ">", seq).orderBy("seq").limit(PAGE).execute();
    for (const row of page) {
      const next = seq + 1;
      if (row.seq !== next) return { ok: false, lines: seq, seq: next, fault: "missing" };
      if (hashOf(before, row) !== row.hash) return { ok: false, lines: seq, seq: next, fault: "changed" };
      [before, seq] = [row.hash, next];
    }
    if (page.length < PAGE) break;
  }
  const head = await headOf(db);
  if (head.seq > seq) return { ok: false, lines: seq, seq: seq + 1, fault: "missing" };
  if (head.seq < seq || head.hash !== before) return { ok: false, lines: seq, seq, fault: "changed" };
  return { ok: true, lines: seq };
}
