import { z } from "zod";
import { NOT_PLAIN, PLAIN_TEXT } from "../plain-text";
import { ROLES } from "../rights";
import { inviteRequest } from "./accounts";
import { LIMITS } from "./limits";
import { answers, or, requests } from "./parts";
import { route } from "./route";

const AWAY = "Accounts cannot be looked at now";
const ISSUER = "sign-in by another system";
const { role, scopes } = inviteRequest.shape;

const text = (most: number) =>
  z
    .string(or("must be a text"))
    .max(most, `must have at most ${most} characters`)
    .regex(PLAIN_TEXT, NOT_PLAIN)
    .refine((value) => value.trim() !== "", "must not be empty");

const mapping = {
  claim: text(200).describe("name of the claim; one within another as `realm_access.roles`"),
  value: text(400).describe("what it is, or has among its values"),
};

export const roleMapping = z
  .object({
    id: z.string(),
    claim: z.string(),
    value: z.string(),
    role: z.enum(ROLES),
    scopes: z.array(
      z.object({ city: z.string(), districts: z.union([z.literal("*"), z.array(z.string()).readonly()]) }),
    ),
  })
  .register(answers, { id: "RoleMapping" });
export type RoleMappingOut = z.infer<typeof roleMapping>;

export const roleMappingsAnswer = z
  .object({
    issuer: z.string().nullable().describe("what pages call it; null: there is none, and mappings mean nothing"),
    mappings: z.array(roleMapping),
  })
  .register(answers, { id: "RoleMappingsAnswer" });
export type RoleMappingsAnswer = z.infer<typeof roleMappingsAnswer>;

export const roleMappingRequest = z
  .object({ ...mapping, role, scopes })
  .register(requests, { id: "RoleMappingRequest" });

/** Sign-in by the site's own issuer of identities (OpenID Connect), and what its claims give. */
export const oidcRoutes = {
  oidcStart: route({
    method: "get",
    path: "/api/v1/oidc/start",
    rule: "anyone",
    tag: ISSUER,
    summary: "Send a browser to the issuer (authorization code flow with PKCE, state and nonce)",
    query: z.object({
      to: z.string().max(2_000).optional().describe("path of the page that is opened afterwards; `/` when left out"),
    }),
    limit: LIMITS.signIn,
    answers: { 302: { description: "To the issuer, or back to the sign-in page with what is the matter" } },
    problems: { 404: "There is no issuer", 429: "", 503: AWAY },
  }),
  oidcReturn: route({
    method: "get",
    path: "/api/v1/oidc/callback",
    rule: "anyone",
    tag: ISSUER,
    summary: "Where the issuer sends a browser back to; the session is in a cookie",
    limit: LIMITS.signIn,
    answers: { 302: { description: "To the page that was asked for, or to the sign-in page with what is the matter" } },
    problems: { 404: "There is no issuer", 429: "", 503: AWAY },
  }),
  roleMappings: route({
    method: "get",
    path: "/api/v1/role-mappings",
    rule: { may: "people", of: "installation" },
    tag: ISSUER,
    summary: "Which claims of the issuer give which role",
    answers: { 200: { description: "OK", body: roleMappingsAnswer } },
    problems: { 401: "", 403: "", 503: AWAY },
  }),
  addRoleMapping: route({
    method: "post",
    path: "/api/v1/role-mappings",
    rule: { may: "people", of: "installation" },
    tag: ISSUER,
    summary: "Let a claim give a role from the next sign-in on",
    body: roleMappingRequest,
    answers: { 201: { description: "The mapping", body: roleMapping } },
    problems: { 400: "", 401: "", 403: "", 409: "There is this one already", 413: "", 503: AWAY },
  }),
  removeRoleMapping: route({
    method: "delete",
    path: "/api/v1/role-mappings/{id}",
    rule: { may: "people", of: "installation" },
    tag: ISSUER,
    summary: "Take a mapping away; whoever signed in by the issuer has to do so again",
    params: z.object({ id: z.string() }),
    answers: { 200: { description: "It is gone", body: z.object({ ok: z.literal(true) }) } },
    problems: { 401: "", 403: "", 404: "", 503: AWAY },
  }),
};
