import type { Aggregate } from "./history";

/**
 * An answer about the past may hold half a million numbers. They stay where they were made, and whoever sends them on reads
 * as many of them as he can send: a reader that is slow holds nothing in between.
 */

/** Numbers that are read at once. */
export const BATCH = 8_192;

const FLAWS = ["bad", "uncertain", "quality"] as const;
export type ColumnName = "at" | Aggregate | (typeof FLAWS)[number];

type Column = ArrayLike<number | null>;

/** One topic's past: `at` and columns of the same length, a gap as null (NaN where it lies as numbers in memory). */
export interface TopicColumns {
  topic: string;
  at: Column;
  values: Partial<Record<Aggregate, Column>>;
  bad?: Column | undefined;
  uncertain?: Column | undefined;
  quality?: Column | undefined;
}

/** How final an answer is, see `HistoryAnswer`. */
interface Finality {
  completeUntil: number;
  provisionalFrom: number | null;
}

export type AnswerColumns = Finality & { series: TopicColumns[] };

/** An answer without its numbers; `columns` in the order in which they are told. */
export type AnswerHead = Finality & { series: { topic: string; rows: number; columns: ColumnName[] }[] };

/** The rows `from` up to `to`, excluded, of a column. `series`: its topic, by the index in the answer. */
export interface Span {
  series: number;
  column: ColumnName;
  from: number;
  to: number;
}

/** An answer whose numbers are read as they are needed. */
export interface HeldAnswer {
  head: AnswerHead;
  /** The numbers of spans, one after the other, a gap as NaN. At most about `BATCH` should be asked for at once. */
  read(spans: readonly Span[]): Promise<Float64Array>;
  /** Nothing of it is needed any more. */
  release(): void;
}

function columnOf({ at, values, ...flaws }: TopicColumns, name: ColumnName): Column | undefined {
  if (name === "at") return at;
  return name === "bad" || name === "uncertain" || name === "quality" ? flaws[name] : values[name];
}

/** An answer without its numbers. */
export function headOf({ series, completeUntil, provisionalFrom }: AnswerColumns): AnswerHead {
  return {
    completeUntil,
    provisionalFrom,
    series: series.map((one) => ({
      topic: one.topic,
      rows: one.at.length,
      columns: [
        "at" as const,
        ...(Object.keys(one.values) as Aggregate[]),
        ...FLAWS.filter((flaw) => one[flaw] !== undefined),
      ],
    })),
  };
}

/** How many numbers an answer holds. */
export function numbersIn({ series }: AnswerHead): number {
  return series.reduce((sum, { rows, columns }) => sum + rows * columns.length, 0);
}

/** The numbers of spans, one after the other, a gap as NaN. */
export function readSpans({ series }: AnswerColumns, spans: readonly Span[]): Float64Array {
  const numbers = new Float64Array(spans.reduce((sum, { from, to }) => sum + to - from, 0));
  let next = 0;
  for (const { series: index, column: name, from, to } of spans) {
    const topic = series[index];
    const column = topic && columnOf(topic, name);
    for (let row = from; row < to; row++) numbers[next++] = column?.[row] ?? NaN;
  }
  return numbers;
}

/** An answer that lies here, read as one that lies elsewhere is. */
export function heldHere(answer: AnswerColumns): HeldAnswer {
  return {
    head: headOf(answer),
    read: (spans) => Promise.resolve(readSpans(answer, spans)),
    release: () => {},
  };
}

/** Puts spans together to batches. Each counts one more than its numbers, as many empty ones are not nothing either. */
function* batches(groups: Iterable<Span[]>): Generator<Span[]> {
  let batch: Span[] = [];
  let size = 0;
  for (const group of groups) {
    const own = group.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    if (batch.length > 0 && size + own > BATCH) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(...group);
    size += own;
  }
  if (batch.length > 0) yield batch;
}

function* columnSpans({ series: all }: AnswerHead): Generator<Span[]> {
  for (const [series, { rows, columns }] of all.entries())
    for (const column of columns)
      // A column without a row is told of as well.
      for (let from = 0; from === 0 || from < rows; from += BATCH - 1)
        yield [{ series, column, from, to: Math.min(from + BATCH - 1, rows) }];
}

function* rowSpans({ series: all }: AnswerHead): Generator<Span[]> {
  for (const [series, { rows, columns }] of all.entries()) {
    const step = Math.max(1, Math.floor(BATCH / columns.length) - 1);
    for (let from = 0; from < rows; from += step)
      yield columns.map((column) => ({ series, column, from, to: Math.min(from + step, rows) }));
  }
}

/** All of an answer in batches, one column after the other. */
export const byColumn = (head: AnswerHead): Generator<Span[]> => batches(columnSpans(head));

/** All of an answer in batches, one row after the other: with each span of `at` those of its other columns follow. */
export const byRow = (head: AnswerHead): Generator<Span[]> => batches(rowSpans(head));

/** An answer as lists. @param parts its numbers, in the order of `byColumn` */
export async function wholeOf(
  head: AnswerHead,
  parts: AsyncIterator<Float64Array>,
): Promise<Finality & { series: WholeTopic[] }> {
  const found = head.series.map(({ topic, columns }) => ({
    topic,
    lists: Object.fromEntries(columns.map((column) => [column, [] as (number | null)[]])),
  }));
  for (const batch of byColumn(head)) {
    const { value: part, done } = await parts.next();
    if (done) throw new Error("an answer was cut short");
    let next = 0;
    for (const { series, column, from, to } of batch) {
      const list = found[series]?.lists[column];
      for (let row = from; row < to; row++) {
        const number = part[next++] as number;
        list?.push(Number.isNaN(number) ? null : number);
      }
    }
  }
  return {
    completeUntil: head.completeUntil,
    provisionalFrom: head.provisionalFrom,
    series: found.map(({ topic, lists: { at, bad, uncertain, quality, ...values } }) => ({
      topic,
      at: at as number[],
      values,
      ...(bad ? { bad: bad as number[] } : {}),
      ...(uncertain ? { uncertain: uncertain as number[] } : {}),
      ...(quality ? { quality: quality as number[] } : {}),
    })),
  };
}

interface WholeTopic {
  topic: string;
  at: number[];
  values: Partial<Record<Aggregate, (number | null)[]>>;
  bad?: number[];
  uncertain?: number[];
  quality?: number[];
}

/** Reads an answer batch by batch, each when the one before it has been used. */
export async function* readIn(
  { read }: HeldAnswer,
  order: Iterable<Span[]>,
): AsyncGenerator<{ spans: Span[]; numbers: Float64Array }> {
  for (const spans of order) yield { spans, numbers: await read(spans) };
}
