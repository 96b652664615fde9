import { now } from "../lib/clock";
import { NotTaken, rejectionLines, sendReadings, type Target } from "./send";

/** EX_UNAVAILABLE of sysexits.h */
const UNAVAILABLE = 69;

export interface PublishOptions extends Target {
  city?: string;
  district?: string;
  metric?: string;
  value?: string;
  at?: string;
}

/**
 * Sends one reading from the options, or standard input as NDJSON when there is no --metric. Prints the gateway's
 * answer, and what it refused on standard error; waits while the gateway can keep nothing.
 */
export async function publish(options: PublishOptions, pause?: (ms: number) => Promise<void>): Promise<void> {
  const body = options.metric ? JSON.stringify(single(options)) : await standardInput();
  const answer = await sendReadings(options, body, "application/x-ndjson", pause).catch((error: unknown) => {
    if (!(error instanceof NotTaken)) throw error;
    const unreachable = `no gateway answers at ${options.url} (${error.message}); npx citywall start, or --url`;
    console.error(`citywall: ${error.status === 0 ? unreachable : error.message}`);
    process.exitCode = error.status === 0 ? UNAVAILABLE : 1;
  });
  if (!answer) return;
  console.log(JSON.stringify(answer));
  for (const line of rejectionLines(answer, (index) => `index ${index}`)) console.error(line);
  if (answer.rejectedTotal > 0) process.exitCode = 1;
}

function single(options: PublishOptions): object {
  const { city, district, metric, value } = options;
  return {
    city,
    district,
    metric,
    at: options.at ?? new Date(now()).toISOString(),
    value: value === undefined ? undefined : Number(value),
  };
}

async function standardInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}
