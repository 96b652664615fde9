import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import type { PasskeyOut, TotpOffer } from "../../contract/api/second-factors";
import { PLAIN_TEXT } from "../../contract/plain-text";
import { changing, type By, type Change, type Control } from "../context";
import { ANSWERED_WITHIN, asked, challenge, takeAsked } from "../factors/challenges";
import {
  accountOfPasskey,
  addPasskeyIn,
  passkeyMade,
  passkeyOptions,
  passkeyQuestion,
  type PasskeyAnswer,
  type Site,
} from "../factors/passkeys";
import { endVoidSessionsIn, factorGoneIn, hasFactor, isDemandedOf, mustMayEnrol } from "../factors/demand";
import { proved, provedByPassword, type Proof } from "../factors/proof";
import { newRecoveryCodes, recoveryCodesLeft } from "../factors/recovery";
import { newTotp, stepOf } from "../factors/totp";
import { passwordQueue } from "../people/queue";
import { ControlRefusal } from "../refusal";
import { beginSession, beginSessionIn, type Begun, type SignIn } from "../sessions";
import type { PasskeyRow } from "../tables";

/** Whose factors they are, and who asks. */
interface Own {
  account: string;
  by: By;
}

/** Where somebody signs in from. */
type From = Pick<SignIn, "address" | "agent" | "before">;

/**
 * Begins the session of who has just set up a second factor, in the place of the one by which he did: it is whole, and whoever has a copy
 * of the one before has nothing (OWASP ASVS 5.0, 7.2.4). Others of his that began without one end where one is demanded.
 */
async function beginEnrolledIn(
  change: Change,
  { account, method, from: { address, agent, before } }: { account: string; method: "totp" | "passkey"; from: From },
): Promise<Begun> {
  const session = await beginSessionIn(change, { account, method, multiFactor: true, address, agent, before });
  await endVoidSessionsIn(change.step);
  return session;
}

const told = ({ id, title, created, used }: PasskeyRow): PasskeyOut => ({ id, title, created, used });

/** The factors that an account has besides its password, and how they are asked for, made and taken away. */
export const secondFactorMethods = {
  /** An account's second factors. @throws ControlRefusal `unknown` */
  async secondFactors({ db }: Control, { account: id }: { account: string }) {
    const account = await db.selectFrom("account").selectAll().where("id", "=", id).executeTakeFirst();
    if (!account) throw new ControlRefusal("unknown", "there is no such account");
    const passkeys = await db.selectFrom("passkey").selectAll().where("account", "=", id).orderBy("created").execute();
    return {
      totp: account.totp !== null,
      passkeys: passkeys.map(told),
      recoveryCodes: await recoveryCodesLeft({ db }, id),
      demanded: await isDemandedOf(db, account),
      local: account.oidc === null,
    };
  },

  /** A secret for an authenticator app, which holds, in the place of the one before, once a code of it came. @throws ControlRefusal */
  async offerTotp(control: Control, { account: id, proof }: Omit<Own, "by"> & { proof: Proof }): Promise<TotpOffer> {
    const account = await provedByPassword(control, id, proof);
    const { secret, uri } = newTotp(account.name);
    const offer = await challenge(control, { kind: "totp", account: id, value: secret });
    return { offer, secret, uri, expires: control.now() + ANSWERED_WITHIN };
  },

  /** Asks for codes from now on. The first one counts as used. Gives the session that goes on. @throws ControlRefusal */
  async acceptTotp(
    control: Control,
    { account, by, offer, code, ...from }: Own & From & { offer: string; code: string },
  ): Promise<Begun> {
    const answered = { kind: "totp", account, secret: offer } as const;
    const secret = await asked(control, answered);
    if (secret === null) throw new ControlRefusal("expired", "was not made, or too long ago; begin again", "offer");
    const step = stepOf(secret, code, control.now());
    if (step === null) throw new ControlRefusal("invalid", "is wrong; is the clock of the app's device right?", "code");
    if ((await takeAsked(control, answered)) === null) throw new ControlRefusal("expired", "was used", "offer");
    return changing(control, async (change) => {
      const { step: db, audit } = change;
      const row = await db.selectFrom("account").selectAll().where("id", "=", account).executeTakeFirstOrThrow();
      await mustMayEnrol(db, row, from.before ?? null);
      await db.updateTable("account").set({ totp: secret, totp_step: step }).where("id", "=", account).execute();
      await audit(by, { action: "factor.add", object: by.who, detail: { factor: "totp", again: row.totp !== null } });
      return beginEnrolledIn(change, { account, method: "totp", from });
    });
  },

  /** Asks for no codes any more. @throws ControlRefusal `refused` that names `factor` where one is demanded, and it is the last */
  async removeTotp(control: Control, { account, by, proof }: Own & { proof: Proof }): Promise<void> {
    const { totp } = await proved(control, account, proof);
    if (totp === null) return;
    await changing(control, async ({ step, audit }) => {
      await step.updateTable("account").set({ totp: null, totp_step: null }).where("id", "=", account).execute();
      await factorGoneIn(step, account);
      await audit(by, { action: "factor.remove", object: by.who, detail: { factor: "totp" } });
    });
  },

  /** What a browser makes a passkey by. @throws ControlRefusal */
  async passkeyOptions(control: Control, { account, proof, site }: Omit<Own, "by"> & { proof: Proof; site: Site }) {
    return passkeyOptions(control, { site, account: await provedByPassword(control, account, proof) });
  },

  /** Keeps a passkey that a browser made. Gives the session that goes on as well. @throws ControlRefusal */
  async addPasskey(
    control: Control,
    {
      by,
      address,
      agent,
      before,
      ...made
    }: Own & From & { site: Site; title: string; response: RegistrationResponseJSON },
  ): Promise<{ passkey: PasskeyOut; session: Begun }> {
    const row = await passkeyMade(control, made);
    const { account } = made;
    const session = await changing(control, async (change) => {
      const { step } = change;
      const holder = await step.selectFrom("account").selectAll().where("id", "=", account).executeTakeFirstOrThrow();
      await mustMayEnrol(step, holder, before ?? null);
      await addPasskeyIn(change, by, row);
      return beginEnrolledIn(change, { account, method: "passkey", from: { address, agent, before } });
    });
    return { passkey: told(row), session };
  },

  /** Nobody signs in with it any more. @throws ControlRefusal `refused` that names `factor` where one is demanded, and it is the last */
  async removePasskey(control: Control, { account, by, proof, id }: Own & { proof: Proof; id: string }): Promise<void> {
    await provedByPassword(control, account, proof);
    const unknown = new ControlRefusal("unknown", "there is no such passkey", "id");
    // What PostgreSQL could not even be asked for is none's.
    if (!PLAIN_TEXT.test(id)) throw unknown;
    await changing(control, async ({ step, audit }) => {
      const own = await step
        .selectFrom("passkey")
        .select("title")
        .where("id", "=", id)
        .where("account", "=", account)
        .executeTakeFirst();
      if (!own) throw unknown;
      await step.deleteFrom("passkey").where("id", "=", id).execute();
      await factorGoneIn(step, account);
      await audit(by, { action: "factor.remove", object: by.who, detail: { factor: "passkey", title: own.title } });
    });
  },

  /**
   * Recovery codes, told this once; the ones before count no more. @throws ControlRefusal `refused` that names `factor` where there is none
   * that they could stand for
   */
  async makeRecoveryCodes(
    control: Control,
    { account: id, by, proof }: Own & { proof: Proof },
  ): Promise<{ codes: string[] }> {
    await provedByPassword(control, id, proof);
    // Each is hashed as a password is, which takes a core.
    const { codes, rows } = await passwordQueue.take(proof.network, () => newRecoveryCodes(id));
    await changing(control, async ({ step, audit }) => {
      const account = await step.selectFrom("account").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
      if (!(await hasFactor(step, account)))
        throw new ControlRefusal("refused", "there is no second factor that they could stand for", "factor");
      await step.deleteFrom("recovery_code").where("account", "=", id).execute();
      await step.insertInto("recovery_code").values(rows).execute();
      await audit(by, { action: "factor.add", object: by.who, detail: { factor: "recovery", count: codes.length } });
    });
    return { codes };
  },

  /** What a browser asks for a passkey of the site by. */
  passkeyQuestion: (control: Control, { site }: { site: Site }) => passkeyQuestion(control, site),

  /** Signs in whoever holds a passkey; null where it is none that counts, whatever the matter is. */
  async passkeySignIn(control: Control, { site, response, ...from }: PasskeyAnswer & From) {
    const account = await accountOfPasskey(control, { site, response });
    // Told of by the gateway, which folds what is alike: an answer that is none costs nobody anything to make.
    if (account === null) return null;
    const session = await beginSession(control, { account: account.id, method: "passkey", multiFactor: true, ...from });
    return { session, name: account.name, title: account.title };
  },
};
