import type { Demand } from "../../contract/sign-in-policy";
import { isDemanded } from "../../contract/sign-in-policy";
import { changing, type By, type Control } from "../context";
import { demandOf, endVoidSessionsIn } from "../factors/demand";
import { roleOf } from "../people/reach";
import { ControlRefusal } from "../refusal";

/** Whom a second factor is to be demanded of, and who says so. */
interface Asked {
  by: By;
  /** id of the session that asks; null: a command, or whoever sits at the machine */
  session: string | null;
  secondFactor: Demand;
}

/** @throws ControlRefusal that names `secondFactor` where who demands it did not sign in with one himself: he could be locked out */
async function mustHaveItself(step: Control["db"], { session, secondFactor }: Asked): Promise<void> {
  if (session === null) return;
  const own = await step
    .selectFrom("session")
    .innerJoin("account", "account.id", "session.account")
    .select(["account.role", "session.multi_factor"])
    .where("session.id", "=", session)
    .executeTakeFirst();
  if (!own) throw new ControlRefusal("refused", "the sign-in has ended meanwhile");
  if (isDemanded(secondFactor, roleOf(own)) && own.multi_factor === 0)
    throw new ControlRefusal(
      "refused",
      "one's own sign-in had no second factor: set one up first, or sign in with it",
      "secondFactor",
    );
}

/** What the site demands of a sign-in. */
export const signInPolicyMethods = {
  async signInPolicy({ db }: Control, _nothing: object): Promise<{ secondFactor: Demand }> {
    return { secondFactor: await demandOf(db) };
  },
  /**
   * Demands a second factor of everybody, of some, or of nobody. Who has one and signed in without it is signed out; who has none may do
   * nothing but set one up from now on. @throws ControlRefusal `refused` where one's own sign-in had none
   */
  setSignInPolicy: (control: Control, asked: Asked): Promise<void> =>
    changing(control, async ({ step, audit }) => {
      const { by, secondFactor } = asked;
      const before = await demandOf(step);
      if (before === secondFactor) return;
      await mustHaveItself(step, asked);
      await audit(by, { action: "policy.change", object: "sign-in policy", detail: { secondFactor, before } });
      await step
        .insertInto("sign_in_policy")
        .values({ one: 1, second_factor: secondFactor })
        .onConflict((conflict) => conflict.column("one").doUpdateSet({ second_factor: secondFactor }))
        .execute();
      await endVoidSessionsIn(step);
    }),
};
