import { accountRoutes } from "./accounts";
import { annotationRoutes } from "./annotations";
import { cityRoutes } from "./cities";
import { historyRoutes } from "./history";
import { operationRoutes } from "./operation";
import { publishRoutes } from "./publish";
import { snapshotRoutes } from "./snapshot";

/** Every route of the API by the name of its operation. Router, types and documents come from it. */
export const ROUTES = {
  ...publishRoutes,
  ...snapshotRoutes,
  ...historyRoutes,
  ...annotationRoutes,
  ...cityRoutes,
  ...accountRoutes,
  ...operationRoutes,
};
export type Routes = typeof ROUTES;
export type RouteName = keyof Routes;
