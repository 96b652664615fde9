import { mkdtemp, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createHash } from "node:crypto";
import { sql, type Kysely } from "kysely";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { append, lines, verify } from "./audit";
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
    expect(await verify(db)).toEqual({ ok: true, lines: 3 });
  });

  it("is in order while it is empty, and after it was opened again", async () => {
    expect(await verify(db)).toEqual({ ok: true, lines: 0 });
    await three();
    expect(await verify(await opened())).toEqual({ ok: true, lines: 3 });
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
    expect(await verify(db)).toEqual({ ok: true, lines: 30 });
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
      expect(await verify(db)).toEqual({ ok: false, lines: 1, seq: 2, fault: "changed" });
    },
  );

  it("finds a line that was dropped, at its beginning, in the middle and at its end", async () => {
    await three();
    for (const seq of [1, 2, 3]) {
      const kept = await db.selectFrom("audit").selectAll().where("seq", "=", seq).executeTakeFirstOrThrow();
      await db.deleteFrom("audit").where("seq", "=", seq).execute();
      expect(await verify(db)).toEqual({ ok: false, lines: seq - 1, seq, fault: "missing" });
      await db.insertInto("audit").values(kept).execute();
      expect(await verify(db)).toEqual({ ok: true, lines: 3 });
    }
  });

  it("finds lines that changed places, and one that somebody wrote behind the last", async () => {
    await three();
    const put = (from: number, to: number) => sql`UPDATE audit SET seq = ${to} WHERE seq = ${from}`.execute(db);
    await put(2, 9);
    await put(3, 2);
    await put(9, 3);
    expect(await verify(db)).toEqual({ ok: false, lines: 1, seq: 2, fault: "changed" });
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
});

describe("the embedded control data", () => {
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
