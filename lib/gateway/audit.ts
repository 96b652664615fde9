import type { IncomingMessage } from "node:http";
import { toldOf, type Principal } from "../contract/rights";
import type { Deed } from "../control/audit";
import type { By } from "../control/context";
import type { ControlAsk } from "../control/remote";
import { visitorOf } from "./visitor";

/** Who makes a request, as the audit log has it. */
export function byOf({ who, request }: { who: Principal; request: IncomingMessage }): By {
  return { who: toldOf(who), address: visitorOf(request).address };
}

/** Writes into the audit log what is about to be done. @throws ControlAway: then it must not be done */
export type Audit = (by: By, deed: Pick<Deed, "action" | "object" | "detail">) => Promise<void>;

/** @param control null: nothing is audited */
export function makeAudit(control: ControlAsk | null): Audit {
  return async (by, deed) => control?.call("auditAppend", { ...by, ...deed });
}
