import type { ChildProcess } from "node:child_process";
import { after, turn } from "../clock";
import type { CityFacts, Lang } from "../contract/city";
import { LIMITS } from "../contract/api/limits";
import type { Format } from "../contract/history";
import { packed, unpacked } from "../contract/packed";
import type { HistoryAnswer, TopicQuery } from "../history/store/service";
import { HttpError, refusal } from "./http";

/** A file to be made of an answer: what takes too long for a process that has anything else to do. */
export interface ExportJob {
  format: Extract<Format, "arrow" | "xlsx">;
  answer: HistoryAnswer;
  query: TopicQuery;
  city: CityFacts;
  lang: Lang;
}

/** A job as it is told to a process of its own, and back. */
const told = (job: ExportJob): object => ({ ...job, answer: packed(job.answer) });
export const jobOf = (message: ExportJob): ExportJob => ({
  ...message,
  answer: unpacked(message.answer) as HistoryAnswer,
});

/** Makes files. Whoever takes the bytes and stops calls the rest off; so does `signal`. */
export type MakeFile = (job: ExportJob, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** Makes a file where it is asked for. */
export async function* fileHere({ format, answer, query, city, lang }: ExportJob): AsyncGenerator<Uint8Array> {
  const { toArrow, toExcel } = await import("./history-export");
  yield format === "arrow" ? await toArrow(answer.series, query) : await toExcel(answer, query, city, lang);
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
      // To start it, to pack what it is told and to tell it each take their time: others have their turn in between.
      await turn();
      const message = told(job);
      await turn();
      if (child.connected) child.send(message, () => {});
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
