import { byOf, needed, type AccountsParts } from "./accounts-api";
import type { Handlers } from "./router";

/** What the site demands of a sign-in. */
export function signInPolicyApi({ control }: AccountsParts): Handlers<"signInPolicy" | "setSignInPolicy"> {
  return {
    signInPolicy: async () => ({ status: 200, body: await needed(control).call("signInPolicy", {}) }),
    setSignInPolicy: async ({ body: { secondFactor } }, { request, who }) => {
      const session = who.kind === "account" ? who.session : null;
      await needed(control).call("setSignInPolicy", { by: byOf(who, request), session, secondFactor });
      return { status: 200, body: { secondFactor } };
    },
  };
}
