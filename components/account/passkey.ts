import { startAuthentication, startRegistration, WebAuthnError } from "@simplewebauthn/browser";
import { send } from "./send";
import type { Refusal } from "./words";

type CreationOptions = Parameters<typeof startRegistration>[0]["optionsJSON"];
type RequestOptions = Parameters<typeof startAuthentication>[0]["optionsJSON"];

/** Why a browser gave no answer: most often whoever was asked went away. */
function refusalOf(error: unknown): Refusal {
  const isKnown = error instanceof WebAuthnError && error.code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED";
  return { code: isKnown ? "passkey-known" : "passkey-cancelled" };
}

async function asked<T>(
  task: () => Promise<T>,
): Promise<{ answer: T; refusal: null } | { answer: null; refusal: Refusal }> {
  try {
    return { answer: await task(), refusal: null };
  } catch (error) {
    return { answer: null, refusal: refusalOf(error) };
  }
}

/** Makes a passkey of one's own. @param current the account's password */
export async function makePasskey(title: string, current: string): Promise<Refusal | null> {
  const options = await send<CreationOptions>("POST", "/api/v1/account/passkeys/options", { current });
  if (options.refusal) return options.refusal;
  const made = await asked(() => startRegistration({ optionsJSON: options.answer }));
  if (made.refusal) return made.refusal;
  return (await send("POST", "/api/v1/account/passkeys", { title, response: made.answer })).refusal;
}

/** Signs in with a passkey. */
export async function signInWithPasskey(): Promise<Refusal | null> {
  const options = await send<RequestOptions>("POST", "/api/v1/session/passkey/options");
  if (options.refusal) return options.refusal;
  const made = await asked(() => startAuthentication({ optionsJSON: options.answer }));
  if (made.refusal) return made.refusal;
  const { refusal } = await send("POST", "/api/v1/session/passkey", { response: made.answer });
  return refusal?.code === "sign-in-refused" ? { ...refusal, field: "passkey" } : refusal;
}
