import { every, now as clockNow } from "../clock";
import { revisionOf, type Control } from "./context";
import { METHODS, type MethodName, type Params, type Result } from "./methods";
import { Issuer, type OidcSettings } from "./oidc/issuer";
import { openControl, type ControlPlace } from "./open";
import type { ControlAsk } from "./remote";

/** How often it is looked whether another process changed who may do what, ms. */
const LOOK_EVERY = 250;

/** Opens the control data in this process. @param oidc the site's own issuer, where there is one @throws where it cannot be opened */
export async function controlHere(
  place: ControlPlace,
  now: () => number = clockNow,
  oidc?: OidcSettings,
): Promise<ControlAsk> {
  const db = await openControl(place);
  const context: Control = { db, now, ...(oidc ? { issuer: new Issuer(oidc) } : {}) };
  const listeners = new Set<() => void>();
  let revision = await revisionOf(db);
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const found = await revisionOf(db);
      if (found === revision) return;
      revision = found;
      for (const listener of listeners) listener();
    } catch (error) {
      console.error("control: cannot see what changed:", (error as Error).message);
    } finally {
      isLooking = false;
    }
  };
  const stop = every(LOOK_EVERY, () => void look());
  return {
    call: async <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> => {
      const run = METHODS[method] as (context: Control, params: Params<M>) => Promise<Result<M>>;
      const result = await run(context, params);
      // What was changed here is told before its answer: nobody is let in any more by what has just been taken from him.
      await look();
      return result;
    },
    onChange: (listener) => void listeners.add(listener),
    async close() {
      stop();
      await db.destroy();
    },
  };
}
