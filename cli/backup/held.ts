/** What control data give a right to, by names that people know, and what of it others had taken back. */
import type { Kysely } from "kysely";
import type { Scope } from "../../lib/contract/rights";
import type { Tables } from "../../lib/control/tables";

/** Something by which somebody may do something. */
export interface Held {
  kind: "account" | "display" | "token" | "open screen" | "role mapping";
  id: string;
  /** as a person knows it */
  name: string;
  /** what it gives, in words */
  gives: string;
  /** when it ends by itself, ms; null: it does not */
  ends: number | null;
  /** what it is proved by, by the words for it: hashes, never told */
  proofs: Record<string, string | null>;
}

/** Something that holds again, and what had become of it since. */
export interface Revived extends Held {
  since: string;
}

function scopeText({ city, districts }: Scope): string {
  if (districts !== "*") return `${city}/${districts.join("+")}`;
  return city === "*" ? "everywhere" : city;
}

/** Where rights hold, in words. */
const whereText = (scopes: string): string => (JSON.parse(scopes) as Scope[]).map(scopeText).join(" ") || "nowhere";

async function accounts(db: Kysely<Tables>): Promise<Held[]> {
  const keys = await db.selectFrom("passkey").select(["account", "id"]).orderBy("id").execute();
  const rows = await db.selectFrom("account").selectAll().where("disabled", "=", 0).orderBy("name").execute();
  return rows.map(({ id, name, role, scopes, password, totp }) => {
    const passkeys = keys.filter(({ account }) => account === id).map((key) => key.id);
    const proofs = { password, "codes of the second factor": totp, passkeys: passkeys.join(" ") };
    return { kind: "account", id, name, gives: `${role} ${whereText(scopes)}`, ends: null, proofs };
  });
}

async function displays(db: Kysely<Tables>): Promise<Held[]> {
  const rows = await db.selectFrom("device").selectAll().where("withdrawn", "is", null).orderBy("title").execute();
  return rows.map(({ id, title, city, screen, hash }) => {
    return { kind: "display", id, name: title, gives: `${city}/${screen}`, ends: null, proofs: { secret: hash } };
  });
}

async function tokens(db: Kysely<Tables>, now: number): Promise<Held[]> {
  const rows = await db
    .selectFrom("token")
    .selectAll()
    .where(({ eb, or }) => or([eb("expires", "is", null), eb("expires", ">", now)]))
    .orderBy("kind", "desc")
    .orderBy("city")
    .orderBy("feed")
    .orderBy("id")
    .execute();
  return rows.map(({ id, kind, city, feed, note, expires }) => {
    const gives = kind === "monitor" ? kind : `${city}/${feed}`;
    return { kind: "token", id, name: note === "" ? id : `${id} (${note})`, gives, ends: expires, proofs: {} };
  });
}

async function screens(db: Kysely<Tables>): Promise<Held[]> {
  const rows = await db.selectFrom("open_screen").selectAll().orderBy("city").orderBy("screen").execute();
  return rows.map(({ city, screen }) => {
    const name = `${city}/${screen}`;
    return { kind: "open screen", id: name, name, gives: "everybody looks at it", ends: null, proofs: {} };
  });
}

async function mappings(db: Kysely<Tables>): Promise<Held[]> {
  const rows = await db.selectFrom("role_mapping").selectAll().orderBy("claim").orderBy("value").execute();
  return rows.map(({ id, claim, value, role, scopes }) => {
    const gives = `${role} ${whereText(scopes)}`;
    return { kind: "role mapping", id, name: `${claim} ${value}`, gives, ends: null, proofs: {} };
  });
}

/** All that holds. @param now ms */
export async function heldIn(db: Kysely<Tables>, now: number): Promise<Held[]> {
  return [
    ...(await accounts(db)),
    ...(await displays(db)),
    ...(await tokens(db, now)),
    ...(await screens(db)),
    ...(await mappings(db)),
  ];
}

const GONE: Record<Held["kind"], string> = {
  account: "was disabled",
  display: "was withdrawn",
  token: "was withdrawn",
  "open screen": "was closed",
  "role mapping": "was removed",
};

/** What something is proved by now that had been changed since. */
const proofText = (kind: Held["kind"], proof: string): string =>
  kind === "display"
    ? "its secret was exchanged: it shows a code, and is to be paired anew"
    : `has the ${proof} of then`;

/** What had become of something; null where it was as it is. */
function sinceOf(held: Held, then: Held | undefined): string | null {
  if (!then) return GONE[held.kind];
  const proofs = Object.keys(held.proofs).filter((name) => held.proofs[name] !== then.proofs[name]);
  const said = [
    ...(held.gives === then.gives ? [] : [`was ${then.gives}`]),
    ...(then.ends !== null && (held.ends === null || then.ends < held.ends)
      ? [`was to end at ${new Date(then.ends).toISOString()}`]
      : []),
    ...proofs.map((name) => proofText(held.kind, name)),
  ];
  return said.length === 0 ? null : said.join(", ");
}

/** What holds again, or gives again what it had given before. @param before what held before the restore */
export function revivedOf(held: readonly Held[], before: readonly Held[]): Revived[] {
  const then = new Map(before.map((one) => [`${one.kind} ${one.id}`, one]));
  return held.flatMap((one) => {
    const since = sinceOf(one, then.get(`${one.kind} ${one.id}`));
    return since === null ? [] : [{ ...one, since }];
  });
}
