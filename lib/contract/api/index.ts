import { accountRoutes } from "./accounts";
import { annotationRoutes } from "./annotations";
import { auditRoutes } from "./audit";
import { cityRoutes } from "./cities";
import { displayRoutes } from "./displays";
import { historyRoutes } from "./history";
import { oidcRoutes } from "./oidc";
import { operationRoutes } from "./operation";
import { publishRoutes } from "./publish";
import { secondFactorRoutes } from "./second-factors";
import { signInPolicyRoutes } from "./sign-in-policy";
import { snapshotRoutes } from "./snapshot";
import { tokenRoutes } from "./tokens";

/** Every route of the API by the name of its operation. Router, types and documents come from it. */
export const ROUTES = {
  ...publishRoutes,
  ...snapshotRoutes,
  ...historyRoutes,
  ...annotationRoutes,
  ...cityRoutes,
  ...accountRoutes,
  ...secondFactorRoutes,
  ...signInPolicyRoutes,
  ...oidcRoutes,
  ...displayRoutes,
  ...tokenRoutes,
  ...auditRoutes,
  ...operationRoutes,
};
export type Routes = typeof ROUTES;
export type RouteName = keyof Routes;
