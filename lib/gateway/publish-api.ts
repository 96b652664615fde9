import type { IncomingMessage } from "node:http";
import { LIMITS } from "../contract/api/limits";
import { parseTransition, type CityEvent, type Transition } from "../contract/events";
import { ValidationError } from "../contract/readings";
import type { ApiParts } from "./api";
import { itemsOf, takeItems } from "./batch";
import { shownToken } from "./bearer";
import { readBody } from "./bodies/read";
import { HttpError } from "./http";
import type { Kind } from "./ingest";
import type { Exchange, Handlers } from "./router";
import type { Token } from "./tokens";

type Parts = Pick<ApiParts, "hub" | "ingest" | "tokens" | "limit" | "now" | "refusals">;

const publisher = (parts: Parts, request: IncomingMessage): Promise<Token> => shownToken(parts, request, "publish");

async function takeBatch(parts: Parts, { request }: Exchange, kind: Kind) {
  const token = await publisher(parts, request);
  const answer = await judged(parts, request, kind, token);
  // Acknowledged means kept: a process that is killed from here on loses none of it.
  await parts.ingest.kept();
  const outside =
    answer.rejectedTotal > 0 &&
    answer.accepted === 0 &&
    answer.rejected.every((item) => item.reason === "out-of-scope");
  return outside ? ({ status: 403, body: answer } as const) : ({ status: 200, body: answer } as const);
}

/** Reads a batch and takes in what is right of it. */
async function judged(parts: Parts, request: IncomingMessage, kind: Kind, token: Token) {
  const { bytes, leave } = await readBody(request);
  try {
    parts.ingest.admit();
    const batch = parts.ingest.begin(kind, token, parts.now());
    await takeItems(bytes, request.headers["content-type"], `${kind}s`, (item) => batch.take(item));
    return batch.end();
  } finally {
    leave();
  }
}

/** The event that a transition is about. @throws HttpError 404, 409 */
function eventToMove({ hub }: Parts, city: string, id: string): CityEvent {
  const event = hub.event(city, id);
  if (event) return event;
  if (hub.isLongClosed(city, id))
    throw new HttpError(409, "closed-long-ago", `event ${id} was closed days ago: send the whole event to reopen it`);
  throw new HttpError(404, "unknown-event", `${city} has no event ${id}`);
}

/**
 * The version that a transition tells. Who has it in hand is taken over unless it is told, but not for a step of the
 * past.
 */
function moved({ steps: _steps, unit, ...event }: CityEvent, { stage, at, unit: told }: Transition): CityEvent {
  const has = told ?? (at >= event.updated ? unit : undefined);
  return { ...event, stage, updated: at, ...(has === undefined ? {} : { unit: has }) };
}

function checkMove(event: CityEvent, move: Transition): void {
  if (!event.stages.includes(move.stage))
    throw new ValidationError("stage", "out-of-range", `must be one of ${event.stages.join(", ")}`);
  if (move.at < event.at)
    throw new ValidationError(
      "at",
      "out-of-range",
      `lies before the event was opened, ${new Date(event.at).toISOString()}`,
    );
}

async function moveEvent(parts: Parts, { request }: Exchange, id: string) {
  const token = await publisher(parts, request);
  const { bytes, leave } = await readBody(request, LIMITS.question);
  const body = Buffer.concat([Buffer.from('{"items":['), bytes, Buffer.from("]}")]);
  leave();
  const [raw] = itemsOf(body, undefined, "items");
  parts.ingest.admit();
  try {
    const move = parseTransition(raw, parts.now());
    parts.ingest.admitEvents(move.city, token);
    const event = eventToMove(parts, move.city, id);
    parts.ingest.admitEvent(event, token);
    checkMove(event, move);
    const version = moved(event, move);
    parts.ingest.takeEvent(version, token);
    await parts.ingest.kept();
    return { status: 200, body: parts.hub.event(move.city, event.id) ?? version } as const;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const { field, reason, message } = error;
    const detail = message.slice(field.length + 2);
    throw new HttpError(reason === "out-of-scope" ? 403 : 422, reason, message, {}, [{ field, detail }]);
  }
}

/** Readings, events and positions in. */
export function publishApi(
  parts: Parts,
): Handlers<"publishReadings" | "publishEvents" | "publishPositions" | "moveEvent"> {
  return {
    publishReadings: (_input, exchange) => takeBatch(parts, exchange, "reading"),
    publishEvents: (_input, exchange) => takeBatch(parts, exchange, "event"),
    publishPositions: (_input, exchange) => takeBatch(parts, exchange, "position"),
    moveEvent: ({ params }, exchange) => moveEvent(parts, exchange, params.id),
  };
}
