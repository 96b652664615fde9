import type { ServerResponse } from "node:http";
import { turn } from "../clock";

/** Characters of a piece: each is made at once, and others have their turn before the next. */
const PIECE = 32_768;
/** Items of a list that are looked at together. */
const SLICE = 1_024;

export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** A list whose items are made as they are written, so many at once; see `asWritten` and `slicesAsWritten`. */
class Unmade {
  constructor(readonly slices: Iterable<readonly unknown[]>) {}
}

/** A list for an answer, whose items are made by the slice when their turn comes, as all of them at once would keep others waiting. */
export function slicesAsWritten<T>(slices: Iterable<readonly T[]>): T[] {
  return new Unmade(slices) as unknown as T[];
}

/** The same of small items that are made one by one. */
export function asWritten<T>(items: Iterable<T>): T[] {
  return slicesAsWritten(
    (function* () {
      for (const item of items) yield [item];
    })(),
  );
}

/** Whether a list is one whose items are yet to be made: only `jsonPieces` can write it. */
export function isUnmade(list: unknown): boolean {
  return list instanceof Unmade;
}

function* jsonOfUnmade({ slices }: Unmade): Generator<string> {
  let separator = "[";
  for (const slice of slices) {
    if (slice.length === 0) continue;
    yield separator + JSON.stringify(slice).slice(1, -1);
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}

const isLeaf = (value: unknown): boolean => typeof value !== "object" || value === null;

function* jsonOfItems(items: unknown[]): Generator<string> {
  for (const [i, item] of items.entries()) {
    if (i > 0) yield ",";
    yield* jsonOf(item);
  }
}

function* jsonOfList(list: unknown[]): Generator<string> {
  yield "[";
  for (let from = 0; from < list.length; from += SLICE) {
    const slice = list.slice(from, from + SLICE);
    if (from > 0) yield ",";
    if (slice.every(isLeaf)) yield JSON.stringify(slice).slice(1, -1);
    else yield* jsonOfItems(slice);
  }
  yield "]";
}

function* jsonOfObject(value: object): Generator<string> {
  yield "{";
  let separator = "";
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${separator}${JSON.stringify(name)}:`;
    yield* jsonOf(member);
    separator = ",";
  }
  yield "}";
}

function* jsonOf(value: unknown): Generator<string> {
  if (Array.isArray(value)) yield* jsonOfList(value);
  else if (value instanceof Unmade) yield* jsonOfUnmade(value);
  else if (typeof value === "object" && value !== null) yield* jsonOfObject(value);
  else yield JSON.stringify(value) ?? "null";
}

/** Puts short texts together to ones of about `PIECE` characters. */
export function* joined(texts: Iterable<string>): Generator<string> {
  let piece = "";
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

/** The same of texts of which the next ones have to be waited for. */
export async function* joinedLater(parts: AsyncIterable<Iterable<string>>): AsyncGenerator<string> {
  let piece = "";
  for await (const texts of parts)
    for (const text of texts) {
      piece += text;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = "";
    }
  yield piece;
}

/** The JSON of plain values, lists and objects, as `JSON.stringify` writes it, a piece at a time. */
export function jsonPieces(value: unknown): Generator<string> {
  return joined(jsonOf(value));
}

/**
 * Waits until a response may be written to again, or is closed; to be made after its head is written, as what packs it takes
 * its place then and is what gets full.
 */
function drained(response: ServerResponse): () => Promise<void> {
  let wake = (): void => {};
  response.on("drain", () => wake());
  response.once("close", () => wake());
  return () =>
    new Promise<void>((resolve) => {
      wake = resolve;
      if (response.destroyed) resolve();
    });
}

/**
 * Sends an answer piece by piece, as fast as it is taken. The head is written once the first piece is there, so that what fails
 * before can still be refused. Stops where the asker is gone.
 * An answer of one piece tells its length.
 */
export async function sendPieces(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  pieces: Pieces,
): Promise<void> {
  type Step = IteratorResult<string | Uint8Array, unknown>;
  const iterator: { next(): Step | Promise<Step>; return?(): unknown } =
    Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  try {
    const first = await iterator.next();
    const second = first.done ? first : await iterator.next();
    if (second.done) {
      const whole: string | Uint8Array = first.done ? "" : first.value;
      response.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(whole)) });
      response.end(whole);
      return;
    }
    response.writeHead(status, headers);
    const mayGoOn = drained(response);
    response.write(first.value);
    for (let next: Step = second; !next.done && !response.destroyed; next = await iterator.next()) {
      if (!response.write(next.value)) await mayGoOn();
      await turn();
    }
    response.end();
  } finally {
    await iterator.return?.();
  }
}
