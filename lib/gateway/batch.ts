import { Pace } from "../clock/pace";
import { LIMITS } from "../contract/api/limits";
import { HttpError } from "./http";
import { charactersBefore, findItems, readJson } from "./item-scan";

/** A line of NDJSON that is not JSON: judged as an item, so that the other lines are kept. */
export const UNREADABLE = Symbol("unreadable line");
/** An item of more bytes than one may have: judged as an item as well. */
export const TOO_LONG = Symbol("item that is too long");

/** Bytes of a JSON body that are read at once. */
const AT_ONCE = 64 * 1024;

/** What a library says of a text that is not JSON quotes the text: the refusal says where it stops being JSON instead. */
function notJson(error: unknown): HttpError {
  const place = /position (\d+)/.exec((error as Error).message)?.[1];
  return new HttpError(
    400,
    "unreadable",
    `the body is not JSON${place === undefined ? "" : `, from character ${place} on`}`,
  );
}

function tooMany(): HttpError {
  const { items } = LIMITS.batch;
  return new HttpError(
    413,
    "too-large",
    `the batch has more than ${items} items: nothing of it is kept; send ${items} at once`,
  );
}

function readLine(line: string): unknown {
  try {
    return readJson(line);
  } catch {
    return UNREADABLE;
  }
}

const NEWLINE = 10;

function* linesOf(body: Buffer): Generator<unknown> {
  for (let from = 0; from < body.length;) {
    const found = body.indexOf(NEWLINE, from);
    const to = found < 0 ? body.length : found;
    const line = to - from > LIMITS.batch.item ? null : body.toString("utf8", from, to);
    if (line === null) yield TOO_LONG;
    else if (line.trim() !== "") yield readLine(line);
    from = to + 1;
  }
}

/** Whether a body has more lines than a batch may have items. */
function hasTooManyLines(body: Buffer): boolean {
  let from = 0;
  for (let lines = 0; lines < LIMITS.batch.items; lines++) {
    from = body.indexOf(NEWLINE, from) + 1;
    if (from === 0 || from === body.length) return false;
  }
  return true;
}

const isLines = (contentType: string | undefined): boolean => contentType?.includes("ndjson") ?? false;

/**
 * The items of a batch: NDJSON lines, each read when its turn comes, or the list under `key` of a JSON object.
 * @throws HttpError 400, 413
 */
export function itemsOf(body: Buffer, contentType: string | undefined, key: string): Iterable<unknown> {
  if (isLines(contentType)) {
    if (hasTooManyLines(body)) throw tooMany();
    return linesOf(body);
  }
  let parsed: unknown;
  try {
    parsed = readJson(body.toString("utf8"));
  } catch (error) {
    throw notJson(error);
  }
  const items = typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>)[key] : undefined;
  if (!Array.isArray(items)) throw new HttpError(400, "unreadable", `${key}: must be a list`);
  if (items.length > LIMITS.batch.items) throw tooMany();
  return items;
}

/**
 * The items of a long JSON body, each read when its turn comes. They are read before as well, or a fault at the end would be
 * found when much is judged; kept meanwhile, millions of small lists would be gone through again and again by the collector.
 * @throws HttpError 400, 413, before anything is judged
 */
async function longItems(body: Buffer, key: string, pace: Pace): Promise<Iterable<unknown>> {
  const found = findItems(body, key, LIMITS.batch);
  let step = found.next();
  for (; !step.done; step = found.next()) if (pace.isOver) await pace.rest();
  if (step.value === "too-many") throw tooMany();
  const places = step.value;
  for (const [i, [from, to]] of places.entries()) {
    if (pace.isOver) await pace.rest();
    try {
      if (to - from <= LIMITS.batch.item) readJson(body.toString("utf8", from, to));
    } catch {
      const characters = charactersBefore(body, from);
      throw new HttpError(400, "unreadable", `${key}[${i}]: is not JSON, from character ${characters} on`);
    }
  }
  return readAt(body, places);
}

function* readAt(body: Buffer, places: readonly (readonly [number, number])[]): Generator<unknown> {
  for (const [from, to] of places)
    yield to - from > LIMITS.batch.item ? TOO_LONG : readJson(body.toString("utf8", from, to));
}

/**
 * Long batches one after the other, so that several at once make no longer stretches than one. How many may wait is
 * bounded by the room that their bodies have.
 */
let last: Promise<unknown> = Promise.resolve();

function inTurn(task: () => Promise<void>): Promise<void> {
  const result = last.then(task, task);
  last = result.catch(() => {});
  return result;
}

async function judge(items: Iterable<unknown>, take: (item: unknown) => void, pace: Pace): Promise<void> {
  for (const item of items) {
    take(item);
    if (pace.isOver) await pace.rest();
  }
}

/**
 * Reads the items of a batch and gives each to `take`. However many there are and whatever they hold, nothing else waits
 * for longer than a few ms.
 * @throws HttpError 400, 413: nothing was taken then
 */
export async function takeItems(
  body: Buffer,
  contentType: string | undefined,
  key: string,
  take: (item: unknown) => void,
): Promise<void> {
  const pace = new Pace();
  if (body.length <= AT_ONCE) return judge(itemsOf(body, contentType, key), take, pace);
  if (isLines(contentType) && hasTooManyLines(body)) throw tooMany();
  await inTurn(async () => {
    const items = isLines(contentType) ? linesOf(body) : await longItems(body, key, pace);
    await judge(items, take, pace);
  });
}
