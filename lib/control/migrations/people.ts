import type { Kysely } from "kysely";
import type { Tables } from "../tables";

type Column = "text" | "bigint" | "integer";
/** Columns of a table: those that hold something in every row, and those that may hold nothing. */
interface Made {
  filled: Record<string, Column>;
  open?: Record<string, Column>;
  key: readonly string[];
  /** columns of which no two rows have the same */
  unique?: readonly string[];
  /** columns that rows are looked for by */
  index?: readonly string[];
}

const TABLES: Record<string, Made> = {
  account: {
    filled: {
      id: "text",
      name: "text",
      title: "text",
      role: "text",
      scopes: "text",
      disabled: "integer",
      created: "bigint",
    },
    open: { password: "text", totp: "text", totp_step: "bigint", oidc: "text" },
    key: ["id"],
    unique: ["name", "oidc"],
  },
  passkey: {
    filled: {
      id: "text",
      account: "text",
      public_key: "text",
      counter: "bigint",
      transports: "text",
      title: "text",
      created: "bigint",
    },
    open: { used: "bigint" },
    key: ["id"],
    index: ["account"],
  },
  challenge: {
    filled: { hash: "text", kind: "text", value: "text", expires: "bigint" },
    open: { account: "text" },
    key: ["hash"],
  },
  invitation: {
    filled: { hash: "text", kind: "text", expires: "bigint", made_by: "text", made: "bigint" },
    open: { account: "text", role: "text", scopes: "text" },
    key: ["hash"],
  },
  session: {
    filled: {
      hash: "text",
      id: "text",
      account: "text",
      created: "bigint",
      seen: "bigint",
      expires: "bigint",
      address: "text",
      agent: "text",
      method: "text",
      multi_factor: "integer",
    },
    key: ["hash"],
    unique: ["id"],
    index: ["account"],
  },
  sign_in_failure: { filled: { key: "text", count: "bigint", last: "bigint" }, key: ["key"] },
  recovery_code: { filled: { account: "text", hash: "text", salt: "text" }, key: ["account", "hash"] },
  sign_in_policy: { filled: { one: "integer", second_factor: "text" }, key: ["one"] },
  role_mapping: {
    filled: { id: "text", claim: "text", value: "text", role: "text", scopes: "text" },
    key: ["id"],
  },
  device: {
    filled: {
      id: "text",
      title: "text",
      city: "text",
      screen: "text",
      hash: "text",
      rotated: "bigint",
      made: "bigint",
      made_by: "text",
      address: "text",
      version: "text",
      health: "text",
    },
    open: {
      previous: "text",
      previous_until: "bigint",
      seen: "bigint",
      painted: "bigint",
      withdrawn: "bigint",
    },
    key: ["id"],
    unique: ["hash"],
    index: ["previous"],
  },
  pairing: {
    filled: { code: "text", hash: "text", address: "text", expires: "bigint" },
    open: { device: "text" },
    key: ["code"],
    unique: ["hash"],
  },
  token: {
    filled: {
      hash: "text",
      id: "text",
      kind: "text",
      backfill: "integer",
      created: "bigint",
      note: "text",
      made_by: "text",
    },
    open: { city: "text", feed: "text", expires: "bigint", addresses: "text", used: "bigint", replaced_by: "text" },
    key: ["hash"],
    unique: ["id"],
    index: ["city"],
  },
  open_screen: {
    filled: { city: "text", screen: "text", made: "bigint", made_by: "text" },
    key: ["city", "screen"],
  },
  configuration_file: {
    filled: { file: "text", hash: "text", who: "text", modified: "bigint" },
    open: { why: "text" },
    key: ["file"],
  },
  audit_start: { filled: { one: "integer", seq: "bigint", hash: "text" }, key: ["one"] },
  control_revision: { filled: { one: "integer", revision: "bigint" }, key: ["one"] },
};

async function add(db: Kysely<Tables>, name: string, { filled, open = {}, key, unique = [], index = [] }: Made) {
  let table = db.schema.createTable(name);
  for (const [column, type] of Object.entries(filled)) table = table.addColumn(column, type, (made) => made.notNull());
  for (const [column, type] of Object.entries(open)) table = table.addColumn(column, type);
  await table.addPrimaryKeyConstraint(`${name}_key`, key as never).execute();
  for (const column of unique)
    await db.schema.createIndex(`${name}_${column}`).on(name).column(column).unique().execute();
  for (const column of index) await db.schema.createIndex(`${name}_${column}`).on(name).column(column).execute();
}

/** Accounts and how they prove themselves, displays, tokens of programs, screens that are open. */
export async function addPeople(db: Kysely<Tables>): Promise<void> {
  for (const [name, made] of Object.entries(TABLES)) await add(db, name, made);
  await db.insertInto("control_revision").values({ one: 1, revision: 1 }).execute();
}
