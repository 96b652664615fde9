import { Pace } from "../../clock/pace";
import { BATCH, headOf, numbersIn, readSpans, type AnswerColumns } from "../../contract/columns";
import { packedInStretches } from "../../contract/packed";
import type { FromStore, Kept, QuestionFault, ToStore } from "../client/remote";
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
  /** answers whose numbers are still to be read, by their question, as they lie in memory */
  const kept = new Map<number, AnswerColumns>();

  /** What is told of an answer whose numbers may stay here. */
  function keptOf(id: number, answer: AnswerColumns): Kept {
    const head = headOf(answer);
    if (numbersIn(head) <= BATCH) return { whole: answer };
    kept.set(id, answer);
    return { head };
  }

  function read({ id, of, spans }: Extract<ToStore, { kind: "read" }>): void {
    const answer = kept.get(of);
    tell(
      answer ? { kind: "answer", id, result: readSpans(answer, spans) } : { kind: "answer", id, error: "cancelled" },
    );
  }

  async function answer({ id, method, params, after, keep }: Extract<ToStore, { kind: "ask" }>): Promise<void> {
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
      const packed = await packedInStretches(found, async () => {
        if (pace.isOver) await pace.rest();
      });
      // Who left while it was made would never say that he needs nothing of it.
      controller.signal.throwIfAborted();
      tell({ kind: "answer", id, result: keep ? keptOf(id, packed as AnswerColumns) : packed });
    } catch (error) {
      tell({ kind: "answer", id, error: faultOf(method, error) });
    } finally {
      asked.delete(id);
    }
  }

  return (message) => {
    if (message.kind === "cancel") {
      asked.get(message.id)?.abort(new Cancelled());
      kept.delete(message.id);
    } else if (message.kind === "read") read(message);
    else void answer(message);
  };
}
