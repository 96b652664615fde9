import type { ChildProcess } from "node:child_process";
import { Backoff } from "../../clock/backoff";
import { LIMITS } from "../../contract/api/limits";
import { heldHere, type AnswerColumns, type AnswerHead, type HeldAnswer, type Span } from "../../contract/columns";
import { unpacked } from "../../contract/packed";
import { supervise, type Supervised } from "../../processes/supervise";
import type { JournalPosition } from "../writer/journal";
import type { HistoryMethods, HistoryState } from "../store/service";

type Method = keyof HistoryMethods;
type Result<M extends Method> = Awaited<ReturnType<HistoryMethods[M]>>;

/**
 * Why a question has no answer. What the engine said of a failure stays in the store's log: it may hold SQL, names of files or
 * anything else that is no asker's business.
 */
export type QuestionFault = "failed" | "not open" | "cancelled" | { field: string; detail: string };

/** Store process to gateway. */
export type FromStore =
  { kind: "state"; state: HistoryState } | { kind: "answer"; id: number; result?: unknown; error?: QuestionFault };
/** Answer to a question whose numbers may stay: the few that there are, or what they are, to be asked for with `read`. */
export type Kept = { whole: unknown } | { head: AnswerHead };
/** Gateway to store process. */
export type ToStore =
  | {
      kind: "ask";
      id: number;
      method: Method;
      params: unknown;
      after: JournalPosition;
      /** the numbers of a long answer stay in the store until it is cancelled */
      keep?: boolean;
    }
  /** asks for numbers of the answer to question `of` */
  | { kind: "read"; id: number; of: number; spans: readonly Span[] }
  /** nobody waits for this answer, or needs what was kept of it, any more */
  | { kind: "cancel"; id: number };

/** The store did not answer: it is down, or takes longer than a question may. Its message is for whoever asked. */
export class StoreAway extends Error {}

/** The answer would hold more than one may; the message says what to ask instead. */
export class TooMuch extends Error {
  constructor(
    readonly field: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Most ms a question may take. */
const PATIENCE = LIMITS.questions.seconds * 1000;

function faultOf(fault: QuestionFault): Error {
  if (typeof fault !== "string") return new TooMuch(fault.field, fault.detail);
  if (fault === "failed") return new StoreAway("it failed at this question; its log says why");
  return new StoreAway(fault === "cancelled" ? "cancelled" : "it is not open");
}
/** Most ms the store has to close; it is killed then, which loses nothing that the journal holds. */
const CLOSING = 20_000;

/**
 * The store in a process of its own, so that neither a long question nor a crash of the engine is felt by the live
 * path. `launch` starts it, at first and again after it ended.
 */
export class RemoteHistory {
  private readonly store: Supervised;
  private nextId = 1;
  private readonly asked = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  private closing = false;
  state: HistoryState = { engine: "", checkpoint: { segment: 0, offset: 0 }, error: "starting", taken: 0 };

  /**
   * @param launch starts the store's process @param onState told how it stands
   * @param end where the journal ends: a question waits for what was written before it
   */
  constructor(
    launch: () => ChildProcess,
    private readonly onState: (state: HistoryState) => void,
    private readonly end: () => JournalPosition,
    private readonly later: (ms: number, task: () => void) => () => void,
  ) {
    this.store = supervise({
      name: "store",
      // Where it is killed again and again it answers within five seconds all the same; to load takes it one of them.
      backoff: new Backoff(Math.random, 2_000),
      launch,
      onMessage: (message) => this.take(message as FromStore),
      onGone: (how) => this.gone(how),
    });
  }

  /** The store's process is gone: who waits for an answer gets none. */
  private gone(how: string): void {
    for (const { reject } of this.asked.values()) reject(new StoreAway("the store went away"));
    this.asked.clear();
    if (!this.closing) this.set({ ...this.state, error: `the store's process ${how}` });
  }

  private set(state: HistoryState): void {
    this.state = state;
    this.onState(state);
  }

  private take(message: FromStore): void {
    if (message.kind === "state") return this.set(message.state);
    const waiting = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result);
    else waiting?.reject(faultOf(message.error));
  }

  /** Asks the store. @param patience most ms @throws StoreAway when it cannot answer; whatever `signal` was aborted with */
  async call<M extends Method>(
    method: M,
    params: Parameters<HistoryMethods[M]>[0],
    signal?: AbortSignal,
    patience = PATIENCE,
  ): Promise<Result<M>> {
    const ask = (id: number): ToStore => ({ kind: "ask", id, method, params, after: this.end() });
    return unpacked(await this.request(this.nextId++, ask, signal, patience)) as Result<M>;
  }

  /**
   * Asks for readings of the past, of which the store keeps the numbers until `release`: they are read as they are needed.
   * @throws StoreAway when it cannot answer; whatever `signal` was aborted with
   */
  async hold(params: Parameters<HistoryMethods["query"]>[0], signal?: AbortSignal): Promise<HeldAnswer> {
    const of = this.nextId++;
    const ask = (id: number): ToStore => ({ kind: "ask", id, method: "query", params, after: this.end(), keep: true });
    const kept = (await this.request(of, ask, signal)) as Kept;
    if ("whole" in kept) return heldHere(unpacked(kept.whole) as AnswerColumns);
    return {
      head: kept.head,
      read: async (spans) =>
        (await this.request(this.nextId++, (id) => ({ kind: "read", id, of, spans }), signal)) as Float64Array,
      release: () => this.store.send({ kind: "cancel", id: of } satisfies ToStore),
    };
  }

  /** Tells the store something that it answers. */
  private request(
    id: number,
    message: (id: number) => ToStore,
    signal?: AbortSignal,
    patience = PATIENCE,
  ): Promise<unknown> {
    if (!this.store.connected) return Promise.reject(new StoreAway("it is not running"));
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const cancel = (why: Error): void => {
        this.store.send({ kind: "cancel", id } satisfies ToStore);
        this.asked.delete(id);
        finish();
        reject(why);
      };
      const onAbort = (): void => cancel(signal?.reason as Error);
      const stopTimer = this.later(patience, () => cancel(new StoreAway(`no answer within ${patience / 1000} s`)));
      const finish = (): void => {
        stopTimer();
        signal?.removeEventListener("abort", onAbort);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.asked.set(id, {
        resolve: (result) => {
          finish();
          resolve(result);
        },
        reject: (error) => {
          finish();
          reject(error);
        },
      });
      this.store.send(message(id));
    });
  }

  /** Lets the store take in what is written, then ends it. */
  async close(): Promise<void> {
    this.closing = true;
    await this.store.stop(CLOSING, "hanging up");
  }
}
