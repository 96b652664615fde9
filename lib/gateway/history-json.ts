import { byColumn, readIn, type HeldAnswer, type Span } from "../contract/columns";
import { QUALITIES } from "../contract/readings";
import type { HistoryJson } from "../contract/api/history";
import type { TopicQuery } from "../history/store/service";
import { stepName } from "./history-export";

/** Numbers that are written together. */
const SLICE = 1_024;

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A number as JSON has it: a gap, and what JSON has no word for, is null. */
const jsonNumber = (value: number): string => (Number.isFinite(value) ? String(value) : "null");
const jsonQuality = (code: number): string => JSON.stringify(QUALITIES[code] ?? "bad");

function* listOf(numbers: Float64Array, word: (value: number) => string): Generator<string> {
  for (let from = 0; from < numbers.length; from += SLICE) {
    const texts = Array.from(numbers.subarray(from, from + SLICE), word);
    yield `${from > 0 ? "," : ""}${texts.join(",")}`;
  }
}

/** The text of spans, as they follow each other in the answer. */
function* textOf({ head: { series } }: HeldAnswer, spans: Span[], numbers: Float64Array): Generator<string> {
  let start = 0;
  for (const { series: index, column, from, to } of spans) {
    const { topic, rows, columns } = series[index] as (typeof series)[number];
    if (column === "at" && from === 0) yield `${index > 0 ? "," : ""}{"topic":${JSON.stringify(topic)}`;
    yield from === 0 ? `,"${column}":[` : ",";
    yield* listOf(numbers.subarray(start, start + to - from), column === "quality" ? jsonQuality : jsonNumber);
    start += to - from;
    if (to === rows) yield column === columns.at(-1) ? "]}" : "]";
  }
}

/** The JSON form of an answer as its numbers are read; see `/api/openapi.json`. */
export async function* historyJson(held: HeldAnswer, query: TopicQuery): AsyncGenerator<Iterable<string>> {
  const { from, to, step, timeZone } = query;
  const { completeUntil, provisionalFrom } = held.head;
  const asOf = isoOrNull(query.asOf ?? null);
  const head: Omit<HistoryJson, "series"> = {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    stepMs: typeof step === "number" ? step : null,
    step: stepName(step),
    timeZone,
    asOf,
    known: asOf,
    completeUntil: new Date(completeUntil).toISOString(),
    provisionalFrom: isoOrNull(provisionalFrom),
  };
  yield [`${JSON.stringify(head).slice(0, -1)},"series":[`];
  for await (const { spans, numbers } of readIn(held, byColumn(held.head))) yield textOf(held, spans, numbers);
  yield ["]}"];
}
