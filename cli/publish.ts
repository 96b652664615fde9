import { now } from "../lib/clock";

export interface PublishOptions {
  city?: string;
  district?: string;
  metric?: string;
  value?: string;
  at?: string;
  url: string;
  token: string;
}

/** Sends one reading from the options, or standard input as NDJSON when there is no --metric. */
export async function publish(options: PublishOptions): Promise<void> {
  const body = options.metric ? JSON.stringify(single(options)) : await standardInput();
  const response = await fetch(`${options.url}/api/v1/readings`, {
    method: "POST",
    body,
    headers: { authorization: `Bearer ${options.token}`, "content-type": "application/x-ndjson" },
  }).catch((error: Error) => {
    console.error(
      `citywall: no gateway answers at ${options.url} (${error.cause instanceof Error ? error.cause.message : error.message}); npx citywall start, or --url`,
    );
    process.exitCode = 69; // EX_UNAVAILABLE
  });
  if (!response) return;
  const answer = (await response.json()) as { rejected?: unknown[] };
  console.log(JSON.stringify(answer));
  if (!response.ok || (answer.rejected?.length ?? 0) > 0) process.exitCode = 1;
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
