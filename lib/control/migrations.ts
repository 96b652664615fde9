import type { Kysely } from "kysely";
import { now } from "../clock";
import { addAudit } from "./migrations/audit";
import { addPeople } from "./migrations/people";
import type { Tables } from "./tables";

interface Migration {
  name: string;
  up(db: Kysely<Tables>): Promise<void>;
}

/** Forward alone, in this order; each is one transaction. A name that has been released never changes. */
export const MIGRATIONS: readonly Migration[] = [
  { name: "2026-12-audit", up: addAudit },
  { name: "2026-12-people", up: addPeople },
];

/**
 * Brings the tables to this version's state. @throws where they were made by a newer version, which this one could only damage
 */
export async function migrate(db: Kysely<Tables>, migrations = MIGRATIONS): Promise<void> {
  await db.schema
    .createTable("control_migrations")
    .ifNotExists()
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("at", "bigint", (column) => column.notNull())
    .execute();
  const done = new Set((await db.selectFrom("control_migrations").select("name").execute()).map(({ name }) => name));
  const unknown = [...done].filter((name) => !migrations.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(`the control data was made by a newer version of Citywall (${unknown.join(", ")})`);
  for (const { name, up } of migrations) {
    if (done.has(name)) continue;
    await db.transaction().execute(async (step) => {
      await up(step);
      await step.insertInto("control_migrations").values({ name, at: now() }).execute();
    });
  }
}
