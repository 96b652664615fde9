import { auditMethods } from "./audit";
import { configurationMethods } from "./configuration";
import { displayMethods } from "./displays";
import { invitationMethods } from "./invitations";
import { oidcMethods } from "./oidc";
import { openScreenMethods } from "./open-screens";
import { peopleMethods } from "./people";
import { principalMethods } from "./principals";
import { secondFactorMethods } from "./second-factors";
import { signInPolicyMethods } from "./sign-in-policy";
import { sessionMethods } from "./sessions";
import { signInMethods } from "./sign-in";
import { tokenMethods } from "./tokens";

/** Everything that is asked of the control data, by name; each takes its context and what it needs to know. */
export const METHODS = {
  ...auditMethods,
  ...configurationMethods,
  ...displayMethods,
  ...principalMethods,
  ...signInMethods,
  ...sessionMethods,
  ...signInPolicyMethods,
  ...invitationMethods,
  ...peopleMethods,
  ...openScreenMethods,
  ...secondFactorMethods,
  ...oidcMethods,
  ...tokenMethods,
};

export type Methods = typeof METHODS;
export type MethodName = keyof Methods;
export type Params<M extends MethodName> = Parameters<Methods[M]>[1];
export type Result<M extends MethodName> = Awaited<ReturnType<Methods[M]>>;
