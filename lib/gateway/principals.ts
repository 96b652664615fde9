import type { IncomingMessage } from "node:http";
import type { ControlAsk } from "../control/remote";
import type { Known } from "../control/methods/principals";
import { isEnrolling, may, type Permission, type Principal, type Resource, type ScreenGrant } from "../contract/rights";
import { HeldAnswers, type Told } from "./held-answers";
import { cookieOf, hashOfSecret } from "./cookies";
import { HttpError } from "./http";
import { visitorOf } from "./visitor";

/** Where nothing but this machine can reach the gateway, whoever comes may do everything: nobody signs in. */
export const LOCAL: Principal = { kind: "local" };

/** Who may look at nothing. */
export const NOBODY: Principal = { kind: "anonymous", grants: [] };

/** Most identities that are remembered; more are asked for again. */
const MOST = 10_000;
/** Ms that somebody is remembered though nothing changed: his sign-in is to be seen as used, and may end by itself. */
const REMEMBERED = 60_000;

interface PrincipalsParts {
  control: ControlAsk;
  /** topics of a screen's layout; null where there is no such screen */
  topicsOf: (city: string, screen: string) => ReadonlySet<string> | null;
  now: () => number;
}

/** What a request carries of who makes it: hashes of its secrets. */
export interface Carried {
  session: string | null;
  display: string | null;
  /** where it comes from */
  address: string;
}

/** Who somebody is. */
export interface Found {
  who: Principal;
  /** until when (ms) that holds if nothing changes; null: for as long as nothing does */
  ends: number | null;
  /** when (ms) the control data said so */
  told: number;
}

type Look = { method: "accountOf"; hash: string } | { method: "displayOf"; hash: string; address: string };

type Screens = readonly { city: string; screen: string }[];

/**
 * Tells who makes a request, by what its browser keeps. What was found holds until the control data changed, for a minute at the most.
 * While nobody can be asked, displays and open screens are what they were when last asked, so that walls go on over a connection that
 * was lost; accounts are not.
 */
export class Principals {
  private known = new Map<string, { at: number; told: Promise<Told<Known | null>> }>();
  private openScreens: { at: number; told: Promise<Told<Screens>> } | null = null;
  private readonly held: HeldAnswers;
  private readonly listeners = new Set<() => void>();
  /** counts the changes of who may do what */
  revision = 0;

  constructor(private readonly parts: PrincipalsParts) {
    this.held = new HeldAnswers(parts.now, MOST);
    parts.control.onChange(() => this.forget());
  }

  /** Told each time that somebody may do more or less than before. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  private forget(): void {
    this.revision++;
    this.known = new Map();
    this.held.forget();
    this.openScreens = null;
    for (const listener of this.listeners) listener();
  }

  /** Who makes a request. @throws HttpError 503 where nobody can tell */
  async of(request: IncomingMessage): Promise<Principal> {
    return (await this.find(carriedBy(request))).who;
  }

  /** Who carries something. @throws HttpError 503 where nobody can tell */
  async find(carried: Carried): Promise<Found> {
    try {
      return await this.ask(carried);
    } catch (error) {
      console.error("gateway: nobody can tell who asks:", (error as Error).message);
      throw new HttpError(503, "control-away", "it cannot be looked at now who you are", { "retry-after": "5" });
    }
  }

  private async ask({ session, display, address }: Carried): Promise<Found> {
    const account = session === null ? null : await this.look({ method: "accountOf", hash: session });
    if (account?.value?.kind === "account") {
      const { ends, ...who } = account.value;
      return { who, ends, told: account.at };
    }
    const device = display === null ? null : await this.look({ method: "displayOf", hash: display, address });
    if (device?.value?.kind === "display") {
      const { id, name, city, screen, ends } = device.value;
      return { who: { kind: "display", id, name, grants: this.grants([{ city, screen }]) }, ends, told: device.at };
    }
    const { value: screens, at: told } = await this.screensOpen();
    return { who: { kind: "anonymous", grants: this.grants(screens) }, ends: null, told };
  }

  /** The same somebody, with what his screens show now. */
  withLayouts(who: Principal): Principal {
    return who.kind === "display" || who.kind === "anonymous" ? { ...who, grants: this.grants(who.grants) } : who;
  }

  private screensOpen(): Promise<Told<Screens>> {
    const now = this.parts.now();
    const known = this.openScreens;
    if (known && now - known.at < REMEMBERED && now >= known.at) return known.told;
    const ask = (): Promise<Screens> => this.parts.control.call("openScreens", {});
    const told = this.held.ask("openScreens", ask, (screens) => screens.length > 0);
    const asked = { at: now, told };
    this.openScreens = asked;
    // Who comes next asks again.
    told.catch(() => {
      if (this.openScreens === asked) this.openScreens = null;
    });
    return told;
  }

  private look({ method, ...asked }: Look): Promise<Told<Known | null>> {
    const key = `${method} ${asked.hash}`;
    const { known } = this;
    const now = this.parts.now();
    const found = known.get(key);
    if (found && now - found.at < REMEMBERED && now >= found.at) return this.unlessEnded(found.told, key);
    // Into the map of when it was asked: what changed meanwhile has a new one.
    if (known.size >= MOST) known.clear();
    const ask = (): Promise<Known | null> => this.parts.control.call(method, asked);
    const told = this.held.ask(key, ask, (answer) => answer?.kind === "display" && answer.ends === null);
    known.set(key, { at: now, told });
    told.catch(() => known.delete(key));
    return told;
  }

  /** What was told of somebody; null from the moment on at which it ends by itself. */
  private async unlessEnded(told: Promise<Told<Known | null>>, key: string): Promise<Told<Known | null>> {
    const known = await told;
    const ends = known.value?.ends ?? null;
    if (ends === null || ends > this.parts.now()) return known;
    this.known.delete(key);
    return { ...known, value: null };
  }

  private grants(screens: readonly { city: string; screen: string }[]): ScreenGrant[] {
    return screens.flatMap(({ city, screen }) => {
      const topics = this.parts.topicsOf(city, screen);
      return topics === null ? [] : [{ city, screen, topics }];
    });
  }
}

/** What a request carries of who makes it. */
export function carriedBy(request: IncomingMessage): Carried {
  const [session, display] = [cookieOf(request, "session"), cookieOf(request, "display")];
  return {
    session: session === null ? null : hashOfSecret(session),
    display: display === null ? null : hashOfSecret(display),
    address: visitorOf(request).address,
  };
}

/** Whether two are the same somebody with the same rights, whatever the screens of his show. */
export function isSamePrincipal(one: Principal, other: Principal): boolean {
  const told = (who: Principal): string =>
    JSON.stringify(who, (_key, value: unknown) => (value instanceof Set ? undefined : value));
  return told(one) === told(other);
}

/** The refusal of who has no right: who is nobody is asked to sign in, and who has to set up a second factor to do that, whatever it is. */
export function noRight(who: Principal, detail = "there is no right to this"): HttpError {
  if (isEnrolling(who)) return new HttpError(403, "second-factor-needed", "set up a second factor first");
  return who.kind === "anonymous"
    ? new HttpError(401, "sign-in", "sign in first")
    : new HttpError(403, "no-right", detail);
}

/** @throws HttpError 401, 403 */
export function mustBeAllowed(who: Principal, permission: Permission, what: Resource = {}, detail?: string): void {
  if (!may(who, permission, what)) throw noRight(who, detail);
}
