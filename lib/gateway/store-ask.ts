import type { ServerResponse } from "node:http";
import { after } from "../clock";
import { LIMITS } from "../contract/api/limits";
import { StoreAway, TooMuch, type RemoteHistory } from "../history/client/remote";
import { Budget } from "./budget";
import { HttpError, refusal } from "./http";
import { visitorOf } from "./visitor";

/** A store that can be asked: what the gateway's side of it offers. */
export type HistoryAsk = Pick<RemoteHistory, "call" | "hold">;

/** How heavy a question is of which nothing else is known, in values of its answer. */
const USUAL = 2_000;

/**
 * Asks the store for the asker of `response`, and ends the question when he hangs up.
 * @param points values that the answer may hold @throws HttpError 422 where it would hold too many, 429, 503
 */
export type Ask = <T>(
  response: ServerResponse,
  task: (store: HistoryAsk, signal: AbortSignal) => Promise<T>,
  points?: number,
) => Promise<T>;

/** The signal that fires when the asker hangs up before he has his answer. */
export function leaving(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = (): void => {
    if (!response.writableEnded) controller.abort(new StoreAway("cancelled"));
  };
  if (response.destroyed) onClose();
  else response.once("close", onClose);
  return controller.signal;
}

/** Gives a place back once the response is closed, and nothing of its answer is held any more. */
export function untilClosed(response: ServerResponse, leave: () => void): void {
  if (response.closed) leave();
  else response.once("close", leave);
}

/** What goes wrong with a question, in words that are ours. */
export function storeRefusal(error: unknown): unknown {
  if (error instanceof TooMuch) return refusal(422, "too-large", error.field, error.message);
  if (!(error instanceof StoreAway)) return error;
  return new HttpError(503, "store-away", `the store cannot answer: ${error.message}`, { "retry-after": "5" });
}

/** Whose question it is, for the budget. */
export function addressOf(response: ServerResponse): string {
  return response.req?.socket ? visitorOf(response.req).address : "";
}

/**
 * How the API asks the store. A question has its place in the budget until its answer is taken, since that is as long as it
 * is held in memory; who does not take it in time is cut off.
 * @param store null when the gateway keeps no past
 */
export function makeAsk(store: HistoryAsk | null, budget: Budget = new Budget(LIMITS.questions)): Ask {
  const entered = new WeakSet<ServerResponse>();
  return async (response, task, points = USUAL) => {
    if (!store) throw new HttpError(503, "no-history", "this gateway keeps no history");
    const signal = leaving(response);
    try {
      if (!entered.has(response)) {
        const leave = await budget.enter(addressOf(response), points, signal);
        entered.add(response);
        const { seconds, taking } = LIMITS.questions;
        const stop = after((seconds + taking) * 1000, () => response.destroy());
        untilClosed(response, () => {
          stop();
          leave();
        });
      }
      return await task(store, signal);
    } catch (error) {
      throw storeRefusal(error);
    }
  };
}
