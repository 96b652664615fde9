import type { Engine } from "./engine";
import type { Historian } from "./historian";

/** The store is not open at present. */
export class NotOpen extends Error {}

/** The answer would hold more than one may. Its message goes to whoever asked, and says what to ask instead. */
export class TooMuch extends Error {
  /** @param field the parameter that asks for it */
  constructor(
    readonly field: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** The historian as one question sees it: what is asked of the engine ends once the question is called off. */
export function calledOffBy(historian: Historian, signal: AbortSignal | undefined): Historian {
  if (!signal) return historian;
  const { engine } = historian;
  const query: Engine["query"] = (sql, params, own) => engine.query(sql, params, own ?? signal);
  const asked = Object.create(engine, { query: { value: query } }) as Engine;
  return Object.create(historian, { engine: { value: asked } }) as Historian;
}
