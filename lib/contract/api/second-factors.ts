import { z } from "zod";
import { NOT_PLAIN, PLAIN_TEXT } from "../plain-text";
import { LIMITS } from "./limits";
import { answers, msOut, or, requests } from "./parts";
import { route } from "./route";

const { passwordLength, titleLength } = LIMITS.accounts;
const AWAY = "Accounts cannot be looked at now";
const ELSEWHERE = "Another system signs the account in";
const LAST = "It is the last one, and one is demanded";
const MEANWHILE = "Another one was set up meanwhile: sign in with it";
const NO_ACCOUNT = "Who asks has no account here, or one that another system signs in";

const code = z
  .string(or("must be a text"))
  .max(64, "is too long")
  .describe("six digits that an authenticator app shows, or a recovery code in their place");
const offer = z.string(or("must be a text")).max(100, "is too long");

/** Who changes how an account proves itself proves it anew: whoever finds a page open may not. */
export const proofRequest = z
  .object({
    current: z
      .string("must be a text")
      .max(passwordLength.most, `must have at most ${passwordLength.most} characters`)
      .optional()
      .describe("the account's password"),
    code: code.optional(),
  })
  .refine((proof) => proof.current !== undefined || proof.code !== undefined, {
    path: ["current"],
    message: "is missing: the password, or a code in its place",
  })
  .describe("the password, or where codes are asked for one of them")
  .register(requests, { id: "ProofRequest" });

export const passkeyOut = z
  .object({
    id: z.string(),
    title: z.string(),
    created: msOut,
    used: msOut.nullable().describe("when somebody last signed in with it; null: never"),
  })
  .register(answers, { id: "Passkey" });
export type PasskeyOut = z.infer<typeof passkeyOut>;

export const secondFactorsAnswer = z
  .object({
    totp: z.boolean().describe("a code is asked for besides the password"),
    passkeys: z.array(passkeyOut).describe("the oldest first"),
    recoveryCodes: z.int().describe("recovery codes that were not used yet"),
    demanded: z
      .boolean()
      .describe("the site demands a second factor of this account: the last one cannot be taken away"),
    local: z
      .boolean()
      .describe("the account has a password here; one that another system signs in has no factors here"),
    name: z.boolean().describe("passkeys can be used under the name that the gateway was asked under"),
  })
  .register(answers, { id: "SecondFactors" });
export type SecondFactors = z.infer<typeof secondFactorsAnswer>;

export const totpOffer = z
  .object({
    offer: z.string().describe("what the code that accepts it has to name"),
    secret: z.string().describe("base32, to be typed; told this once"),
    uri: z.string().describe("`otpauth://…`, to be shown as a QR code"),
    expires: msOut,
  })
  .register(answers, { id: "TotpOffer" });
export type TotpOffer = z.infer<typeof totpOffer>;
export const totpRequest = z.object({ offer, code }).register(requests, { id: "TotpRequest" });

export const recoveryCodesAnswer = z
  .object({ codes: z.array(z.string()).describe("each counts once; told this once") })
  .register(answers, { id: "RecoveryCodes" });
export type RecoveryCodes = z.infer<typeof recoveryCodesAnswer>;

/** Bytes of a browser's answer, in base64url. */
const bytes = (most: number) =>
  z
    .string(or("must be a text"))
    .max(most, "is too long")
    .regex(/^[\w-]*$/, "must be base64url");
const credentialId = bytes(1_400);
const extensions = z.looseObject({}).describe("what extensions said");
const attachment = z.enum(["cross-platform", "platform"]).optional();

/** `RegistrationResponseJSON` of Web Authentication, level 3 (5.1.8). */
const registration = z
  .object({
    id: credentialId,
    rawId: credentialId,
    type: z.literal("public-key"),
    authenticatorAttachment: attachment,
    clientExtensionResults: extensions,
    response: z.object({
      clientDataJSON: bytes(8_000),
      attestationObject: bytes(64_000),
      transports: z.array(z.string().max(32)).max(16).optional(),
    }),
  })
  .describe("`RegistrationResponseJSON` of Web Authentication, level 3");
/** `AuthenticationResponseJSON`, likewise. */
const assertion = z
  .object({
    id: credentialId,
    rawId: credentialId,
    type: z.literal("public-key"),
    authenticatorAttachment: attachment,
    clientExtensionResults: extensions,
    response: z.object({
      clientDataJSON: bytes(8_000),
      authenticatorData: bytes(8_000),
      signature: bytes(16_000),
      userHandle: bytes(200).optional(),
    }),
  })
  .describe("`AuthenticationResponseJSON` of Web Authentication, level 3");

export const passkeyRequest = z
  .object({
    title: z
      .string(or("must be a text"))
      .max(titleLength, `must have at most ${titleLength} characters`)
      .regex(PLAIN_TEXT, NOT_PLAIN)
      .refine((text) => text.trim() !== "", "must not be empty")
      .describe("what lists call it"),
    response: registration,
  })
  .register(requests, { id: "PasskeyRequest" });
export const passkeySignInRequest = z
  .object({ response: assertion })
  .register(requests, { id: "PasskeySignInRequest" });

/** What a browser is asked with: goes to it as it is. */
const creationOptions = z
  .looseObject({ challenge: z.string() })
  .describe("`PublicKeyCredentialCreationOptionsJSON` of Web Authentication, level 3");
const requestOptions = z
  .looseObject({ challenge: z.string() })
  .describe("`PublicKeyCredentialRequestOptionsJSON` of Web Authentication, level 3");

export const signInWays = z
  .object({
    passkey: z.boolean().describe("passkeys can be used under the name that the gateway was asked under"),
    oidc: z
      .object({ title: z.string() })
      .nullable()
      .describe("the site's own issuer of identities; null: there is none"),
  })
  .register(answers, { id: "SignInWays" });
export type SignInWays = z.infer<typeof signInWays>;

const signedIn = z.object({ name: z.string(), title: z.string() });
const ok = z.object({ ok: z.literal(true) });
const ACCOUNT = "account";

/** How one signs in besides with a password, and one's own second factors. */
export const secondFactorRoutes = {
  signInWays: route({
    method: "get",
    path: "/api/v1/session/ways",
    rule: "anyone",
    tag: ACCOUNT,
    summary: "Ways to sign in besides a name and a password",
    answers: { 200: { description: "OK", body: signInWays } },
    problems: { 503: AWAY },
  }),
  passkeyQuestion: route({
    method: "post",
    path: "/api/v1/session/passkey/options",
    rule: "anyone",
    tag: ACCOUNT,
    summary: "What a browser is asked with for a passkey; an answer counts once",
    limit: LIMITS.signIn,
    answers: { 200: { description: "OK", body: requestOptions } },
    problems: {
      409: "Passkeys cannot be used under this name: it is an address, or came without TLS",
      429: "",
      503: AWAY,
    },
  }),
  passkeySignIn: route({
    method: "post",
    path: "/api/v1/session/passkey",
    rule: "anyone",
    tag: ACCOUNT,
    summary: "Sign in with a passkey alone; the session is in a cookie",
    body: passkeySignInRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "Signed in", body: signedIn } },
    problems: { 400: "", 401: "Whatever was wrong", 409: "", 413: "", 429: "", 503: AWAY },
  }),
  secondFactors: route({
    method: "get",
    path: "/api/v1/account/second-factors",
    rule: "enrol",
    tag: ACCOUNT,
    summary: "One's own second factors",
    answers: { 200: { description: "OK", body: secondFactorsAnswer } },
    problems: { 401: "", 403: NO_ACCOUNT, 503: AWAY },
  }),
  offerTotp: route({
    method: "post",
    path: "/api/v1/account/totp/offer",
    rule: "enrol",
    tag: ACCOUNT,
    summary:
      "A secret for an authenticator app (RFC 6238), also in the place of another; nothing changes until a code of it came",
    body: proofRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "The secret", body: totpOffer } },
    problems: { 400: "", 401: "", 403: NO_ACCOUNT, 409: ELSEWHERE, 413: "", 429: "", 503: AWAY },
  }),
  acceptTotp: route({
    method: "post",
    path: "/api/v1/account/totp",
    rule: "enrol",
    tag: ACCOUNT,
    summary: "Ask for a code at each sign-in with the password from now on",
    body: totpRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "It is asked for", body: ok } },
    problems: {
      400: "The code is wrong",
      401: "",
      403: NO_ACCOUNT,
      404: "It was not offered, or too long ago",
      409: MEANWHILE,
      413: "",
      429: "",
      503: AWAY,
    },
  }),
  removeTotp: route({
    method: "post",
    path: "/api/v1/account/totp/remove",
    rule: "self",
    tag: ACCOUNT,
    summary: "Ask for no code any more",
    body: proofRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "None is asked for", body: ok } },
    problems: { 400: "", 401: "", 403: NO_ACCOUNT, 409: LAST, 413: "", 429: "", 503: AWAY },
  }),
  passkeyOptions: route({
    method: "post",
    path: "/api/v1/account/passkeys/options",
    rule: "enrol",
    tag: ACCOUNT,
    summary: "What a browser makes a passkey by",
    body: proofRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "OK", body: creationOptions } },
    problems: {
      400: "",
      401: "",
      403: NO_ACCOUNT,
      409: "There are too many, or none can be used here",
      413: "",
      429: "",
      503: AWAY,
    },
  }),
  addPasskey: route({
    method: "post",
    path: "/api/v1/account/passkeys",
    rule: "enrol",
    tag: ACCOUNT,
    summary: "Keep a passkey that a browser made",
    body: passkeyRequest,
    limit: LIMITS.signIn,
    answers: { 201: { description: "It can be signed in with", body: passkeyOut } },
    problems: {
      400: "It is not what was asked for",
      401: "",
      403: NO_ACCOUNT,
      404: "It was not asked for, or too long ago",
      409: "There is this one already, none can be used here, or another second factor was set up meanwhile",
      413: "",
      429: "",
      503: AWAY,
    },
  }),
  removePasskey: route({
    method: "post",
    path: "/api/v1/account/passkeys/{id}/remove",
    rule: "self",
    tag: ACCOUNT,
    summary: "Nobody signs in with a passkey any more",
    params: z.object({ id: z.string() }),
    body: proofRequest,
    limit: LIMITS.signIn,
    answers: { 200: { description: "It is gone", body: ok } },
    problems: { 400: "", 401: "", 403: NO_ACCOUNT, 404: "", 409: LAST, 413: "", 429: "", 503: AWAY },
  }),
  makeRecoveryCodes: route({
    method: "post",
    path: "/api/v1/account/recovery-codes",
    rule: "self",
    tag: ACCOUNT,
    summary: "Codes that count once each in the place of a second factor; the ones before count no more",
    body: proofRequest,
    limit: LIMITS.signIn,
    answers: { 201: { description: "The codes", body: recoveryCodesAnswer } },
    problems: { 400: "", 401: "", 403: NO_ACCOUNT, 409: "There is no second factor", 413: "", 429: "", 503: AWAY },
  }),
};
