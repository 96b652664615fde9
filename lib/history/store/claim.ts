import type pg from "pg";
import { NotOurs, type Installation } from "./installation";

/** Citywall's among the advisory locks of a database; the schema tells one store of it from another. */
const LOCK = 0x63_77_61_6c;
const TAKE = `SELECT pg_try_advisory_lock(${LOCK}, hashtext(coalesce(current_schema(), ''))) AS taken`;
const HOLDER = `
  SELECT client_addr FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND granted AND classid = ${LOCK}::oid AND database =
    (SELECT oid FROM pg_database WHERE datname = current_database())
    AND objid::bigint = hashtext(coalesce(current_schema(), ''))::bigint & 4294967295`;
const OWNER = `
  CREATE TABLE IF NOT EXISTS installation (id TEXT NOT NULL, folder TEXT NOT NULL, since TIMESTAMPTZ NOT NULL)`;
/** So soon the server notices that who held the lock is gone without a word, where its machine lost power or the network. */
const NOTICE_GONE = [
  "SET tcp_keepalives_idle = 10",
  "SET tcp_keepalives_interval = 5",
  "SET tcp_keepalives_count = 3",
  "SET client_connection_check_interval = '5s'",
];

interface Owner {
  id: string;
  folder: string;
}

/**
 * What has to be so on a connection before anything is written on it: the store's lock is its own, and the database belongs to
 * this installation. The lock is the session's, so the server lets go of it when the connection is gone, and only then.
 *
 * The lock keeps two from writing at once. That they do not write by turns either, each reading the other's place in its own journal
 * for its own, is what the owner's name is for.
 */
export class Claim {
  /** @param owner null does not look at whose it is @param adopt makes it the owner's on the first connection */
  constructor(
    private readonly owner: Installation | null,
    private adopt: boolean,
  ) {}

  /** @throws NotOurs */
  async take(client: pg.Client): Promise<void> {
    // A server that does not know one of them notices later.
    for (const setting of NOTICE_GONE) await client.query(setting).catch(() => {});
    const { rows } = await client.query<{ taken: boolean }>(TAKE);
    if (rows[0]?.taken !== true) throw await this.held(client);
    if (this.owner) await this.own(client, this.owner);
  }

  private async own(client: pg.Client, { id, folder }: Installation): Promise<void> {
    await client.query(OWNER);
    const asOf = await ownerOf(client);
    if (asOf && asOf.id !== id && !this.adopt)
      throw new NotOurs(
        nameOf(client),
        asOf.id,
        `holds the past of another Citywall (${asOf.folder}); name another database or, where that one is no more, run ` +
          "`npx citywall db adopt`",
      );
    if (asOf?.id === id && asOf.folder === folder) return;
    await client.query("BEGIN");
    await client.query("DELETE FROM installation");
    await client.query("INSERT INTO installation VALUES ($1, $2, now())", [id, folder]);
    // Places in another folder's journals say nothing of those in this one.
    if (asOf && asOf.id !== id && (await isThere(client, "journal_place")))
      await client.query("DELETE FROM journal_place");
    await client.query("COMMIT");
    this.adopt = false;
  }

  /** Who has the lock, as far as the database tells. */
  private async held(client: pg.Client): Promise<NotOurs> {
    const { rows } = await client.query<{ client_addr: string | null }>(HOLDER);
    const from = rows[0]?.client_addr ? `, connected from ${rows[0].client_addr}` : "";
    const asOf = await ownerOf(client);
    const isOther = asOf !== null && asOf.id !== this.owner?.id;
    const who = asOf
      ? `${isOther ? "another Citywall" : "a store of this data folder, or of a copy"} (${asOf.folder})`
      : "";
    return new NotOurs(
      nameOf(client),
      // One of ours may only not have gone yet, as where its machine lost power.
      isOther ? asOf.id : null,
      `is held by ${who || "another Citywall"}${from}: two would lose what each other acknowledged; end that one or name ` +
        "another database",
    );
  }
}

async function isThere(client: pg.Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [table]);
  return rows[0]?.there === true;
}

/** Whose a database is; null where it is nobody's yet. */
async function ownerOf(client: pg.Client): Promise<Owner | null> {
  if (!(await isThere(client, "installation"))) return null;
  const { rows } = await client.query<Owner>("SELECT id, folder FROM installation");
  return rows[0] ?? null;
}

/** A database in words, without the password that its address may hold. */
function nameOf({ database, host, port }: pg.Client): string {
  return `PostgreSQL database ${database ?? ""} on ${host}:${port}`;
}
