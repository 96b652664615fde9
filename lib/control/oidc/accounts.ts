import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { accountName, personRequest } from "../../contract/api/accounts";
import { LIMITS } from "../../contract/api/limits";
import type { Role, Scope } from "../../contract/rights";
import { changing, type Control } from "../context";
import { endLinksIn } from "../sessions";
import type { AccountRow, Tables } from "../tables";
import type { Claims } from "./rights";

/** Names that are tried until one is free. */
const TRIES = 1_000;

function textIn(claims: Claims, names: readonly string[]): string | undefined {
  return names
    .map((name) => claims[name])
    .find((value): value is string => typeof value === "string" && value.trim() !== "");
}

/** What somebody is called in lists and logs: as the issuer calls him, as far as names may be here. */
export function nameIn(claims: Claims): string {
  const said = textIn(claims, ["preferred_username", "email", "name", "sub"]) ?? "";
  const letters = said
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}._@-]+/gu, "-")
    .replace(/^[^\p{L}\p{N}]+/u, "");
  const read = accountName.safeParse([...letters].slice(0, LIMITS.accounts.nameLength).join(""));
  return read.success ? read.data : "somebody";
}

/** As pages call him: his name as the issuer writes it, where that is a plain text. */
export function titleIn(claims: Claims, name: string): string {
  const said = textIn(claims, ["name", "preferred_username"])?.trim();
  const cut = said === undefined ? undefined : [...said].slice(0, LIMITS.accounts.titleLength).join("");
  const read = personRequest.shape.title.safeParse(cut);
  return read.success && read.data !== undefined ? read.data : name;
}

/** A name that nobody has: with a number behind it where somebody does. What is his stays his, whoever the issuer calls the same. */
async function freeName(db: Kysely<Tables>, name: string): Promise<string> {
  for (let i = 1; i <= TRIES; i++) {
    const tail = i === 1 ? "" : `-${i}`;
    const tried = name.slice(0, LIMITS.accounts.nameLength - tail.length) + tail;
    const taken = await db.selectFrom("account").select("id").where("name", "=", tried).executeTakeFirst();
    if (!taken) return tried;
  }
  return `${name.slice(0, LIMITS.accounts.nameLength - 9)}-${randomUUID().slice(0, 8)}`;
}

/** By what an account is known that the issuer signs in: a name is somebody else's tomorrow, a subject never (Core 1.0, 5.7). */
export const identityOf = (issuer: string, { sub }: { sub: string }): string => `${issuer} ${sub}`;

export const accountOfIdentity = ({ db }: Control, identity: string): Promise<AccountRow | undefined> =>
  db.selectFrom("account").selectAll().where("oidc", "=", identity).executeTakeFirst();

interface Told {
  identity: string;
  claims: Claims;
  rights: { role: Role; scopes: Scope[] };
}

/** Makes the account of somebody who comes for the first time, or gives one what the issuer says of it now. */
export function keepAccount(control: Control, { identity, claims, rights }: Told): Promise<AccountRow> {
  const by = { who: "issuer", address: "" };
  return changing(control, async ({ step, at, audit }) => {
    const known = await step.selectFrom("account").selectAll().where("oidc", "=", identity).executeTakeFirst();
    const name = known?.name ?? (await freeName(step, nameIn(claims)));
    const said = { title: titleIn(claims, name), role: rights.role, scopes: JSON.stringify(rights.scopes) };
    const detail = { role: said.role, scopes: said.scopes };
    if (!known) {
      const local = { password: null, totp: null, totp_step: null, disabled: 0 as const };
      const row: AccountRow = { id: randomUUID(), name, ...said, ...local, oidc: identity, created: at };
      await step.insertInto("account").values(row).execute();
      await audit(by, { action: "account.create", object: `account ${name}`, detail });
      return row;
    }
    if (said.role !== known.role || said.scopes !== known.scopes) {
      await audit(by, { action: "account.change", object: `account ${name}`, detail });
      await endLinksIn(step, known);
    }
    await step.updateTable("account").set(said).where("id", "=", known.id).execute();
    return { ...known, ...said };
  });
}
