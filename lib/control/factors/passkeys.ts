/** Passkeys (Web Authentication, level 3), by the library SimpleWebAuthn. */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { challenge, takeAsked } from "./challenges";
import { hasPasskey, isDemandedOf } from "./demand";
import { patiently } from "../audit";
import type { By, Change, Control } from "../context";
import type { SecondFactor } from "../people/second-factors";
import { ControlRefusal } from "../refusal";
import type { AccountRow, PasskeyRow } from "../tables";

/** The site that a passkey is for, as the browser knows it. */
export interface Site {
  /** relying party: the host's name */
  id: string;
  /** scheme, host and port */
  origin: string;
}

/** Most passkeys that an account may have. */
export const MOST_PASSKEYS = 20;
/** ms that somebody has before the browser gives up. */
const TIMEOUT = 120_000;

const library = () => import("@simplewebauthn/server");

/** What was asked, as an answer tells it; empty where it cannot be read. */
function challengeIn(clientDataJSON: string): string {
  try {
    const data = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8")) as { challenge?: unknown };
    return typeof data.challenge === "string" ? data.challenge : "";
  } catch {
    return "";
  }
}

function passkeysOf({ db }: Control, account: string): Promise<PasskeyRow[]> {
  return db.selectFrom("passkey").selectAll().where("account", "=", account).orderBy("created").execute();
}

/** What a browser makes a passkey by. Who holds it has to prove himself to it, and it has to know whose it is. */
export async function passkeyOptions(
  control: Control,
  { site, account }: { site: Site; account: Pick<AccountRow, "id" | "name" | "title"> },
) {
  const known = await passkeysOf(control, account.id);
  if (known.length >= MOST_PASSKEYS)
    throw new ControlRefusal("refused", `there are ${MOST_PASSKEYS} already; remove one first`, "passkeys");
  const { generateRegistrationOptions } = await library();
  const options = await generateRegistrationOptions({
    rpName: "Citywall",
    rpID: site.id,
    userID: new Uint8Array(Buffer.from(account.id)),
    userName: account.name,
    userDisplayName: account.title,
    timeout: TIMEOUT,
    attestationType: "none",
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: JSON.parse(transports) as string[] })),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  });
  await challenge(control, { kind: "passkey-add", account: account.id, value: site.id }, options.challenge);
  return options;
}

/** A passkey that a browser made, with what it is to be called. */
interface Made {
  site: Site;
  account: string;
  title: string;
  response: RegistrationResponseJSON;
}

/** What a browser's answer holds. @throws ControlRefusal where it is none to what was asked */
async function credentialIn(control: Control, { site, account, response }: Made) {
  const secret = challengeIn(response.response.clientDataJSON);
  const asked = await takeAsked(control, { kind: "passkey-add", account, secret });
  if (asked === null) throw new ControlRefusal("expired", "was not asked for, or too long ago; try again", "response");
  const { verifyRegistrationResponse } = await library();
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: secret,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: true,
  }).catch(() => null);
  if (!verified?.verified) throw new ControlRefusal("invalid", "is not what was asked for", "response");
  return verified.registrationInfo.credential;
}

/** A passkey that a browser made, as it is kept. @throws ControlRefusal where it is none that was asked for */
export async function passkeyMade(control: Control, made: Made): Promise<PasskeyRow> {
  const credential = await credentialIn(control, made);
  const { account, title } = made;
  return {
    id: credential.id,
    account,
    public_key: Buffer.from(credential.publicKey).toString("base64url"),
    counter: credential.counter,
    transports: JSON.stringify(credential.transports ?? []),
    title,
    created: control.now(),
    used: null,
  };
}

/** Keeps a passkey. @throws ControlRefusal `taken` */
export async function addPasskeyIn({ step, audit }: Change, by: By, row: PasskeyRow): Promise<void> {
  // Never in the place of another's: its id is what whoever made it says.
  const known = await step.selectFrom("passkey").select("id").where("id", "=", row.id).executeTakeFirst();
  if (known) throw new ControlRefusal("taken", "there is this passkey already", "response");
  await step.insertInto("passkey").values(row).execute();
  await audit(by, { action: "factor.add", object: by.who, detail: { factor: "passkey", title: row.title } });
}

/** What a browser asks for any passkey of the site by. */
export async function passkeyQuestion(control: Control, site: Site) {
  const { generateAuthenticationOptions } = await library();
  const options = await generateAuthenticationOptions({
    rpID: site.id,
    timeout: TIMEOUT,
    userVerification: "required",
  });
  await challenge(control, { kind: "passkey-sign-in", account: null, value: site.id }, options.challenge);
  return options;
}

/** A browser's answer to `passkeyQuestion`. */
export interface PasskeyAnswer {
  site: Site;
  response: AuthenticationResponseJSON;
}

/** What an answer is verified to say of a passkey; null where it is not by it, or not what was asked for. */
async function verifiedBy(passkey: PasskeyRow, { site, response }: PasskeyAnswer, secret: string) {
  const { userHandle } = response.response;
  if (userHandle && Buffer.from(userHandle, "base64url").toString() !== passkey.account) return null;
  const { verifyAuthenticationResponse } = await library();
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: secret,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: true,
    credential: {
      id: passkey.id,
      publicKey: new Uint8Array(Buffer.from(passkey.public_key, "base64url")),
      counter: passkey.counter,
      transports: JSON.parse(passkey.transports) as string[],
    },
  }).catch(() => null);
  return verified?.verified ? verified.authenticationInfo : null;
}

/** Whose passkey answered; null where it is none that counts, whatever the matter is. */
export async function accountOfPasskey(control: Control, answer: PasskeyAnswer): Promise<AccountRow | null> {
  const secret = challengeIn(answer.response.response.clientDataJSON);
  const asked = await takeAsked(control, { kind: "passkey-sign-in", account: null, secret });
  const { db, now } = control;
  const passkey = await db.selectFrom("passkey").selectAll().where("id", "=", answer.response.id).executeTakeFirst();
  if (asked === null || !passkey) return null;
  const verified = await verifiedBy(passkey, answer, secret);
  if (verified === null) return null;
  // A counter that another answer moved meanwhile is that of a copy.
  const { numUpdatedRows } = await patiently(() =>
    db
      .updateTable("passkey")
      .set({ counter: verified.newCounter, used: now() })
      .where("id", "=", passkey.id)
      .where("counter", "=", passkey.counter)
      .executeTakeFirst(),
  );
  if (numUpdatedRows !== 1n) return null;
  const account = await db.selectFrom("account").selectAll().where("id", "=", passkey.account).executeTakeFirst();
  return account && account.disabled === 0 ? account : null;
}

/**
 * Passkeys as sign-in by password knows them: they are a way of their own, and nobody is asked for one besides, unless the site demands a
 * second factor of him. Under an address, or where one was lost, its owner could not get in at all; so there a recovery code lets him in.
 */
export const passkeyFactor: SecondFactor = {
  method: "passkey",
  has: async ({ db }, account) => (await isDemandedOf(db, account)) && hasPasskey(db, account.id),
  isRight: () => Promise.resolve(false),
  async drop(step, account) {
    await step.deleteFrom("passkey").where("account", "=", account).execute();
  },
};
