import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { monotonic, now, pause as clockPause } from "../lib/clock";
import { parseRfc3339 } from "../lib/contract/readings";
import { NotTaken, rejectionLines, sendReadings, type Target } from "./send";

export interface ReplayOptions extends Target {
  speed: string;
}

/** A recorded reading as it stands in the file: whatever the public contract takes, with an observed time. */
interface Recorded {
  at: string;
  [field: string]: unknown;
}

/** ms between two batches. */
const BATCH = 200;
/** Readings a request carries at the most. */
const MOST = 2_000;

/**
 * One line of a recording.
 * @throws Error that names the line and the field
 */
export function parseRecorded(line: string, number: number): Recorded {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    throw new Error(`line ${number}: is not JSON`);
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    throw new Error(`line ${number}: must be an object`);
  const { at } = raw as { at?: unknown };
  if (typeof at !== "string" || !Number.isFinite(parseRfc3339(at)))
    throw new Error(`line ${number}: at: must be an RFC 3339 time`);
  return raw as Recorded;
}

/**
 * When a recorded reading is due, and the observed time it then has: the recording's first reading is due at `began`,
 * and `speed` seconds of it pass in one.
 * @returns ms since 1970
 */
export function dueAt(recorded: number, first: number, began: number, speed: number): number {
  return began + (recorded - first) / speed;
}

/**
 * Publishes recorded readings (NDJSON, oldest first) at their own pace, `speed` times as fast, as if observed now. A
 * batch that the gateway cannot keep at present is sent again until it is taken, and what fell due meanwhile follows at
 * once.
 * @throws NotTaken that says how far it came, where a batch is not taken at all
 */
export async function replay(
  file: string,
  options: ReplayOptions,
  pause: (ms: number) => Promise<void> = clockPause,
): Promise<void> {
  const speed = Number(options.speed);
  if (!(speed > 0)) throw new Error(`--speed: must be a number above 0, is "${options.speed}"`);
  const began = now();
  const zero = monotonic();
  let first = NaN;
  let waiting: Recorded[] = [];
  let lines: number[] = [];
  let number = 0;
  const told = { accepted: 0, rejected: 0 };
  let sent = 0;
  const flush = async (): Promise<void> => {
    const [batch, at] = [waiting, lines];
    [waiting, lines] = [[], []];
    if (batch.length === 0) return;
    const body = JSON.stringify({ readings: batch });
    const answer = await sendReadings(options, body, "application/json", pause).catch((error: unknown) => {
      if (!(error instanceof NotTaken)) throw error;
      throw new NotTaken(
        error.status,
        `${error.message}\nstopped before line ${at[0]}: ${sent} readings were sent, ${told.accepted} accepted, ` +
          `${told.rejected} rejected`,
      );
    });
    sent += batch.length;
    told.accepted += answer.accepted;
    told.rejected += answer.rejectedTotal;
    for (const line of rejectionLines(answer, (index) => `line ${at[index]} (index ${index} of its batch)`))
      console.error(line);
  };
  for await (const line of createInterface({
    input: file === "-" ? process.stdin : createReadStream(file),
    crlfDelay: Infinity,
  })) {
    number++;
    if (line.trim() === "") continue;
    const recorded = parseRecorded(line, number);
    const at = parseRfc3339(recorded.at);
    if (Number.isNaN(first)) first = at;
    const due = dueAt(at, first, began, speed);
    const ahead = due - began - (monotonic() - zero);
    if (ahead > BATCH || waiting.length >= MOST) {
      await flush();
      if (ahead > 0) await pause(ahead);
    }
    waiting.push({ ...recorded, at: new Date(due).toISOString() });
    lines.push(number);
  }
  await flush();
  console.log(JSON.stringify(told));
  if (told.rejected > 0) process.exitCode = 1;
}
