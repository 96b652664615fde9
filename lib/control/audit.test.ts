import { mkdtemp, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createHash } from "node:crypto";
import { sql, type Kysely } from "kysely";
import fc from "fast-check";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { append, forget, lines, verify } from "./audit";
import { openControl, type ControlPlace } from "./open";
import type { Tables } from "./tables";

const server = process.env.CITYWALL_TEST_POSTGRES;

/** A database of its own on the test server. */
async function freshDatabase(): Promise<string> {
  const name = `control_${Math.random().toString(36).slice(2)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

const engines = ["embedded", ...(server ? ["PostgreSQL"] : [])] as const;

describe.each(engines)("the audit log, %s", (engine) => {
  let place: ControlPlace;
  let open: Kysely<Tables>[];
  let db: Kysely<Tables>;
  const opened = async (): Promise<Kysely<Tables>> => {
    const one = await openControl(place);
    open.push(one);
    return one;
  };
  beforeEach(async () => {
    const data = await mkdtemp(path.join(os.tmpdir(), "citywall-control-"));
    place = engine === "embedded" ? { data } : { data, databaseUrl: await freshDatabase() };
    open = [];
    db = await opened();
  });
  afterEach(async () => {
    for (const one of open) await one.destroy();
    await rm(place.data, { recursive: true, force: true });
  });

  const three = async (): Promise<void> => {
    await append(db, { who: "command ada", action: "token.create", object: "token a/b" }, 1_000);
    await append(db, { who: "anonymous", action: "export", object: "reading/a/all/x", address: "10.0.0.7" }, 2_000);
    await append(db, { who: "command ada", action: "token.revoke", object: "token a/b", detail: { count: 2 } }, 3_000);
  };

  it("keeps lines with numbers one behind the other, each hashed over the one before it", async () => {
    await three();
    const [newest, , oldest] = await lines(db);
    const hashOver = (fields: unknown[]): string => createHash("sha256").update(JSON.stringify(fields)).digest("hex");
    const first = hashOver(["0".repeat(64), 1, 1_000, "command ada", "token.create", "token a/b", "", "{}"]);
    expect(oldest).toEqual({
      seq: 1,
      at: 1_000,
      who: "command ada",
      action: "token.create",
      object: "token a/b",
      address: "",
      detail: "{}",
      hash: first,
    });
    expect(newest).toMatchObject({ seq: 3, at: 3_000, detail: '{"count":2}' });
    expect(await verify(db)).toEqual({ ok: true, lines: 3, forgotten: 0 });
  });

  it("is in order while it is empty, and after it was opened again", async () => {
    expect(await verify(db)).toEqual({ ok: true, lines: 0, forgotten: 0 });
    await three();
    expect(await verify(await opened())).toEqual({ ok: true, lines: 3, forgotten: 0 });
  });

  it("tells lines by time, by who and by what, the newest first", async () => {
    await three();
    const seqs = async (filter: object): Promise<number[]> => (await lines(db, filter)).map(({ seq }) => seq);
    expect(await seqs({})).toEqual([3, 2, 1]);
    expect(await seqs({ limit: 2 })).toEqual([3, 2]);
    expect(await seqs({ since: 2_000, until: 3_000 })).toEqual([2]);
    expect(await seqs({ who: "command ada" })).toEqual([3, 1]);
    expect(await seqs({ action: "export" })).toEqual([2]);
  });

  it("loses none and doubles none where several write at once", async () => {
    const writers = [db, await opened(), await opened()];
    const deeds = Array.from({ length: 30 }, (_, i) => `thing ${i}`);
    await Promise.all(
      deeds.map((object, i) => append(writers[i % 3] as typeof db, { who: "x", action: "map.add", object })),
    );
    expect((await lines(db)).map(({ object }) => object).sort()).toEqual([...deeds].sort());
    expect(await verify(db)).toEqual({ ok: true, lines: 30, forgotten: 0 });
  });

  it.each(["who", "action", "object", "address", "detail", "at", "hash"] as const)(
    "finds a line whose %s was changed",
    async (field) => {
      await three();
      await db
        .updateTable("audit")
        .set({ [field]: field === "at" ? 1_999 : "else" })
        .where("seq", "=", 2)
        .execute();
      expect(await verify(db)).toEqual({ ok: false, lines: 1, forgotten: 0, seq: 2, fault: "changed" });
    },
  );

  it("finds a line that was dropped, at its beginning, in the middle and at its end", async () => {
    await three();
    for (const seq of [1, 2, 3]) {
      const kept = await db.selectFrom("audit").selectAll().where("seq", "=", seq).executeTakeFirstOrThrow();
      await db.deleteFrom("audit").where("seq", "=", seq).execute();
      expect(await verify(db)).toEqual({ ok: false, lines: seq - 1, forgotten: 0, seq, fault: "missing" });
      await db.insertInto("audit").values(kept).execute();
      expect(await verify(db)).toEqual({ ok: true, lines: 3, forgotten: 0 });
    }
  });

  it("finds lines that changed places, and one that somebody wrote behind the last", async () => {
    await three();
    const put = (from: number, to: number) => sql`UPDATE audit SET seq = ${to} WHERE seq = ${from}`.execute(db);
    await put(2, 9);
    await put(3, 2);
    await put(9, 3);
    expect(await verify(db)).toEqual({ ok: false, lines: 1, forgotten: 0, seq: 2, fault: "changed" });
    await put(2, 9);
    await put(3, 2);
    await put(9, 3);
    const last = (await lines(db, { limit: 1 }))[0];
    await db
      .insertInto("audit")
      .values({ ...last!, seq: 4 })
      .execute();
    expect(await verify(db)).toMatchObject({ ok: false, seq: 4 });
  });

  it("finds lines by what they hold, whatever the letters, and pages through them", async () => {
    await three();
    await append(
      db,
      { who: "account x", action: "map.add", object: "100% of a_b\\c", detail: { Note: "Ärger" } },
      4_000,
    );
    const seqs = async (filter: object): Promise<number[]> => (await lines(db, filter)).map(({ seq }) => seq);
    expect(await seqs({ text: "TOKEN A/B" })).toEqual([3, 1]);
    expect([await seqs({ text: "100%" }), await seqs({ text: "a_b\\" }), await seqs({ text: "aXb" })]).toEqual([
      [4],
      [4],
      [],
    ]);
    expect([await seqs({ text: "10.0.0" }), await seqs({ text: '"count"' }), await seqs({ text: "note" })]).toEqual([
      [2],
      [3],
      [4],
    ]);
    expect([await seqs({ before: 3 }), await seqs({ after: 2, oldestFirst: true })]).toEqual([
      [2, 1],
      [3, 4],
    ]);
  });

  const old = { who: "retention", at: 9_000 };

  it("forgets what is older than it is kept, says so itself, and what is left can be verified", async () => {
    await three();
    expect(await forget(db, { ...old, before: 3_000 })).toBe(2);
    expect((await lines(db)).map(({ seq, action }) => [seq, action])).toEqual([
      [4, "audit.forget"],
      [3, "token.revoke"],
    ]);
    expect(await verify(db)).toEqual({ ok: true, lines: 2, forgotten: 2 });
    expect(await forget(db, { ...old, before: 3_000 })).toBe(0);
    await three();
    expect(await forget(db, { ...old, before: 9_500 })).toBe(5);
    expect(await verify(db)).toEqual({ ok: true, lines: 1, forgotten: 7 });
    await three();
    expect(await verify(await opened())).toEqual({ ok: true, lines: 4, forgotten: 7 });
  });

  it("never forgets a line that is younger, whatever the clock once said", async () => {
    await append(db, { who: "x", action: "map.add", object: "1" }, 5_000);
    await append(db, { who: "x", action: "map.add", object: "2" }, 1_000);
    expect(await forget(db, { ...old, before: 4_000 })).toBe(0);
    expect(await lines(db)).toHaveLength(2);
  });

  it("finds lines that somebody dropped as if they had been too old", async () => {
    await three();
    const [second] = await lines(db, { before: 3, limit: 1 });
    await db.deleteFrom("audit").where("seq", "<=", 2).execute();
    await db
      .insertInto("audit_start")
      .values({ one: 1, seq: 2, hash: second?.hash ?? "" })
      .execute();
    expect(await verify(db)).toEqual({ ok: false, lines: 0, forgotten: 2, seq: 1, fault: "missing" });
  });

  it(
    "finds any line that is changed, dropped or put elsewhere, also after some were forgotten",
    { timeout: 60_000 },
    async () => {
      const harm = fc.oneof(
        fc.record({ kind: fc.constant("drop" as const), at: fc.nat(99) }),
        fc.record({ kind: fc.constant("swap" as const), at: fc.nat(99), with: fc.nat(99) }),
        fc.record({
          kind: fc.constant("change" as const),
          at: fc.nat(99),
          field: fc.constantFrom(
            "who" as const,
            "action" as const,
            "object" as const,
            "address" as const,
            "detail" as const,
          ),
        }),
        fc.record({ kind: fc.constant("start" as const), by: fc.constantFrom(-1, 1) }),
      );
      const count = fc.integer({ min: 2, max: 8 });
      const property = fc.asyncProperty(count, fc.nat(6), harm, async (written, forgotten, done) => {
        for (const table of ["audit", "audit_head", "audit_start"] as const) await db.deleteFrom(table).execute();
        for (let i = 0; i < written; i++) await append(db, { who: "x", action: "map.add", object: `${i}` }, i);
        const gone = await forget(db, { ...old, before: Math.min(forgotten, written - 1) });
        expect(await verify(db)).toMatchObject({ ok: true, forgotten: gone });
        const kept = (await lines(db)).map(({ seq }) => seq);
        const seqOf = (at: number): number => kept[at % kept.length] as number;
        if (done.kind === "start") {
          if (gone === 0) return;
          await db
            .updateTable("audit_start")
            .set(({ eb }) => ({ seq: eb("seq", "+", done.by) }))
            .execute();
        } else if (done.kind === "drop") await db.deleteFrom("audit").where("seq", "=", seqOf(done.at)).execute();
        else if (done.kind === "change")
          await db
            .updateTable("audit")
            .set({ [done.field]: "else" })
            .where("seq", "=", seqOf(done.at))
            .execute();
        else {
          const [a, b] = [seqOf(done.at), seqOf(done.with)];
          if (a === b) return;
          const put = (from: number, to: number) =>
            db.updateTable("audit").set({ seq: to }).where("seq", "=", from).execute();
          await put(a, -1);
          await put(b, a);
          await put(-1, b);
        }
        expect((await verify(db)).ok).toBe(false);
      });
      await fc.assert(property, { numRuns: engine === "embedded" ? 150 : 20 });
    },
  );
});

describe("the embedded control data", () => {
  it("has changes wait for each other before they look at anything, and goes on at once where one had to", async () => {
    const data = await mkdtemp(path.join(os.tmpdir(), "citywall-control-"));
    const [first, second] = [await openControl({ data }), await openControl({ data })];
    const looked: string[] = [];
    await first.transaction().execute(async (step) => {
      const other = second.transaction().execute(async () => void looked.push("second"));
      await expect(other).rejects.toMatchObject({ code: "SQLITE_BUSY" });
      const alone = second
        .insertInto("open_screen")
        .values({ city: "c", screen: "d", made: 1, made_by: "x" })
        .execute();
      await expect(alone).rejects.toMatchObject({ code: "SQLITE_BUSY" });
      await step.insertInto("open_screen").values({ city: "a", screen: "b", made: 1, made_by: "x" }).execute();
    });
    expect(looked).toEqual([]);
    await append(second, { who: "x", action: "map.add", object: "y" });
    expect(await verify(first)).toMatchObject({ ok: true, lines: 1 });
    await Promise.all([first.destroy(), second.destroy()]);
    await rm(data, { recursive: true, force: true });
  });

  it("can be read by nobody else on the machine, and is refused where a newer version made it", async () => {
    const data = await mkdtemp(path.join(os.tmpdir(), "citywall-control-"));
    const db = await openControl({ data });
    expect((await stat(path.join(data, "control.db"))).mode & 0o777).toBe(0o600);
    await db.insertInto("control_migrations").values({ name: "2031-something", at: 1 }).execute();
    await db.destroy();
    await expect(openControl({ data })).rejects.toThrow("newer version of Citywall (2031-something)");
    await rm(data, { recursive: true, force: true });
  });
});
