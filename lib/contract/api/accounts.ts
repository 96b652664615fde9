import { z } from "zod";
import { NOT_PLAIN, PLAIN_TEXT } from "../plain-text";
import { PERMISSIONS, ROLES, type Permission } from "../rights";
import { textSchema } from "../city";
import { LIMITS } from "./limits";
import { answers, id, msOut, or, requests } from "./parts";
import { route } from "./route";

const { nameLength, passwordLength, scopes: MOST_SCOPES, districts: MOST_DISTRICTS } = LIMITS.accounts;
const AWAY = "Accounts cannot be looked at now";

/** What is typed to sign in: letters of any script in small letters, digits, and `.`, `_`, `@`, `-` between them. */
export const accountName = z
  .string(or("must be a text"))
  .transform((text) => text.normalize("NFKC").trim().toLowerCase())
  .pipe(
    z
      .string()
      .max(nameLength, `must have at most ${nameLength} characters`)
      .regex(
        /^[\p{L}\p{N}][\p{L}\p{N}._@-]*$/u,
        "must be letters, digits and . _ @ - alone, and begin with a letter or digit",
      ),
  )
  .meta({
    description: `what is typed to sign in, of at most ${nameLength} characters; capital letters count as small ones`,
  });

const title = z
  .string(or("must be a text"))
  .max(LIMITS.accounts.titleLength, `must have at most ${LIMITS.accounts.titleLength} characters`)
  .regex(PLAIN_TEXT, NOT_PLAIN)
  .refine((text) => text.trim() !== "", "must not be empty")
  .describe("as pages call him");

/** A password as it is typed, to be compared. A new one is judged where it is set, so that the reason can be told. */
const typed = z
  .string(or("must be a text"))
  .max(passwordLength.most, `must have at most ${passwordLength.most} characters`);
const newPassword = typed.describe(
  `${passwordLength.least} to ${passwordLength.most} characters of any kind, and none that is known to be used by many`,
);

const role = z.enum(ROLES, `must be one of ${ROLES.join(", ")}`);
const A_LIST = `must be *, or a list of 1 to ${MOST_DISTRICTS} codes of places`;
const scope = z.object({
  city: z
    .string(or("must be a text"))
    .regex(/^(?:\*|[a-z][a-z0-9-]{0,59})$/, "must be a city's id, or * for every one")
    .describe("a city's id; `*`: every one"),
  districts: z
    .union([z.literal("*"), z.array(z.string()).min(1, A_LIST).max(MOST_DISTRICTS, A_LIST)], A_LIST)
    .describe("codes of places of the city; `*`: all of it"),
});
const scopes = z
  .array(scope, "must be a list of cities with their districts")
  .min(1, "must name a city, or * for every one")
  .max(MOST_SCOPES, `must name at most ${MOST_SCOPES} cities`)
  .refine(
    (all) => all.every(({ city, districts }) => city !== "*" || districts === "*"),
    "every city has no districts of its own: they must be *",
  )
  .describe("where the role holds");
const scopesOut = z.array(
  z.object({ city: z.string(), districts: z.union([z.literal("*"), z.array(z.string()).readonly()]) }),
);
const permission = z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]]);

/** Who asks, and what he may do. */
export const me = z
  .object({
    kind: z.enum(["local", "account", "display", "anonymous"]),
    name: z.string().nullable().describe("what an account signs in with; null where it is none"),
    title: z.string().nullable().describe("as pages call who asks; null where that is nobody"),
    role: z.enum(ROLES).nullable(),
    scopes: scopesOut.describe("where the role holds"),
    may: z.array(permission).describe("what can be done with anything at all"),
    closed: z.boolean().describe("everybody has to sign in here"),
    enrolling: z.boolean().describe("a second factor has to be set up first; until then nothing else may be done"),
  })
  .register(answers, { id: "Me" });
export type Me = z.infer<typeof me>;

export const signInRequest = z
  .object({
    name: z.string(or("must be a text")).max(4 * nameLength, "is too long"),
    password: typed,
    code: z
      .string("must be a text")
      .max(64, "is too long")
      .optional()
      .describe("of the second factor, where one is asked for; a recovery code in its place"),
  })
  .register(requests, { id: "SignInRequest" });

const signedIn = z
  .object({ name: z.string(), title: z.string() })
  .describe("who signed in; the session is in the cookie of the answer")
  .register(answers, { id: "SignedIn" });

/** A sign-in that holds. */
export const sessionOut = z
  .object({
    id: z.string(),
    current: z.boolean().describe("the one that asks"),
    created: msOut,
    seen: msOut.describe("when it was last used, to the minute"),
    expires: msOut.describe("when it ends whatever happens"),
    address: z.string(),
    agent: z.string().describe("what the browser says that it is"),
    method: z.string().describe("how it began: password, totp, passkey, recovery, oidc, invitation"),
  })
  .register(answers, { id: "Session" });
export type SessionOut = z.infer<typeof sessionOut>;
export const sessionsAnswer = z.object({ sessions: z.array(sessionOut) }).register(answers, { id: "SessionsAnswer" });
export type SessionsAnswer = z.infer<typeof sessionsAnswer>;

/** Somebody who may sign in. */
export const personOut = z
  .object({
    id: z.string(),
    name: z.string(),
    title: z.string(),
    role: z.enum(ROLES),
    scopes: scopesOut,
    disabled: z.boolean(),
    created: msOut,
    seen: msOut.nullable().describe("when a session of his was last used; null where he has none"),
    sessions: z.int().describe("sign-ins of his that hold"),
    secondFactor: z.boolean().describe("a second factor is asked for besides the password"),
    elsewhere: z.boolean().describe("signs in by another system, and has no password here"),
  })
  .register(answers, { id: "Person" });
export type PersonOut = z.infer<typeof personOut>;

/** A link that has not been used yet. */
export const invitationOut = z
  .object({
    id: z.string().describe("how it is taken back"),
    kind: z.enum(["invite", "reset"]),
    name: z.string().nullable().describe("of a reset: whose password it sets"),
    role: z.enum(ROLES).nullable(),
    scopes: scopesOut,
    madeBy: z.string(),
    made: msOut,
    expires: msOut,
  })
  .register(answers, { id: "Invitation" });
export type InvitationOut = z.infer<typeof invitationOut>;

export const peopleAnswer = z
  .object({ people: z.array(personOut), invitations: z.array(invitationOut) })
  .register(answers, { id: "PeopleAnswer" });
export type PeopleAnswer = z.infer<typeof peopleAnswer>;

export const inviteRequest = z.object({ role, scopes }).register(requests, { id: "InviteRequest" });

/** A link that works once. */
export const oneTimeLink = z
  .object({
    path: z.string().describe("where it leads on this gateway; told this once"),
    expires: msOut,
  })
  .register(answers, { id: "OneTimeLink" });
export type OneTimeLink = z.infer<typeof oneTimeLink>;

export const personRequest = z
  .object({
    title: title.optional(),
    role: role.optional(),
    scopes: scopes.optional(),
    disabled: z.boolean("must be true or false").optional(),
  })
  .describe("what is left out stays as it is")
  .register(requests, { id: "PersonRequest" });
export type PersonRequest = z.input<typeof personRequest>;

const secret = z.string(or("must be a text")).max(100, "is no secret of a link");
export const invitationRequest = z.object({ secret }).register(requests, { id: "InvitationRequest" });
export const invitationAnswer = z
  .object({
    kind: z.enum(["invite", "reset"]),
    name: z.string().nullable().describe("of a reset: whose password it sets"),
    role: z.enum(ROLES).nullable().describe("of an invitation: what the account may do"),
    scopes: scopesOut,
    names: z
      .array(
        z.object({
          city: z.string(),
          district: z.string().describe("`all`: the city itself"),
          name: z.object(textSchema.shape),
        }),
      )
      .describe("what the places of the scopes are called: who has no account yet cannot ask"),
    expires: msOut,
  })
  .register(answers, { id: "InvitationAnswer" });
export type InvitationAnswer = z.infer<typeof invitationAnswer>;

export const acceptRequest = z
  .object({
    secret,
    name: accountName.optional().describe("of a new account; not of a reset"),
    title: title.optional().describe("of a new account; its name when left out"),
    password: newPassword,
  })
  .register(requests, { id: "AcceptRequest" });

export const passwordRequest = z
  .object({ current: typed, password: newPassword })
  .register(requests, { id: "PasswordRequest" });

const openScreen = z.object({ city: id, screen: id });
export const openScreensAnswer = z
  .object({ screens: z.array(z.object({ city: z.string(), screen: z.string(), made: msOut, madeBy: z.string() })) })
  .register(answers, { id: "OpenScreensAnswer" });
export type OpenScreensAnswer = z.infer<typeof openScreensAnswer>;
export const openScreenRequest = openScreen.register(requests, { id: "OpenScreenRequest" });

const ok = z.object({ ok: z.literal(true) });
const [ACCOUNT, PEOPLE] = ["account", "people"] as const;

/** Accounts: how one signs in, one's own, and those of others. */
export const accountRoutes = {
  me: route({
    method: "get",
    path: "/api/v1/me",
    rule: "anyone",
    tag: ACCOUNT,
    summary: "Who asks, and what he may do",
    answers: { 200: { description: "OK", body: me } },
    problems: { 503: AWAY },
  }),
  signIn: route({
    method: "post",
    path: "/api/v1/session",
    rule: "anyone",
    tag: ACCOUNT,
    summary: "Sign in with a name and a password; the session is in a cookie",
    body: signInRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "Signed in", body: signedIn } },
    problems: {
      400: "",
      401: "Name or password is wrong (`sign-in-refused`, whatever was wrong), or a second factor is needed (`second-factor`)",
      413: "",
      429: "Too many sign-ins failed here: come again after Retry-After",
      503: AWAY,
    },
  }),
  signOut: route({
    method: "delete",
    path: "/api/v1/session",
    rule: "anyone",
    tag: ACCOUNT,
    summary: "Sign out: the session ends, and what it has open is closed",
    answers: { 200: { description: "There is no session any more", body: ok } },
    problems: { 503: AWAY },
  }),
  ownSessions: route({
    method: "get",
    path: "/api/v1/account/sessions",
    rule: "self",
    tag: ACCOUNT,
    summary: "One's own sign-ins that hold, the one used last first",
    answers: { 200: { description: "OK", body: sessionsAnswer } },
    problems: { 401: "", 403: "Who asks has no account", 503: AWAY },
  }),
  endSession: route({
    method: "delete",
    path: "/api/v1/account/sessions/{id}",
    rule: "self",
    tag: ACCOUNT,
    summary: "End one of one's own sign-ins",
    params: z.object({ id: z.string() }),
    answers: { 200: { description: "It holds no more", body: ok } },
    problems: { 401: "", 403: "Who asks has no account", 404: "", 503: AWAY },
  }),
  endOtherSessions: route({
    method: "delete",
    path: "/api/v1/account/sessions",
    rule: "self",
    tag: ACCOUNT,
    summary: "End all of one's own sign-ins but the one that asks",
    answers: { 200: { description: "The others hold no more", body: z.object({ ended: z.int() }) } },
    problems: { 401: "", 403: "Who asks has no account", 503: AWAY },
  }),
  ownPassword: route({
    method: "post",
    path: "/api/v1/account/password",
    rule: "self",
    tag: ACCOUNT,
    summary: "Set one's own password anew; every other sign-in ends",
    body: passwordRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "It holds from now on", body: ok } },
    problems: {
      400: "The new one is too short or known to many",
      401: "",
      403: "The current one is wrong, or who asks has no account",
      409: "The account has no password",
      413: "",
      429: "",
      503: AWAY,
    },
  }),
  invitation: route({
    method: "post",
    path: "/api/v1/invitation",
    rule: "anyone",
    tag: ACCOUNT,
    summary: "What a one-time link is for; its secret is in the body, where no log has it",
    body: invitationRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "OK", body: invitationAnswer } },
    problems: { 400: "", 404: "It was used, is over, or never was", 413: "", 429: "", 503: AWAY },
  }),
  acceptInvitation: route({
    method: "post",
    path: "/api/v1/invitation/accept",
    rule: "anyone",
    tag: ACCOUNT,
    summary: "Use a one-time link: make the account, or set its password anew, and sign in",
    body: acceptRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "Signed in", body: signedIn } },
    problems: {
      400: "",
      404: "It was used, is over, or never was",
      409: "The name is taken",
      413: "",
      429: "",
      503: AWAY,
    },
  }),
  people: route({
    method: "get",
    path: "/api/v1/people",
    rule: { may: "people", of: "asked" },
    tag: PEOPLE,
    summary: "Accounts whose rights lie within those of who asks, by name, and links that are not used yet",
    answers: { 200: { description: "OK", body: peopleAnswer } },
    problems: { 401: "", 403: "", 503: AWAY },
  }),
  invite: route({
    method: "post",
    path: "/api/v1/people/invitations",
    rule: { may: "people", of: "asked" },
    tag: PEOPLE,
    summary: "Make a link with which somebody makes an account of his own",
    body: inviteRequest,
    answers: { 201: { description: "The link, told this once", body: oneTimeLink } },
    problems: { 400: "", 401: "", 403: "These rights are not one's own to give", 413: "", 503: AWAY },
  }),
  uninvite: route({
    method: "delete",
    path: "/api/v1/people/invitations/{id}",
    rule: { may: "people", of: "asked" },
    tag: PEOPLE,
    summary: "Take a link back",
    params: z.object({ id: z.string() }),
    answers: { 200: { description: "It works no more", body: ok } },
    problems: { 401: "", 403: "", 404: "", 503: AWAY },
  }),
  changePerson: route({
    method: "post",
    path: "/api/v1/people/{id}",
    rule: { may: "people", of: "asked" },
    tag: PEOPLE,
    summary: "Change an account's title, role and scopes, disable or enable it",
    params: z.object({ id: z.string() }),
    body: personRequest,
    answers: { 200: { description: "As it is now", body: personOut } },
    problems: {
      400: "",
      401: "",
      403: "These rights are not one's own to give",
      404: "",
      409: "It is the last administrator of everything",
      413: "",
      503: AWAY,
    },
  }),
  resetPerson: route({
    method: "post",
    path: "/api/v1/people/{id}/reset",
    rule: { may: "people", of: "asked" },
    tag: PEOPLE,
    summary: "Make a link that sets an account's password anew and takes its second factors away",
    params: z.object({ id: z.string() }),
    answers: { 201: { description: "The link, told this once", body: oneTimeLink } },
    problems: { 401: "", 403: "", 404: "", 409: "It signs in by another system", 503: AWAY },
  }),
  openScreens: route({
    method: "get",
    path: "/api/v1/open-screens",
    rule: { may: "open", of: "asked" },
    tag: PEOPLE,
    summary: "Screens that anybody may look at without sign-in",
    answers: { 200: { description: "OK", body: openScreensAnswer } },
    problems: { 401: "", 403: "", 503: AWAY },
  }),
  openScreen: route({
    method: "post",
    path: "/api/v1/open-screens",
    rule: { may: "open", of: "asked" },
    tag: PEOPLE,
    summary: "Let anybody look at a screen without sign-in",
    body: openScreenRequest,
    answers: { 200: { description: "It is open", body: ok } },
    problems: { 400: "", 401: "", 403: "", 404: "", 413: "", 503: AWAY },
  }),
  closeScreen: route({
    method: "delete",
    path: "/api/v1/open-screens/{city}/{screen}",
    rule: { may: "open", of: "asked" },
    tag: PEOPLE,
    summary: "Ask for sign-in at a screen again",
    params: z.object({ city: z.string(), screen: z.string() }),
    answers: { 200: { description: "It is closed", body: ok } },
    problems: { 401: "", 403: "", 404: "", 503: AWAY },
  }),
};
