import { pause as clockPause } from "../lib/clock";

/** Where readings go, and by whose leave. */
export interface Target {
  url: string;
  token: string;
}

/** What the gateway says of a batch. */
export interface SendAnswer {
  accepted: number;
  rejectedTotal: number;
  /** the first thousand */
  rejected: {
    index: number;
    field: string;
    reason: string;
    /** names the field as well */
    detail?: string;
  }[];
}

/** A batch that the gateway did not take. */
export class NotTaken extends Error {
  /** @param status of the answer; 0 where none came */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** How long a batch is sent again for, ms. */
const PATIENCE = 5 * 60_000;
/** s after which it is, where the gateway does not say. */
const COME_AGAIN = 5;
/** Answers after which the same batch may be taken: too many requests, and nothing more can be kept at present. */
const LATER = [429, 503];

/**
 * Posts readings, and the same ones again after `Retry-After` while the gateway asks for that, for five minutes at the
 * most. What was taken already is known again by its topic and time, so nothing is counted twice.
 * @throws NotTaken where the gateway cannot be reached, refuses all of it or has asked for too much patience
 */
export async function sendReadings(
  { url, token }: Target,
  body: string,
  contentType: string,
  pause: (ms: number) => Promise<void> = clockPause,
): Promise<SendAnswer> {
  for (let waited = 0; ;) {
    const response = await fetch(`${url}/api/v1/readings`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${token}`, "content-type": contentType },
    }).catch((error: Error) => {
      throw new NotTaken(0, error.cause instanceof Error ? error.cause.message : error.message);
    });
    const text = await response.text();
    if (!LATER.includes(response.status)) return answerOf(response.status, text);
    const ms = Math.max(1, Number(response.headers.get("retry-after") ?? COME_AGAIN) || COME_AGAIN) * 1_000;
    if (waited + ms > PATIENCE)
      throw new NotTaken(
        response.status,
        `${refusal(response.status, text)}; tried again for ${Math.round(waited / 1_000)} s`,
      );
    console.error(`${refusal(response.status, text)}; trying again in ${ms / 1_000} s`);
    await pause(ms);
    waited += ms;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusal(status: number, text: string): string {
  const { error } = (parsed(text) ?? {}) as { error?: { code: string; message: string } };
  return `the gateway answered ${status}${error ? `: ${error.message} (${error.code})` : ""}`;
}

/** A batch whose every item lies out of the token's scope is judged item by item as well, under status 403. */
function answerOf(status: number, text: string): SendAnswer {
  const answer = parsed(text) as Partial<SendAnswer> | null;
  if (!answer || !Array.isArray(answer.rejected)) throw new NotTaken(status, refusal(status, text));
  return { ...answer, accepted: answer.accepted ?? 0, rejectedTotal: answer.rejectedTotal ?? 0 } as SendAnswer;
}

/** Refused items that are told one by one. */
const TOLD = 10;

/**
 * One line for each refused item, up to ten, and how many more there are.
 * @param name what an index is called
 */
export function rejectionLines({ rejected, rejectedTotal }: SendAnswer, name: (index: number) => string): string[] {
  const lines = rejected
    .slice(0, TOLD)
    .map(({ index, field, reason, detail }) => `rejected ${name(index)}: ${detail ?? field} (${reason})`);
  const more = rejectedTotal - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}
