import type { ScreenMessage } from "../contract/socket-messages";
import { mayAnywhere, type Principal } from "../contract/rights";
import { CONFIRMED_EVERY, HOLDS_WHILE_AWAY } from "./control-away";
import type { LiveGuard, Wire } from "./live-guard";
import { carriedBy, isSamePrincipal, LOCAL, NOBODY, noRight, type Carried, type Principals } from "./principals";
import type { IncomingMessage } from "node:http";

/** Ms that a page has to ask for what its screen shows now, before it is cut for what it follows still. */
const TURNS_WITHIN = 2_000;
/** Ms that a connection has to take the reason why it is cut; nothing else is told over it any more. */
const LAST_WORD = 500;

/** What the live socket is called in the audit log. */
const SOCKET = "live socket";

/** Told who was refused what over the live socket, for want of a right, and where he is. */
export type LiveDenied = (denied: { who: Principal; what: string; address: string }) => void;

/** Somebody who is connected. */
export interface Visit {
  who: Principal;
  carried: Carried;
  /** until when (ms) he is who he is by himself; null: until something changes */
  ends: number | null;
  /** when (ms) it was last said who he is */
  told: number;
  /** it is to be looked who he is as soon as somebody can tell */
  isDue: boolean;
  /** changes of rights that had been when he was looked at */
  revision: number;
  /** when (ms) it is to be looked whether he follows anything that his screens do not show any more; null: it is not */
  turns: number | null;
  /** how he is served; null before he is */
  serving: Serving | null;
}

/** What is told over a connection. */
interface Serving {
  /** whether all that is told may still be told */
  isStillTold(): boolean;
  /** tells nothing more */
  end(): void;
}

/** Where everybody may do everything. */
const HERE: Visit = {
  who: LOCAL,
  carried: { session: null, display: null, address: "" },
  ends: null,
  told: 0,
  isDue: false,
  revision: 0,
  turns: null,
  serving: null,
};

/** Until when (ms) a connection stands while nobody can tell who has it. */
function heldUntil({ who, ends, told }: Visit): number {
  const most = told + HOLDS_WHILE_AWAY;
  // A display's secret of before ends minutes after the next one is used: no reason to leave a wall black.
  return who.kind === "account" ? Math.min(ends ?? most, most) : most;
}

/** Whether it is to be looked who somebody is. An account's sign-in is not to look used by it. */
function isDue({ who, ends, told, isDue: isAsked }: Visit, now: number): boolean {
  if (isAsked || (ends !== null && ends <= now)) return true;
  return who.kind !== "account" && now - told >= CONFIRMED_EVERY;
}

/**
 * Who is connected live. Whoever may not do any more what he might when he came, is signed out, or is someone else, is cut off: he comes
 * back by himself, as who he is then.
 */
export class LiveRights {
  private readonly coming = new WeakMap<IncomingMessage, Visit>();
  private readonly visits = new Map<Wire, Visit>();

  /** @param principals null where everybody may do everything @param denied told who was refused what for want of a right */
  constructor(
    private readonly principals: Principals | null,
    private readonly guard: Pick<LiveGuard, "dismiss">,
    private readonly now: () => number,
    private readonly denied: LiveDenied = () => {},
  ) {
    principals?.onChange(() => this.lookAgain());
  }

  /** Looks who wants to connect. @throws HttpError 401, 403, 503 */
  async meet(request: IncomingMessage): Promise<void> {
    if (!this.principals) return;
    const carried = carriedBy(request);
    const { revision } = this.principals;
    const { who, ends, told } = await this.principals.find(carried);
    if (!mayAnywhere(who, "look")) {
      this.denied({ who, what: SOCKET, address: carried.address });
      throw noRight(who);
    }
    this.coming.set(request, { who, ends, told, isDue: false, carried, revision, turns: null, serving: null });
  }

  /** A connection begins, of who was met with its request: nothing is told to anybody else. */
  join(wire: Wire): void {
    const visit = this.coming.get(wire.request as IncomingMessage);
    if (!this.principals || !visit) return;
    this.visits.set(wire, visit);
    wire.once("close", () => this.visits.delete(wire));
    if (visit.revision !== this.principals.revision) void this.again(wire, visit);
  }

  /** Who has a connection; undefined where he may be told nothing any more. */
  of(wire: Wire): Visit | undefined {
    return this.principals ? this.visits.get(wire) : HERE;
  }

  /** Says that somebody who is connected was refused what a message of his asks for. @param message its name */
  refuse({ who, carried }: Visit, message: string): void {
    // Who was cut off meanwhile is told nothing, whatever he asks.
    if (who !== NOBODY) this.denied({ who, what: `${SOCKET}: ${message}`, address: carried.address });
  }

  /** What somebody may look at by what his screens show now; to be called before he is told what he asks for. */
  renew(visit: Visit): void {
    if (this.principals) visit.who = this.principals.withLayouts(visit.who);
  }

  private lookAgain(): void {
    for (const [wire, visit] of this.visits) void this.again(wire, visit);
  }

  /**
   * Looks again who has a connection, and cuts it where that is not who it was. While nobody can tell it stands: an account's until its
   * sign-in ends by itself, any other for three days, so that walls go on, and nobody who was withdrawn meanwhile for ever.
   */
  private async again(wire: Wire, visit: Visit): Promise<void> {
    const { principals } = this;
    if (!principals) return;
    const { revision } = principals;
    // Looked at by the next round where nobody can tell now.
    visit.isDue = true;
    const found = await principals.find(visit.carried).catch(() => null);
    if (this.visits.get(wire) !== visit) return;
    if (!found) {
      if (this.now() >= heldUntil(visit)) this.cut(wire, visit);
    } else if (!isSamePrincipal(visit.who, found.who) || !mayAnywhere(found.who, "look")) this.cut(wire, visit);
    // What changed meanwhile has had it looked at once more.
    else if (revision === principals.revision) Object.assign(visit, { ...found, revision, isDue: false });
  }

  private cut(wire: Wire, visit: Visit): void {
    this.visits.delete(wire);
    visit.who = NOBODY;
    visit.serving?.end();
    const detail = "what this connection may be told has changed: come again";
    this.guard.dismiss(wire, { code: "rights-changed", detail }, LAST_WORD);
  }

  /** Says that a screen shows something else: its topics are what those may follow who have that screen alone. */
  screenChanged({ city, screen }: Pick<ScreenMessage, "city" | "screen">): void {
    if (!this.principals) return;
    for (const visit of this.visits.values()) {
      const { who } = visit;
      if (who.kind !== "display" && who.kind !== "anonymous") continue;
      if (!who.grants.some((grant) => grant.city === city && grant.screen === screen)) continue;
      this.renew(visit);
      visit.turns = this.now() + TURNS_WITHIN;
    }
  }

  /** Says that the places of a city changed: one may be a part of another place now, to which somebody has no right. */
  placesChanged(city: string): void {
    for (const visit of this.visits.values()) {
      const { who } = visit;
      if (who.kind !== "account" || !who.scopes.some((one) => one.city === city && one.districts !== "*")) continue;
      visit.turns ??= this.now() + TURNS_WITHIN;
    }
  }

  /** Looks at those whose time is up; to be called once a second or so. */
  look(): void {
    const now = this.now();
    for (const [wire, visit] of this.visits) {
      if (isDue(visit, now)) void this.again(wire, visit);
      if (visit.turns === null || visit.turns > now) continue;
      visit.turns = null;
      if (visit.serving?.isStillTold() === false) this.cut(wire, visit);
    }
  }
}
