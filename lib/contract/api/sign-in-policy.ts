import { z } from "zod";
import { DEMANDS } from "../sign-in-policy";
import { answers, requests } from "./parts";
import { route } from "./route";

const AWAY = "Accounts cannot be looked at now";
const PEOPLE = "people";
const secondFactor = z
  .enum(DEMANDS, `must be one of ${DEMANDS.join(", ")}`)
  .describe("whom a second factor is demanded of besides a local password; `editors`: of editors and administrators");

export const signInPolicy = z.object({ secondFactor }).register(answers, { id: "SignInPolicy" });
export type SignInPolicy = z.infer<typeof signInPolicy>;
export const signInPolicyRequest = z.object({ secondFactor }).register(requests, { id: "SignInPolicyRequest" });

/** What the site demands of a sign-in. */
export const signInPolicyRoutes = {
  signInPolicy: route({
    method: "get",
    path: "/api/v1/sign-in-policy",
    rule: { may: "people", of: "installation" },
    tag: PEOPLE,
    summary: "What is demanded of a sign-in",
    answers: { 200: { description: "OK", body: signInPolicy } },
    problems: { 401: "", 403: "", 503: AWAY },
  }),
  setSignInPolicy: route({
    method: "post",
    path: "/api/v1/sign-in-policy",
    rule: { may: "people", of: "installation" },
    tag: PEOPLE,
    summary:
      "Demand a second factor; who has one and signed in without it has to sign in again, others have to set one up first",
    body: signInPolicyRequest,
    answers: { 200: { description: "It holds from now on", body: signInPolicy } },
    problems: { 400: "", 401: "", 403: "", 409: "One's own sign-in had no second factor", 413: "", 503: AWAY },
  }),
};
