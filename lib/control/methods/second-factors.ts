import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import type { PasskeyOut, TotpOffer } from "../../contract/api/second-factors";
import { PLAIN_TEXT } from "../../contract/plain-text";
import { changing, type By, type Control } from "../context";
import { ANSWERED_WITHIN, asked, challenge, takeAsked } from "../factors/challenges";
import {
  accountOfPasskey,
  addPasskey,
  passkeyOptions,
  passkeyQuestion,
  type PasskeyAnswer,
  type Site,
} from "../factors/passkeys";
import { proved, provedByPassword, type Proof } from "../factors/proof";
import { newTotp, stepOf } from "../factors/totp";
import { ControlRefusal } from "../refusal";
import { beginSession, type SignIn } from "../sessions";
import type { PasskeyRow } from "../tables";

/** Whose factors they are, and who asks. */
interface Own {
  account: string;
  by: By;
}

/** Where somebody signs in from. */
type From = Pick<SignIn, "address" | "agent" | "before">;

const told = ({ id, title, created, used }: PasskeyRow): PasskeyOut => ({ id, title, created, used });

/** The factors that an account has besides its password, and how they are asked for, made and taken away. */
export const secondFactorMethods = {
  /** An account's second factors. @throws ControlRefusal `unknown` */
  async secondFactors({ db }: Control, { account: id }: { account: string }) {
    const account = await db.selectFrom("account").selectAll().where("id", "=", id).executeTakeFirst();
    if (!account) throw new ControlRefusal("unknown", "there is no such account");
    const passkeys = await db.selectFrom("passkey").selectAll().where("account", "=", id).orderBy("created").execute();
    return { totp: account.totp !== null, passkeys: passkeys.map(told), local: account.oidc === null };
  },

  /** A secret for an authenticator app, which holds once a code of it came. @throws ControlRefusal */
  async offerTotp(control: Control, { account: id, proof }: Omit<Own, "by"> & { proof: Proof }): Promise<TotpOffer> {
    const account = await provedByPassword(control, id, proof);
    if (account.totp !== null) throw new ControlRefusal("refused", "codes are asked for already", "totp");
    const { secret, uri } = newTotp(account.name);
    const offer = await challenge(control, { kind: "totp", account: id, value: secret });
    return { offer, secret, uri, expires: control.now() + ANSWERED_WITHIN };
  },

  /** Asks for codes from now on. The first one counts as used. @throws ControlRefusal */
  async acceptTotp(
    control: Control,
    { account, by, offer, code }: Own & { offer: string; code: string },
  ): Promise<void> {
    const answered = { kind: "totp", account, secret: offer } as const;
    const secret = await asked(control, answered);
    if (secret === null) throw new ControlRefusal("expired", "was not made, or too long ago; begin again", "offer");
    const step = stepOf(secret, code, control.now());
    if (step === null) throw new ControlRefusal("invalid", "is wrong; is the clock of the app's device right?", "code");
    if ((await takeAsked(control, answered)) === null) throw new ControlRefusal("expired", "was used", "offer");
    await changing(control, async ({ step: db, audit }) => {
      await db.updateTable("account").set({ totp: secret, totp_step: step }).where("id", "=", account).execute();
      await audit(by, { action: "factor.add", object: by.who, detail: { factor: "totp" } });
    });
  },

  /** Asks for no codes any more. @throws ControlRefusal */
  async removeTotp(control: Control, { account, by, proof }: Own & { proof: Proof }): Promise<void> {
    const { totp } = await proved(control, account, proof);
    if (totp === null) return;
    await changing(control, async ({ step, audit }) => {
      await step.updateTable("account").set({ totp: null, totp_step: null }).where("id", "=", account).execute();
      await audit(by, { action: "factor.remove", object: by.who, detail: { factor: "totp" } });
    });
  },

  /** What a browser makes a passkey by. @throws ControlRefusal */
  async passkeyOptions(control: Control, { account, proof, site }: Omit<Own, "by"> & { proof: Proof; site: Site }) {
    return passkeyOptions(control, { site, account: await provedByPassword(control, account, proof) });
  },

  /** Keeps a passkey that a browser made. @throws ControlRefusal */
  async addPasskey(
    control: Control,
    { by, ...made }: Own & { site: Site; title: string; response: RegistrationResponseJSON },
  ): Promise<PasskeyOut> {
    return told(await addPasskey(control, by, made));
  },

  /** Nobody signs in with a passkey any more. @throws ControlRefusal */
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
      await audit(by, { action: "factor.remove", object: by.who, detail: { factor: "passkey", title: own.title } });
    });
  },

  /** What a browser asks for a passkey of the site by. */
  passkeyQuestion: (control: Control, { site }: { site: Site }) => passkeyQuestion(control, site),

  /** Signs in whoever holds a passkey; null where it is none that counts, whatever the matter is. */
  async passkeySignIn(control: Control, { site, response, ...from }: PasskeyAnswer & From) {
    const account = await accountOfPasskey(control, { site, response });
    // Told of by the gateway, which folds what is alike: an answer that is none costs nobody anything to make.
    if (account === null) return null;
    const session = await beginSession(control, { account: account.id, method: "passkey", ...from });
    return { session, name: account.name, title: account.title };
  },
};
