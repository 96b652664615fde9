/**
 * Who comes in the trial of a gateway in which everybody signs in, and what each of them may never be told or do: an oracle that knows
 * nothing of how rights are decided. Each place of the city has figures, an event and a note that stand nowhere else.
 */
import { randomBytes } from "node:crypto";
import { openControl, type ControlPlace } from "../lib/control/open";
import { signedIn } from "../lib/control/test-people";
import type { Role, Scope } from "../lib/contract/rights";

const DAY = 86_400_000;
/** So far out that nobody else would send it, and with three digits behind the point, so that frames have it as a double. */
const FIRST_MARK = 918_273_600_001.125;

/** What tells that an answer holds something of a place: a number, and the beginning of texts. */
export interface Mark {
  /** a code, or `all` for the city's own */
  place: string;
  value: number;
  text: string;
}

/** The marks of a city's places. */
export function marksOf(places: readonly string[]): Mark[] {
  return ["all", ...places].map((place, i) => ({
    place,
    value: FIRST_MARK + 2 * i,
    text: `marked-${Math.floor(FIRST_MARK) + 2 * i + 1}`,
  }));
}

/** Somebody who comes. */
export interface Visitor {
  name: string;
  /** what his browser sends; undefined: nothing */
  cookie: string | undefined;
  /** places whose figures he may be told; null: of all of them */
  sees: readonly string[] | null;
  mayNote: boolean;
  mayExport: boolean;
  mayOperate: boolean;
  mayGovern: boolean;
}

const NOTHING = { sees: [], mayNote: false, mayExport: false, mayOperate: false, mayGovern: false } as const;
const of = (city: string, districts: Scope["districts"]): Scope[] => [{ city, districts }];

/**
 * Makes accounts and sessions: of every role and several scopes, such that hold no longer, and one of which more is demanded.
 * @param known codes of the city's places, three at least
 */
export async function makeVisitors(place: ControlPlace, city: string, known: readonly string[]): Promise<Visitor[]> {
  const [one = "", two = "", three = ""] = known;
  const db = await openControl(place);
  const cookie = (secret: string): string => `citywall-session=${secret}`;
  const comes = async (
    name: string,
    role: Role,
    scopes: Scope[] | undefined,
    may: Partial<Visitor>,
    now?: number,
  ): Promise<Visitor> => {
    const more = { ...(scopes ? { scopes } : {}), ...(now === undefined ? {} : { now }) };
    const { secret } = await signedIn(db, { role, multiFactor: true, ...more });
    return { name, cookie: cookie(secret), ...NOTHING, ...may };
  };
  const noted = { mayNote: true };
  const taken = { mayNote: true, mayExport: true };
  try {
    await db.insertInto("sign_in_policy").values({ one: 1, second_factor: "everybody" }).execute();
    const weak = await signedIn(db, { role: "administrator" });
    const visitors = [
      { name: "an administrator without a second factor", cookie: cookie(weak.secret), ...NOTHING },
      await comes("a viewer of one place", "viewer", of(city, [one]), { sees: [one] }),
      await comes("a viewer of two places", "viewer", of(city, [one, two]), { sees: [one, two] }),
      await comes("a viewer of the city", "viewer", of(city, "*"), { sees: null }),
      await comes("a viewer of another city", "viewer", of("hangzhou", "*"), {}),
      await comes("an operator of one place", "operator", of(city, [two]), { sees: [two], ...noted }),
      await comes("an analyst of one place", "analyst", of(city, [three]), { sees: [three], ...taken }),
      await comes("an editor of the city", "editor", of(city, "*"), { sees: null, ...taken }),
      await comes("an administrator of the city", "administrator", of(city, "*"), {
        sees: null,
        ...taken,
        mayGovern: true,
      }),
      await comes("an administrator", "administrator", undefined, {
        sees: null,
        ...taken,
        mayOperate: true,
        mayGovern: true,
      }),
      await comes("somebody whose time is over", "administrator", undefined, {}, Date.now() - 2 * DAY),
      { name: "nobody", cookie: undefined, ...NOTHING },
      { name: "somebody who made a secret up", cookie: cookie(randomBytes(32).toString("base64url")), ...NOTHING },
      {
        name: "somebody with a cookie that is none",
        cookie: "citywall-session=%00; citywall-display=x; =; ;;",
        ...NOTHING,
      },
      { name: "somebody with a cookie without end", cookie: cookie("x".repeat(6_000)), ...NOTHING },
    ];
    const left = await comes("somebody who signed out", "administrator", undefined, {});
    const gone = await comes("somebody whose account was disabled", "administrator", undefined, {});
    const accounts = await db.selectFrom("session").select(["account", "hash"]).execute();
    const [before, last] = accounts.slice(-2);
    await db
      .deleteFrom("session")
      .where("hash", "=", before?.hash ?? "")
      .execute();
    await db
      .updateTable("account")
      .set({ disabled: 1 })
      .where("id", "=", last?.account ?? "")
      .execute();
    return [...visitors, left, gone];
  } finally {
    await db.destroy();
  }
}

/** Places that bytes tell something of, as numbers in the clear, doubles of frames and files, or texts. */
export function placesIn(bytes: Buffer, marks: readonly Mark[]): string[] {
  const double = Buffer.alloc(8);
  return marks
    .filter(({ value, text }) => {
      double.writeDoubleLE(value);
      return bytes.includes(String(value)) || bytes.includes(double) || bytes.includes(text);
    })
    .map(({ place }) => place);
}

/** Whether somebody may be told of a place. The whole of the city is for who has all of it. */
const maySee = ({ sees }: Visitor, place: string): boolean => sees === null || sees.includes(place);

/** What an answer tells that it must not, or null. */
export function breachIn(visitor: Visitor, bytes: Buffer, marks: readonly Mark[]): string | null {
  const told = placesIn(bytes, marks).filter((place) => !maySee(visitor, place));
  return told.length > 0 ? `${visitor.name} is told of ${told.join(", ")}` : null;
}

const FILE = /text\/csv|spreadsheet|apache\.arrow/;

/** What somebody did, by what he was answered, that he may not; or null. */
export function deedOf(visitor: Visitor, method: string, target: string, status: number, type: string): string | null {
  if (status < 200 || status > 299) return null;
  const did = (what: string): string => `${visitor.name} ${what}: ${method} ${target.slice(0, 200)}`;
  if (FILE.test(type) && !visitor.mayExport) return did("took a file");
  if (target.startsWith("/api/v1/annotations") && method !== "GET" && method !== "HEAD" && !visitor.mayNote)
    return did("wrote a note");
  if (target.startsWith("/metrics") && !visitor.mayOperate) return did("saw how the gateway works");
  if (/^\/api\/v1\/(people|role-mappings|sign-in-policy|tokens|audit|open-screens)/.test(target) && !visitor.mayGovern)
    return did("governed");
  return null;
}
