import type { ServerResponse } from "node:http";
import { StoreAway, type RemoteHistory } from "../history/client/remote";
import { HttpError } from "./http";

/** A store that can be asked: what the gateway's side of it offers. */
export type HistoryAsk = Pick<RemoteHistory, "call">;

/** Asks the store for the asker of `response`, and ends the question when he hangs up. @throws HttpError 503 */
export type Ask = <T>(
  response: ServerResponse,
  task: (store: HistoryAsk, signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** How the API asks the store. `store` is null when the gateway keeps no past. */
export function makeAsk(store: HistoryAsk | null): Ask {
  return async (response, task) => {
    if (!store) throw new HttpError(503, "no-history", "this gateway keeps no history");
    const controller = new AbortController();
    const onClose = (): void => {
      if (!response.writableEnded) controller.abort(new StoreAway("cancelled"));
    };
    response.once("close", onClose);
    try {
      return await task(store, controller.signal);
    } catch (error) {
      if (error instanceof StoreAway)
        throw new HttpError(503, "store-away", `the store cannot answer: ${error.message}`, { "retry-after": "5" });
      throw error;
    } finally {
      response.off("close", onClose);
    }
  };
}
