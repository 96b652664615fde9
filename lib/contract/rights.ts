/**
 * Who may do what: roles with a scope (role-based access control, NIST INCITS 359), and nothing that is not given. Pure, so that
 * gateway, pages and documents go by the same.
 */

/** From the least to the most. */
export const ROLES = ["viewer", "operator", "analyst", "editor", "administrator"] as const;
export type Role = (typeof ROLES)[number];

/** What can be asked for, and which roles may. */
export const PERMISSIONS = {
  /** readings, events, positions, their past, screens */
  look: ["viewer", "operator", "analyst", "editor", "administrator"],
  /** files of the past, and what programs take out in bulk */
  export: ["analyst", "editor", "administrator"],
  /** to work with what is seen: notes to a stretch of time, and who reported what of an event */
  note: ["operator", "analyst", "editor", "administrator"],
  /** layouts of screens */
  edit: ["editor", "administrator"],
  /** displays: pair, name, give a screen, withdraw */
  displays: ["operator", "administrator"],
  /** accounts, roles, scopes, invitations */
  people: ["administrator"],
  /** publishers' tokens */
  tokens: ["administrator"],
  /** screens that can be looked at without sign-in */
  open: ["administrator"],
  /** the audit log */
  audit: ["administrator"],
  /** figures of the gateway's own work */
  operate: ["administrator"],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

/** Where a role holds: `*` is every city, or the whole of the city. */
export interface Scope {
  city: string;
  districts: "*" | readonly string[];
}

/** A screen that may be looked at, and nothing else: what it shows is what may be known. */
export interface ScreenGrant {
  city: string;
  screen: string;
  /** topics of its layout */
  topics: ReadonlySet<string>;
}

/** Who asks. */
export type Principal =
  /** whoever sits at this machine, where nothing else can reach it */
  | { kind: "local" }
  | {
      kind: "account";
      id: string;
      name: string;
      role: Role;
      scopes: readonly Scope[];
      session: string;
      /** has to set up a second factor, and may do nothing else before */
      enrolling?: true;
    }
  | { kind: "display"; id: string; name: string; grants: readonly ScreenGrant[] }
  /** a program that looks after the gateway, by a token that is for nothing else */
  | { kind: "monitor"; id: string }
  /** nobody who is known: sees screens that are open to everybody */
  | { kind: "anonymous"; grants: readonly ScreenGrant[] };

/** What is asked for. Without a city it is a thing of the whole installation. */
export interface Resource {
  city?: string;
  /**
   * the place and those that it lies in, the nearest first; empty for the whole of the city, left out for what belongs to no place
   * of it, such as its name
   */
  within?: readonly string[];
  screen?: string;
  topic?: string;
}

function covers(scope: Scope, { city, within }: Resource): boolean {
  if (city === undefined) return scope.city === "*" && scope.districts === "*";
  if (scope.city !== "*" && scope.city !== city) return false;
  const { districts } = scope;
  if (districts === "*" || within === undefined) return true;
  return within.some((place) => districts.includes(place));
}

function shows(grant: ScreenGrant, { city, within, screen, topic }: Resource): boolean {
  if (city !== grant.city) return false;
  if (topic !== undefined) return grant.topics.has(topic);
  if (screen !== undefined) return screen === grant.screen;
  return within === undefined;
}

/** Whether somebody has to set up a second factor before he may do anything else. */
export const isEnrolling = (who: Principal): boolean => who.kind === "account" && who.enrolling === true;

/** Whether somebody may do something with something. */
export function may(who: Principal, permission: Permission, what: Resource = {}): boolean {
  if (who.kind === "local") return true;
  if (who.kind === "monitor") return permission === "operate" && what.city === undefined;
  if (who.kind !== "account") return permission === "look" && who.grants.some((grant) => shows(grant, what));
  if (isEnrolling(who)) return false;
  const roles: readonly Role[] = PERMISSIONS[permission];
  return roles.includes(who.role) && who.scopes.some((scope) => covers(scope, what));
}

/** Whether there is anything with which somebody may do something. */
export function mayAnywhere(who: Principal, permission: Permission): boolean {
  if (who.kind === "local") return true;
  if (who.kind === "monitor") return permission === "operate";
  if (who.kind !== "account") return permission === "look" && who.grants.length > 0;
  if (isEnrolling(who)) return false;
  const roles: readonly Role[] = PERMISSIONS[permission];
  return roles.includes(who.role) && who.scopes.length > 0;
}

/** Everything, everywhere. */
export const EVERYWHERE: readonly Scope[] = [{ city: "*", districts: "*" }];

/**
 * Whether whoever has `others` has all of `scopes`: nobody gives rights that he does not have. By what scopes name: that a place lies in
 * another one is not known here, so who has the larger one gives that.
 */
export function liesWithin(scopes: readonly Scope[], others: readonly Scope[]): boolean {
  return scopes.every(({ city, districts }) =>
    others.some((other) => {
      if (other.city !== "*" && other.city !== city) return false;
      const { districts: all } = other;
      return all === "*" || (districts !== "*" && districts.every((place) => all.includes(place)));
    }),
  );
}

/** Whether somebody administers everything: the last one who does has to stay. */
export function isChief(role: Role, scopes: readonly Scope[]): boolean {
  return role === "administrator" && liesWithin(EVERYWHERE, scopes);
}

/** Who somebody is, as the audit log has it. */
export function toldOf(who: Principal): string {
  if (who.kind === "monitor") return `token ${who.id}`;
  return who.kind === "account" || who.kind === "display" ? `${who.kind} ${who.name}` : who.kind;
}

/** The reason by which a subscription refuses a topic to who has no right to it (`refused` of a snapshot). */
export const NO_RIGHT = "no right";

/** What a route, a message or a page asks of who comes. */
export type Rule =
  /** nothing: how one gets in, and what tells whether the installation lives */
  | "anyone"
  /** a publisher's token, which has a scope of its own */
  | "token"
  /** to be somebody: one's own account and sessions */
  | "self"
  /** the same of who has to set up a second factor first as well: what he does that by */
  | "enrol"
  /**
   * `of`: what of. `city`: the one named in the path, and no place of it; `installation`: what belongs to no city; `asked`: what the
   * request names is looked at by its handler, one by one. `token`: a token of this kind lets a program do it, which signs in nowhere
   */
  | { may: Permission; of: "city" | "installation" | "asked"; token?: "monitor" };
