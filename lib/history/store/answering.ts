import { Pace } from "../../clock/pace";
import { packedInStretches } from "../../contract/packed";
import type { FromStore, QuestionFault, ToStore } from "../client/remote";
import { Cancelled } from "./cancel";
import { NotOpen, TooMuch } from "./question";
import type { HistoryService } from "./service";

/** Why a question has no answer, for whoever asked; what nobody foresaw is told here alone. */
function faultOf(method: string, error: unknown): QuestionFault {
  if (error instanceof TooMuch) return { field: error.field, detail: error.message };
  if (error instanceof NotOpen) return "not open";
  if (error instanceof Cancelled) return "cancelled";
  console.error(`store: a question (${method}) failed:`, error);
  return "failed";
}

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
      const found = await ask(params, controller.signal, caughtUp);
      const pace = new Pace();
      const result = await packedInStretches(found, async () => {
        if (pace.isOver) await pace.rest();
      });
      tell({ kind: "answer", id, result });
    } catch (error) {
      tell({ kind: "answer", id, error: faultOf(method, error) });
    } finally {
      asked.delete(id);
    }
  }

  return (message) => {
    if (message.kind === "cancel") asked.get(message.id)?.abort();
    else void answer(message);
  };
}
