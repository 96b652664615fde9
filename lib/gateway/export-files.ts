import type { ChildProcess } from "node:child_process";
import { after, turn } from "../clock";
import type { CityFacts, Lang } from "../contract/city";
import { LIMITS } from "../contract/api/limits";
import type { Format } from "../contract/history";
import { byColumn, readIn, wholeOf, type AnswerHead, type HeldAnswer } from "../contract/columns";
import type { TopicQuery } from "../history/store/service";
import { HttpError, refusal } from "./http";

/** A file to be made of an answer: what takes too long for a process that has anything else to do. */
export interface ExportJob {
  format: Extract<Format, "arrow" | "xlsx">;
  answer: HeldAnswer;
  query: TopicQuery;
  city: CityFacts;
  lang: Lang;
}

/** What a process is told first: the job, and of its answer what will come; then the numbers, in the order of `byColumn`. */
type Told = Omit<ExportJob, "answer"> & { head: AnswerHead };

/** Makes files. Whoever takes the bytes and stops calls the rest off; so does `signal`. */
export type MakeFile = (job: ExportJob, signal: AbortSignal) => AsyncIterable<Uint8Array>;

async function* numbersOf(answer: HeldAnswer): AsyncGenerator<Float64Array> {
  for await (const { numbers } of readIn(answer, byColumn(answer.head))) yield numbers;
}

async function bytesOf({ format, head, query, city, lang }: Told, parts: AsyncIterator<Float64Array>) {
  const { toArrow, toExcel } = await import("./history-export");
  const answer = await wholeOf(head, parts);
  return format === "arrow" ? toArrow(answer.series, query) : toExcel(answer, query, city, lang);
}

/** Makes a file where it is asked for. */
export async function* fileHere({ answer, ...job }: ExportJob): AsyncGenerator<Uint8Array> {
  yield await bytesOf({ ...job, head: answer.head }, numbersOf(answer));
}

/** Makes a file of what `filesApart` tells. */
export async function fileOfMessages(messages: AsyncIterator<unknown>): Promise<Uint8Array> {
  const job = (await messages.next()).value as Told;
  return bytesOf(job, messages as AsyncIterator<Float64Array>);
}

/** Tells a process of a job, the next part when it has the one before. */
async function tell(child: ChildProcess, { answer, ...job }: ExportJob): Promise<void> {
  const send = (message: Told | Float64Array): Promise<void> =>
    new Promise((resolve) => void child.send(message, () => resolve()));
  if (child.connected) await send({ ...job, head: answer.head });
  for await (const numbers of numbersOf(answer)) {
    if (!child.connected) return;
    await send(numbers);
  }
}

/** Exit code of a process that ran out of the memory it may have. */
const OUT_OF_MEMORY = "SIGABRT";

function failure(code: number | null, signal: string | null, isLate: boolean): HttpError {
  const advice = "ask for csv, a coarser step or a shorter range";
  if (isLate)
    return refusal(422, "too-large", "format", `takes more than ${LIMITS.exports.seconds} s to make; ${advice}`);
  if (signal === OUT_OF_MEMORY || code === 134)
    return refusal(422, "too-large", "format", `takes more than ${LIMITS.exports.megabytes} MB to make; ${advice}`);
  return new HttpError(500, "internal", `the file could not be made (${signal ?? code})`);
}

/**
 * Makes each file in a process of its own: it may take its time and its memory, and is killed with whoever asked for it.
 * @param launch starts it, with its answer on a pipe and a channel to be told what to make
 */
export function filesApart(launch: () => ChildProcess): MakeFile {
  return async function* (job, signal) {
    signal.throwIfAborted();
    const child = launch();
    let isLate = false;
    const kill = (): void => void child.kill("SIGKILL");
    const ended = new Promise<{ code: number | null; by: string | null }>((resolve) => {
      child.once("exit", (code, by) => resolve({ code, by }));
      child.on("error", () => resolve({ code: null, by: null }));
    });
    const stop = after(LIMITS.exports.seconds * 1000, () => {
      isLate = true;
      kill();
    });
    signal.addEventListener("abort", kill, { once: true });
    try {
      // To start it takes its time: others have their turn before it is told anything.
      await turn();
      await tell(child, job);
      if (child.stdout) for await (const chunk of child.stdout) yield chunk as Uint8Array;
      const { code, by } = await ended;
      signal.throwIfAborted();
      if (code !== 0) throw failure(code, by, isLate);
    } finally {
      stop();
      signal.removeEventListener("abort", kill);
      kill();
    }
  };
}
