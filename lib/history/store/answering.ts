import type { FromStore, ToStore } from "../client/remote";
import type { HistoryService } from "./service";

/**
 * The store's side of the questions that the gateway asks it: takes one message of the gateway's, and answers with
 * `tell`.
 */
export function answering(service: HistoryService, tell: (message: FromStore) => void): (message: ToStore) => void {
  const asked = new Map<number, AbortController>();

  async function answer({ id, method, params, after }: Extract<ToStore, { kind: "ask" }>): Promise<void> {
    const controller = new AbortController();
    asked.set(id, controller);
    try {
      const caughtUp = await service.reach(after);
      const ask = service.methods[method] as (
        params: unknown,
        signal: AbortSignal,
        caughtUp: boolean,
      ) => Promise<unknown>;
      tell({ kind: "answer", id, result: await ask(params, controller.signal, caughtUp) });
    } catch (error) {
      tell({ kind: "answer", id, error: (error as Error).message });
    } finally {
      asked.delete(id);
    }
  }

  return (message) => {
    if (message.kind === "cancel") asked.get(message.id)?.abort();
    else void answer(message);
  };
}
