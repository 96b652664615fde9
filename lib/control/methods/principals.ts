import type { Role, Scope } from "../../contract/rights";
import { patiently } from "../audit";
import type { Control } from "../context";
import { standingOf } from "../factors/demand";
import { deviceOf, endOf, tellEnded } from "../devices";
import { IDLE } from "../sessions";

/** How often it is written down that a session is used, ms. */
const SEEN_EVERY = 60_000;

/** Who somebody proved to be. `ends`: until when (ms) that holds by itself; null: until it is withdrawn. */
export type Known =
  | {
      kind: "account";
      id: string;
      name: string;
      role: Role;
      scopes: Scope[];
      session: string;
      ends: number;
      /** has to set up a second factor first */
      enrolling?: true;
    }
  | { kind: "display"; id: string; name: string; city: string; screen: string; ends: number | null };

export const principalMethods = {
  /** Who holds a session, by the SHA-256 of its secret; null where it does not hold, its account is disabled, or more is demanded of it. */
  async accountOf({ db, now }: Control, { hash }: { hash: string }): Promise<Known | null> {
    const found = await db
      .selectFrom("session")
      .innerJoin("account", "account.id", "session.account")
      .select(["account.id", "account.name", "account.role", "account.scopes", "account.disabled"])
      .select(["account.oidc", "account.totp", "session.multi_factor"])
      .select(["session.id as session", "session.seen", "session.expires"])
      .where("session.hash", "=", hash)
      .executeTakeFirst();
    if (!found || found.disabled === 1 || found.expires <= now() || found.seen + IDLE <= now()) return null;
    const standing = await standingOf(db, found, found);
    if (standing === "none") return null;
    const { id, name, role, scopes, session, expires } = found;
    let { seen } = found;
    if (seen + SEEN_EVERY <= now()) {
      seen = now();
      await patiently(() => db.updateTable("session").set({ seen }).where("hash", "=", hash).execute());
    }
    const ends = Math.min(expires, seen + IDLE);
    const rights = { role: role as Role, scopes: JSON.parse(scopes) as Scope[] };
    const bound = standing === "enrolling" ? { enrolling: true as const } : {};
    return { kind: "account", id, name, ...rights, session, ends, ...bound };
  },
  /**
   * Which display has a secret, by its SHA-256; null where none has, it has ended, or the display was withdrawn.
   * @param address who shows it
   */
  async displayOf(control: Control, { hash, address = "" }: { hash: string; address?: string }): Promise<Known | null> {
    const found = await deviceOf(control.db, hash);
    if (!found || found.withdrawn !== null) return null;
    const ends = endOf(found, hash);
    if (ends !== null && ends <= control.now()) {
      await tellEnded(control, found, hash, address);
      return null;
    }
    const { id, title, city, screen } = found;
    return { kind: "display", id, name: title, city, screen, ends };
  },
  /** Screens that anybody may look at. */
  openScreens: ({ db }: Control, _nothing: object): Promise<{ city: string; screen: string }[]> =>
    db.selectFrom("open_screen").select(["city", "screen"]).orderBy("city").orderBy("screen").execute(),
};
