import { hash } from "node:crypto";
import { sql, type Kysely } from "kysely";
import { z } from "zod";
import { after, monotonic, now } from "../clock";
import type { AuditRow, Tables } from "./tables";

/** What is written into the audit log. */
export const ACTIONS = [
  "token.create",
  "token.rotate",
  "token.revoke",
  "token.take-over",
  "token.refuse",
  "refuse",
  "note.create",
  "note.delete",
  "export",
  "audit.export",
  "audit.forget",
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
  "policy.change",
  "mapping.add",
  "mapping.remove",
  "display.pair",
  "display.join",
  "display.rename",
  "display.assign",
  "display.withdraw",
  "display.rotate",
  "display.refuse",
  "backup.create",
  "backup.restore",
  "file.add",
  "file.change",
  "file.remove",
  "file.refuse",
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
  /** anywhere in a line: who, what, where from or its details; capital and small letters are the same */
  text?: string;
  /** numbers of lines that are not among them: those before the one, and those behind the other */
  before?: number;
  after?: number;
  /** the newest so many, or the oldest where the oldest come first */
  limit?: number;
  /** the oldest first */
  oldestFirst?: boolean;
}

/** Lines of the log, newest first unless asked otherwise. */
export async function lines(db: Db, filter: AuditFilter = {}): Promise<AuditRow[]> {
  const { since, until, who, action, text, before, after: behind, limit, oldestFirst = false } = filter;
  let query = db
    .selectFrom("audit")
    .selectAll()
    .orderBy("seq", oldestFirst ? "asc" : "desc");
  if (since !== undefined) query = query.where("at", ">=", since);
  if (until !== undefined) query = query.where("at", "<", until);
  if (who !== undefined) query = query.where("who", "=", who);
  if (action !== undefined) query = query.where("action", "=", action);
  if (before !== undefined) query = query.where("seq", "<", before);
  if (behind !== undefined) query = query.where("seq", ">", behind);
  if (text !== undefined && text !== "") query = query.where(holds(text));
  if (limit !== undefined) query = query.limit(limit);
  return query.execute();
}

/** Whether a line holds a text. */
function holds(text: string) {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const columns = ["who", "object", "address", "detail"] as const;
  return sql<boolean>`(${sql.join(
    columns.map((column) => sql`lower(${sql.ref(column)}) LIKE ${pattern} ESCAPE '\\'`),
    sql` OR `,
  )})`;
}

/** What a check of the whole log found. */
export type Verdict =
  /** `forgotten`: lines before the first that were forgotten in good order, as they were older than they are kept */
  | { ok: true; lines: number; forgotten: number }
  /** the first line that is not as it was written: changed, or not there */
  | { ok: false; lines: number; forgotten: number; seq: number; fault: "changed" | "missing" };

/** The line before the first that is kept. */
async function startOf(db: Db): Promise<{ seq: number; hash: string }> {
  const start = await db.selectFrom("audit_start").select(["seq", "hash"]).where("one", "=", 1).executeTakeFirst();
  return start ?? { seq: 0, hash: FIRST };
}

/** Up to where the log says itself that it was forgotten, and the hash of the last line that was. */
const FORGOTTEN = z.object({ through: z.int(), hash: z.string() });

function forgottenBy({ action, detail }: AuditRow): { through: number; hash: string } | null {
  if (action !== ("audit.forget" satisfies Action)) return null;
  try {
    return FORGOTTEN.safeParse(JSON.parse(detail)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * Reads the log from its first line and says where it is no longer what was written: a line that was changed or exchanged with another,
 * that is missing, or that is missing at the end. Lines that were forgotten are missing as well where no line of the log says so.
 */
export async function verify(db: Db): Promise<Verdict> {
  const start = await startOf(db);
  const forgotten = start.seq;
  let [before, seq] = [start.hash, start.seq];
  let said: { through: number; hash: string } | null = null;
  const broken = (at: number, fault: "changed" | "missing"): Verdict => ({
    ok: false,
    lines: at - 1 - forgotten,
    forgotten,
    seq: at,
    fault,
  });
  for (;;) {
    const page = await db.selectFrom("audit").selectAll().where("seq", ">", seq).orderBy("seq").limit(PAGE).execute();
    for (const row of page) {
      const next = seq + 1;
      if (row.seq !== next) return broken(next, "missing");
      if (hashOf(before, row) !== row.hash) return broken(next, "changed");
      [before, seq, said] = [row.hash, next, forgottenBy(row) ?? said];
    }
    if (page.length < PAGE) break;
  }
  const head = await headOf(db);
  if (head.seq > seq) return broken(seq + 1, "missing");
  if (head.seq < seq || head.hash !== before) return broken(seq, "changed");
  if ((said?.through ?? 0) !== start.seq || (said?.hash ?? FIRST) !== start.hash)
    return { ok: false, lines: 0, forgotten, seq: (said?.through ?? 0) + 1, fault: "missing" };
  return { ok: true, lines: seq - start.seq, forgotten };
}

/**
 * Forgets lines that are older than `before` (ms), up to the first that is not. The log says so itself in a line of its own, with the
 * hash of the last that was forgotten: what is kept can still be verified, and nobody can drop lines and say that they were too old.
 * Returns how many.
 */
export function forget(db: Db, { before, who, at }: { before: number; who: string; at: number }): Promise<number> {
  return patiently(() =>
    db.transaction().execute(async (step) => {
      const start = await startOf(step);
      const young = await step
        .selectFrom("audit")
        .select(({ fn }) => fn.min("seq").as("seq"))
        .where("at", ">=", before)
        .executeTakeFirst();
      const through = (young?.seq ?? (await headOf(step)).seq + 1) - 1;
      if (through <= start.seq) return 0;
      const last = await step.selectFrom("audit").select("hash").where("seq", "=", through).executeTakeFirstOrThrow();
      const detail = { through, hash: last.hash, lines: through - start.seq };
      await appendIn(step, { who, action: "audit.forget", object: "audit log", detail }, at);
      await step.deleteFrom("audit").where("seq", "<=", through).execute();
      await step.deleteFrom("audit_start").execute();
      await step.insertInto("audit_start").values({ one: 1, seq: through, hash: last.hash }).execute();
      return through - start.seq;
    }),
  );
}
