import type { Catalogue } from "../cities/catalogue";
import { LIMITS } from "../contract/api/limits";
import { accountsApi, type AccountsParts } from "./accounts-api";
import { annotationApi } from "./annotations-api";
import { auditApi } from "./audit-api";
import { makeAudit } from "./audit";
import type { BaseMaps } from "./base-maps";
import type { BearerParts } from "./bearer";
import { Budget } from "./budget";
import { cityApi } from "./cities-api";
import { displaysApi } from "./displays-api";
import { historyApi } from "./history-api";
import { refusalOf } from "./http";
import type { MakeFile } from "./export-files";
import type { Hub } from "./hub";
import type { Ingest } from "./ingest";
import { oidcApi } from "./oidc-api";
import { operationApi } from "./operation-api";
import { publishApi } from "./publish-api";
import type { Readiness } from "./readiness";
import { makeRouter, type RouterOptions } from "./router";
import { secondFactorsApi } from "./second-factors-api";
import { signInPolicyApi } from "./sign-in-policy-api";
import { snapshotApi } from "./snapshot-api";
import type { Stats } from "./stats";
import { makeAsk, type HistoryAsk } from "./store-ask";
import { tokenApi } from "./tokens-api";
import { visitorOf } from "./visitor";
import type { Totals } from "./totals/totals";

export interface ApiParts
  extends BearerParts, Pick<RouterOptions, "identify" | "held">, Pick<AccountsParts, "control" | "closed"> {
  hub: Hub;
  ingest: Ingest;
  catalogue: Catalogue;
  maps: BaseMaps;
  stats: Stats;
  totals: Pick<Totals, "missing">;
  /** the store of the past; null keeps none */
  history: HistoryAsk | null;
  makeFile: MakeFile;
  /** of the pages */
  build: string;
  ready: () => Readiness;
  gauges: () => void;
}

/** The API under /api and the operation pages: every route of the contract with its handler. */
export function makeApi(parts: ApiParts) {
  const { catalogue, hub, now, stats } = parts;
  const budget = new Budget(LIMITS.questions);
  const { history: store, makeFile, control, refusals } = parts;
  const audit = makeAudit(control);
  const past = {
    store,
    audit,
    makeFile,
    ask: makeAsk(store, budget),
    budget,
    catalogue,
    now,
    event: hub.event.bind(hub),
  };
  const denied: RouterOptions["denied"] = ({ who, route, request }) =>
    refusals?.add({ who, action: "refuse", object: route, address: visitorOf(request).address });
  const accounts = { ...parts, denied };
  return makeRouter(
    {
      ...publishApi(parts),
      ...snapshotApi(parts),
      ...historyApi(past),
      ...annotationApi(past),
      ...cityApi(parts),
      ...displaysApi(parts),
      ...tokenApi({ control, catalogue, now }),
      ...auditApi({ control, audit, now }),
      ...operationApi(parts),
      ...accountsApi(accounts),
      ...secondFactorsApi(accounts),
      ...signInPolicyApi(accounts),
      ...oidcApi(accounts),
    },
    {
      identify: parts.identify,
      held: parts.held,
      refused: (error) => stats.requests.inc({ status: String(refusalOf(error).status) }),
      denied,
      now,
    },
  );
}
