import { HttpError } from "./http";

const [QUOTE, BACKSLASH, COMMA, COLON] = [34, 92, 44, 58];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
/** Bytes between two steps of the search. */
const STEP = 8_192;

/** Where an item begins and ends in its body. */
type Place = [number, number];

const isSpace = (code: number | undefined): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** How many characters of a body lie before a byte of it. */
export function charactersBefore(body: Buffer, at: number): number {
  return body.toString("utf8", 0, at).length;
}

/**
 * JSON, where a number may also be NaN or Infinity, as some languages write it: it is read as a number too large to be
 * one, so that its item is refused by the name of the field, as 1e999 is, and not the whole body. @throws SyntaxError
 */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    let quoted = false;
    return JSON.parse(
      text.replace(/\\[^]|"|-?\b(?:NaN|Infinity)\b/g, (token) => {
        if (token === '"') quoted = !quoted;
        return quoted || token.length < 3 ? token : "1e999";
      }),
    );
  }
}

/**
 * Goes through a JSON text by what separates its values: strings and brackets. What they hold is not looked at. By its bytes,
 * as a text of several megabytes would be there a second time as such; none of what separates is part of a longer character.
 */
class Cursor {
  at = 0;

  constructor(private readonly body: Buffer) {}

  /** The next byte that is no space; undefined at the end. */
  peek(): number | undefined {
    while (isSpace(this.body[this.at])) this.at++;
    return this.body[this.at];
  }

  expect(code: number): void {
    if (this.peek() !== code) throw this.unreadable(this.at);
    this.at++;
  }

  unreadable(at: number): HttpError {
    const characters = charactersBefore(this.body, at);
    return new HttpError(400, "unreadable", `the body is not JSON, from character ${characters} on`);
  }

  /** Goes to the end of the string that begins here. */
  private string(): void {
    const { body } = this;
    for (let i = this.at + 1; i < body.length; i++) {
      const code = body[i];
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) {
        this.at = i + 1;
        return;
      }
    }
    throw this.unreadable(this.at);
  }

  /** A member's name, which begins here. */
  name(): string {
    this.peek();
    const from = this.at;
    if (this.body[from] !== QUOTE) throw this.unreadable(from);
    this.string();
    return this.value(from, this.at) as string;
  }

  /** The value between two places. @throws HttpError 400 */
  value(from: number, to: number): unknown {
    try {
      return readJson(this.body.toString("utf8", from, to));
    } catch {
      throw this.unreadable(from);
    }
  }

  /** Goes behind the value that begins here, and says where it is. */
  *skip(): Generator<undefined, Place> {
    this.peek();
    const [from, { body }] = [this.at, this];
    let depth = 0;
    let next = from + STEP;
    while (this.at < body.length) {
      if (this.at >= next) {
        next = this.at + STEP;
        yield undefined;
      }
      const code = body[this.at];
      if (code === QUOTE) {
        this.string();
        continue;
      }
      const closes = code === CLOSE_LIST || code === CLOSE_OBJECT;
      if (depth === 0 && (closes || code === COMMA)) return [from, this.at];
      if (code === OPEN_LIST || code === OPEN_OBJECT) depth++;
      else if (closes) depth--;
      this.at++;
    }
    throw this.unreadable(from);
  }

  /** The items of the list that begins here, as many as there may be. */
  *list(most: number): Generator<undefined, Place[] | "too-many"> {
    this.expect(OPEN_LIST);
    const places: Place[] = [];
    if (this.peek() === CLOSE_LIST) {
      this.at++;
      return places;
    }
    for (;;) {
      places.push(yield* this.skip());
      if (places.length > most) return "too-many";
      yield undefined;
      if (this.peek() === CLOSE_LIST) break;
      this.expect(COMMA);
    }
    this.at++;
    return places;
  }
}

/**
 * Finds the items of the list under `key` of a JSON object without reading them: what a long body holds can then be read
 * one after the other. Comes back to its caller between two steps. The last list of that name counts, as with JSON.parse.
 * @param most items, and bytes of any other member
 * @throws HttpError 400 where the text is no object, or has no such list
 */
export function* findItems(
  body: Buffer,
  key: string,
  most: { items: number; item: number },
): Generator<undefined, Place[] | "too-many"> {
  const cursor = new Cursor(body);
  let found: Place[] | null = null;
  cursor.expect(OPEN_OBJECT);
  for (let first = true; cursor.peek() !== CLOSE_OBJECT; first = false) {
    if (!first) cursor.expect(COMMA);
    const name = cursor.name();
    cursor.expect(COLON);
    if (name === key) found = null;
    if (name === key && cursor.peek() === OPEN_LIST) {
      const places = yield* cursor.list(most.items);
      if (places === "too-many") return places;
      found = places;
      continue;
    }
    const [from, to] = yield* cursor.skip();
    if (to - from > most.item)
      throw new HttpError(413, "too-large", `a member beside ${key} has more than ${most.item} bytes`);
    cursor.value(from, to);
  }
  cursor.expect(CLOSE_OBJECT);
  if (cursor.peek() !== undefined) throw cursor.unreadable(cursor.at);
  if (found === null) throw new HttpError(400, "unreadable", `${key}: must be a list`);
  return found;
}
