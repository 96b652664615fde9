import type { IncomingMessage } from "node:http";
import type { ControlAsk } from "../control/remote";
import type { Known } from "../control/methods/principals";
import { may, type Permission, type Principal, type Resource, type ScreenGrant } from "../contract/rights";
import { cookieOf, hashOfSecret } from "./cookies";
import { HttpError } from "./http";

/** Where nothing but this machine can reach the gateway, whoever comes may do everything: nobody signs in. */
export const LOCAL: Principal = { kind: "local" };

/** Most identities that are remembered; more are asked for again. */
const MOST = 10_000;

interface PrincipalsParts {
  control: ControlAsk;
  /** topics of a screen's layout; null where there is no such screen */
  topicsOf: (city: string, screen: string) => ReadonlySet<string> | null;
}

type Look = { method: "accountOf" | "displayOf"; hash: string };

/** Tells who makes a request, by what its browser keeps. What was found holds until the control data changed. */
export class Principals {
  private known = new Map<string, Known | null>();
  private openScreens: Promise<readonly { city: string; screen: string }[]> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly parts: PrincipalsParts) {
    parts.control.onChange(() => this.forget());
  }

  /** Told each time that somebody may do more or less than before. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  private forget(): void {
    this.known = new Map();
    this.openScreens = null;
    for (const listener of this.listeners) listener();
  }

  /** Who makes a request. @throws ControlAway where nobody can tell */
  async of(request: IncomingMessage): Promise<Principal> {
    const session = cookieOf(request, "session");
    const display = cookieOf(request, "display");
    const account = session === null ? null : await this.look({ method: "accountOf", hash: hashOfSecret(session) });
    if (account?.kind === "account") return account;
    const device = display === null ? null : await this.look({ method: "displayOf", hash: hashOfSecret(display) });
    if (device?.kind === "display") {
      const { id, name, city, screen } = device;
      return { kind: "display", id, name, grants: this.grants([{ city, screen }]) };
    }
    return { kind: "anonymous", grants: this.grants(await this.screensOpen()) };
  }

  private screensOpen(): Promise<readonly { city: string; screen: string }[]> {
    const asked = (this.openScreens ??= this.parts.control.call("openScreens", {}));
    // Who comes next asks again.
    asked.catch(() => {
      if (this.openScreens === asked) this.openScreens = null;
    });
    return asked;
  }

  private async look({ method, hash }: Look): Promise<Known | null> {
    const key = `${method} ${hash}`;
    const { known } = this;
    const found = known.get(key);
    if (found !== undefined) return found;
    const told = await this.parts.control.call(method, { hash });
    // Into the map of when it was asked: what changed meanwhile has a new one.
    if (known.size >= MOST) known.clear();
    known.set(key, told);
    return told;
  }

  private grants(screens: readonly { city: string; screen: string }[]): ScreenGrant[] {
    return screens.flatMap(({ city, screen }) => {
      const topics = this.parts.topicsOf(city, screen);
      return topics === null ? [] : [{ city, screen, topics }];
    });
  }
}

/** Whether two are the same somebody with the same rights. */
export function isSamePrincipal(one: Principal, other: Principal): boolean {
  const told = (who: Principal): string =>
    JSON.stringify(who, (_key, value: unknown) => (value instanceof Set ? [...value].sort() : value));
  return told(one) === told(other);
}

/** The refusal of who has no right: who is nobody is asked to sign in, whatever it is. */
export function noRight(who: Principal, detail = "there is no right to this"): HttpError {
  return who.kind === "anonymous"
    ? new HttpError(401, "sign-in", "sign in first")
    : new HttpError(403, "no-right", detail);
}

/** @throws HttpError 401, 403 */
export function mustBeAllowed(who: Principal, permission: Permission, what: Resource = {}, detail?: string): void {
  if (!may(who, permission, what)) throw noRight(who, detail);
}
