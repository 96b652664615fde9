import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** What an issuer says of somebody besides his subject. */
export type Person = Record<string, unknown>;

export interface TestIssuer {
  address: string;
  /** Tells it anew who belongs to what. */
  tell(people: Record<string, Person>): Promise<void>;
  stop(): Promise<void>;
}

export const CLIENT = { client_id: "citywall", client_secret: "a secret of tests alone, which is long enough" };

/** Starts an issuer in a process of its own. @param redirectUris where it may send browsers back to */
export async function startIssuer(
  redirectUris: readonly string[],
  people: Record<string, Person>,
  client: object = CLIENT,
): Promise<TestIssuer> {
  const child = fork(path.join(import.meta.dirname, "test-issuer-process.mjs"), {
    env: { ...process.env, ISSUER: JSON.stringify({ client: { ...client, redirect_uris: redirectUris }, people }) },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: [],
  });
  const [{ issuer }] = (await once(child, "message")) as [{ issuer: string }];
  return {
    address: issuer,
    async tell(more) {
      const told = once(child, "message");
      child.send({ people: more });
      await told;
    },
    async stop() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

/**
 * Goes through an issuer's pages as a browser does, and signs in there under a name.
 * @param url where the browser is sent to @returns where it is sent back to
 */
export async function throughIssuer(url: string, who: string): Promise<URL> {
  const cookies = new Map<string, string>();
  const { origin } = new URL(url);
  let next = new URL(url);
  for (let i = 0; i < 10 && next.origin === origin; i++) {
    if (next.pathname.startsWith("/interaction/")) next.searchParams.set("who", who);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(next, { redirect: "manual", headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (location === null) throw new Error(`the issuer answers ${answer.status}: ${await answer.text()}`);
    next = new URL(location, next);
  }
  return next;
}
