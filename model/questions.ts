import { edgesOf, type Oracle, type Quality, type Step, type Version } from "./oracle";
import { SILENT, TOPICS } from "./place";

/** Where the product and the oracle do not say the same. */
export interface Difference {
  question: string;
  where: string;
  expected: unknown;
  got: unknown;
}

/** What was compared so far. */
export class Tally {
  values = 0;
  readonly differences: Difference[] = [];
  readonly byKind = new Map<string, number>();

  constructor(readonly limit = 20) {}

  /** Compares one value; numbers that are sums may differ in the last digits of a double. */
  same(kind: string, question: string, where: string, expected: unknown, got: unknown): boolean {
    this.values++;
    this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + 1);
    if (alike(expected, got)) return true;
    if (this.differences.length < this.limit) this.differences.push({ question, where, expected, got });
    return false;
  }
}

function alike(expected: unknown, got: unknown): boolean {
  if (typeof expected !== "number" || typeof got !== "number") return expected === got;
  return expected === got || Math.abs(expected - got) <= 1e-9 * Math.max(1e-3, Math.abs(expected), Math.abs(got));
}

/** What is asked, and who knows the answers. */
export interface Court {
  url: string;
  oracle: Oracle;
  tally: Tally;
  zone: string;
  /** the time of gateway and store, ms */
  now: number;
}

export const AGGREGATES = ["avg", "sum", "count", "min", "max", "last", "p05", "p50", "p95", "increase", "rate"];
const ASKED = [...TOPICS, SILENT];
const DAY = 86_400_000;

const iso = (at: number): string => new Date(at).toISOString();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again while the store is just starting. */
async function fetched(url: string, init?: RequestInit): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) }).catch(() => null);
    if (response && response.status !== 503) return response;
    if (tries > 100) throw new Error(`no answer: ${url} ${response ? await response.text() : ""}`);
    await pause(50);
  }
}

async function asked<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetched(url, init);
  const text = await response.text();
  if (!response.ok)
    throw new Error(
      `${response.status} ${text} to ${decodeURIComponent(url)} ${typeof init?.body === "string" ? init.body : ""}`,
    );
  return JSON.parse(text) as T;
}

const posted = <T>(url: string, body: object): Promise<T> =>
  asked<T>(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

function stepName(step: Step): string {
  return typeof step === "string" ? step : String(step / 1000);
}

type Column = (number | string | null)[];
interface HistoryAnswer {
  completeUntil?: string;
  provisionalFrom?: string | null;
  series: ({ topic: string; at: number[] } & Record<string, Column>)[];
}

/** An answer that is complete up to now: it may be asked for a little too early, but must say so. */
async function complete<T extends { completeUntil?: string | number }>(
  court: Court,
  ask: () => Promise<T>,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer.completeUntil === undefined) throw new Error("completeUntil is missing");
    if (new Date(answer.completeUntil).getTime() >= court.now) return answer;
    if (performance.now() - began > 10_000)
      throw new Error(`never complete: ${answer.completeUntil} of ${iso(court.now)}`);
    await pause(50);
  }
}

function history(court: Court, query: Record<string, string>): Promise<HistoryAnswer> {
  const ask = new URLSearchParams(query);
  for (const topic of ASKED) ask.append("topic", topic);
  return complete(court, () => asked<HistoryAnswer>(`${court.url}/api/v1/history?${ask.toString()}`));
}

export interface Range {
  from: number;
  to: number;
  known: number | null;
}

function bounds({ from, to, known }: Range): Record<string, string> {
  return { from: iso(from), to: iso(to), ...(known === null ? {} : { known: iso(known) }) };
}

export async function askRaw(court: Court, range: Range): Promise<void> {
  const { oracle, tally } = court;
  const question = `raw ${JSON.stringify(bounds(range))}`;
  const { series } = await history(court, { ...bounds(range), step: "raw" });
  for (const [i, topic] of ASKED.entries()) {
    const expected = oracle.raw(topic, range.from, range.to, range.known ?? Infinity);
    const got = series[i];
    tally.same("raw", question, `${topic} count`, expected.length, got?.at.length);
    expected.forEach((version, k) => {
      const where = `${topic} ${k}`;
      tally.same("raw", question, `${where} at`, iso(version.observed), iso(got?.at[k] ?? 0));
      tally.same("raw", question, `${where} value`, version.value, got?.last?.[k]);
      tally.same("raw", question, `${where} quality`, version.quality, got?.quality?.[k]);
    });
  }
}

export interface BucketQuestion extends Range {
  step: Step;
  zone: string | null;
  fill: "none" | "null";
}

/** What an answer in buckets ought to hold: times, and a column for each aggregate. */
function expectedBuckets(
  court: Court,
  topic: string,
  question: BucketQuestion,
  edges: number[],
): { at: number[]; columns: Record<string, (number | null)[]>; bad: number[]; uncertain: number[] } {
  const found = court.oracle.buckets(topic, edges, court.now, question.known ?? Infinity);
  const held = new Map(found.map((bucket) => [bucket.at, bucket]));
  const at = question.fill === "none" ? found.map((bucket) => bucket.at) : edges.slice(0, -1);
  const columns = Object.fromEntries(
    AGGREGATES.map((name) => [name, at.map((start) => held.get(start)?.values[name] ?? null)]),
  );
  return {
    at,
    columns,
    bad: at.map((start) => held.get(start)?.bad ?? 0),
    uncertain: at.map((start) => held.get(start)?.uncertain ?? 0),
  };
}

function describe(question: BucketQuestion): Record<string, string> {
  return {
    ...bounds(question),
    step: stepName(question.step),
    fill: question.fill,
    agg: AGGREGATES.join(","),
    ...(question.zone ? { tz: question.zone } : {}),
  };
}

export async function askBuckets(court: Court, question: BucketQuestion): Promise<void> {
  const { tally } = court;
  const name = `buckets ${JSON.stringify({ ...describe(question), agg: undefined })}`;
  const { series } = await history(court, describe(question));
  const edges = edgesOf(question.from, question.to, question.step, question.zone ?? court.zone);
  for (const [i, topic] of ASKED.entries()) {
    const expected = expectedBuckets(court, topic, question, edges);
    const got = series[i];
    if (
      !tally.same("buckets", name, `${topic} times`, expected.at.map(iso).join(" "), (got?.at ?? []).map(iso).join(" "))
    )
      continue;
    expected.at.forEach((at, k) => {
      for (const aggregate of AGGREGATES)
        tally.same(
          aggregate,
          name,
          `${topic} ${aggregate} ${iso(at)}`,
          expected.columns[aggregate]?.[k],
          got?.[aggregate]?.[k],
        );
      tally.same("bad", name, `${topic} bad ${iso(at)}`, expected.bad[k], got?.bad?.[k] ?? 0);
      tally.same("uncertain", name, `${topic} uncertain ${iso(at)}`, expected.uncertain[k], got?.uncertain?.[k] ?? 0);
    });
  }
}

/** Rows of RFC 4180 CSV; the names in it hold neither quotes nor commas. */
function rowsOf(text: string): Record<string, string>[] {
  const [head = "", ...lines] = text
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split("\r\n");
  const names = head.split(",");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((cell, i) => [names[i] ?? "", cell.replace(/^"|"$/g, "")])),
  );
}

export async function askCsv(court: Court, question: BucketQuestion): Promise<void> {
  const { tally } = court;
  const name = `csv ${JSON.stringify({ ...describe(question), agg: undefined })}`;
  const ask = new URLSearchParams({ ...describe(question), format: "csv" });
  for (const topic of ASKED) ask.append("topic", topic);
  // A file of plain rows cannot say up to when it is complete: once the same question's answer is, the file's is, too.
  await history(court, describe(question));
  const rows = rowsOf(await (await fetched(`${court.url}/api/v1/history?${ask.toString()}`)).text());
  const edges = edgesOf(question.from, question.to, question.step, question.zone ?? court.zone);
  for (const topic of ASKED) {
    const expected = expectedBuckets(court, topic, question, edges);
    const got = rows.filter((row) => row.topic === topic);
    tally.same("csv", name, `${topic} rows`, expected.at.length, got.length);
    expected.at.forEach((at, k) => {
      tally.same("csv", name, `${topic} at`, iso(at), iso(Date.parse(got[k]?.at ?? "") || 0));
      for (const aggregate of AGGREGATES) {
        const value = expected.columns[aggregate]?.[k] ?? null;
        const cell = got[k]?.[aggregate];
        tally.same(
          "csv",
          name,
          `${topic} ${aggregate} ${iso(at)}`,
          value ?? "",
          value === null ? cell : Number(cell || NaN),
        );
      }
    });
  }
}

interface TopicState {
  kind: string;
  last: { at: number; value: number; quality: Quality } | null;
  series: number[];
  marks?: number[];
}
interface PastAnswer {
  completeUntil?: number;
  topics: Record<string, TopicState>;
}

const QUALITIES: Quality[] = ["good", "uncertain", "bad"];

function told(reading: { at: number; value: number; quality: Quality } | null | undefined): string {
  return reading ? `${iso(reading.at)} ${reading.value} ${reading.quality}` : "none";
}
const toldVersion = (version: Version | undefined): string =>
  told(version && { at: version.observed, value: version.value, quality: version.quality });

/** Points of a series with their qualities, observed in [from, to]. */
function pointsOf({ series, marks = [] }: Pick<TopicState, "series" | "marks">, from: number, to: number): string[] {
  const marked = new Map<number, number>();
  for (let i = 0; i < marks.length; i += 2) marked.set(marks[i] as number, marks[i + 1] as number);
  const points: string[] = [];
  for (let i = 0; i + 1 < series.length; i += 2) {
    const at = series[i] as number;
    if (at >= from && at <= to)
      points.push(told({ at, value: series[i + 1] as number, quality: QUALITIES[marked.get(i / 2) ?? 0] as Quality }));
  }
  return points;
}

/** Width of a chart's points: a second for up to 15 minutes, a minute for up to 26 hours, an hour beyond. */
export function widthOf(span: number): number {
  if (span <= 900) return 1_000;
  return span <= 93_600 ? 60_000 : 3_600_000;
}

function past(court: Court, at: number, then: boolean, span: number): Promise<PastAnswer> {
  return complete(court, () =>
    posted<PastAnswer>(`${court.url}/api/v1/history/snapshot`, {
      at,
      knowledge: then ? "then" : "since",
      topics: ASKED.map((topic) => ({ topic, spans: [span] })),
    }),
  );
}

/** The state of every topic at a moment, and its charts' points. */
export async function askSnapshot(court: Court, at: number, then: boolean, span: number): Promise<void> {
  const { oracle, tally } = court;
  const question = `snapshot ${iso(at)} ${then ? "then" : "since"} span ${span}`;
  const { topics } = await past(court, at, then, span);
  const known = then ? at : Infinity;
  // What lies in the bucket that the span begins in may be there or not: a live series holds it whole.
  const from = at - span * 1000 + widthOf(span);
  for (const topic of ASKED) {
    const got = topics[topic];
    tally.same("snapshot", question, `${topic} last`, toldVersion(oracle.last(topic, at, known)), told(got?.last));
    const expected = oracle.tail(topic, widthOf(span), from, at, known).map(toldVersion);
    const points = pointsOf(got ?? { series: [] }, from, at);
    for (let i = 0; i < Math.max(expected.length, points.length); i++)
      tally.same("tail", question, `${topic} point ${i}`, expected[i], points[i]);
  }
}

interface ChangesAnswer {
  completeUntil?: number;
  topics: string[];
  readings: { topic: number[]; when: number[]; at: number[]; value: number[]; quality?: number[] };
  cut: boolean;
}

interface Change {
  when: number;
  at: number;
  value: number;
  quality: Quality;
}

function changesOf({ topics, readings }: ChangesAnswer, topic: string): Change[] {
  return readings.when.flatMap((when, i) =>
    topics[readings.topic[i] as number] === topic
      ? [
          {
            when,
            at: readings.at[i] as number,
            value: readings.value[i] as number,
            quality: QUALITIES[readings.quality?.[i] ?? 0] as Quality,
          },
        ]
      : [],
  );
}

/**
 * What a page shows after the changes up to a moment: of readings for one moment the one that came last. Takes them off
 * the list.
 */
function applied(state: TopicState["last"], changes: Change[], until: number): TopicState["last"] {
  let shown = state;
  while (changes[0] && changes[0].when <= until) {
    const change = changes.shift() as Change;
    if (!shown || change.at >= shown.at) shown = change;
  }
  return shown;
}

/** A snapshot with the changes after it applied one by one is at each of them what the oracle says of that moment. */
export async function askReplay(court: Court, from: number, to: number, then: boolean): Promise<void> {
  const { oracle, tally } = court;
  const question = `replay ${iso(from)} to ${iso(to)} ${then ? "then" : "since"}`;
  const before = await past(court, from, then, 0);
  const answer = await complete(court, () =>
    posted<ChangesAnswer>(`${court.url}/api/v1/history/changes`, {
      from,
      to,
      knowledge: then ? "then" : "since",
      downsample: 0,
      topics: TOPICS,
    }),
  );
  tally.same("replay", question, "cut", false, answer.cut);
  for (const topic of TOPICS) {
    const changes = changesOf(answer, topic);
    const moments = oracle.all(topic).map(({ observed, recorded }) => (then ? recorded : observed));
    const stops = [...new Set([...changes.map(({ when }) => when), ...moments, to])]
      .filter((at) => at > from && at <= to)
      .sort((a, b) => a - b);
    let state = before.topics[topic]?.last ?? null;
    for (const stop of stops) {
      state = applied(state, changes, stop);
      tally.same(
        "replay",
        question,
        `${topic} at ${iso(stop)}`,
        toldVersion(oracle.last(topic, stop, then ? stop : Infinity)),
        told(state),
      );
    }
  }
}

interface LiveAnswer {
  topics: { topic: string; value: number | null; at: string | null; quality: Quality | null }[];
}

/** The present, as anybody may ask for it. */
export async function askLive(court: Court): Promise<void> {
  const { oracle, tally } = court;
  const ask = new URLSearchParams();
  for (const topic of ASKED) ask.append("topic", topic);
  const { topics } = await asked<LiveAnswer>(`${court.url}/api/v1/snapshot?${ask.toString()}`);
  for (const [i, topic] of ASKED.entries()) {
    const got = topics[i];
    tally.same(
      "live",
      `live ${iso(court.now)}`,
      topic,
      toldVersion(oracle.last(topic, Infinity, Infinity)),
      told(got?.at ? { at: Date.parse(got.at), value: got.value as number, quality: got.quality as Quality } : null),
    );
  }
}

/** The longest range a step may be asked for at once, ms: answers are bounded. */
export function longestRange(step: Step): number {
  return typeof step === "number" ? Math.min(step * 1_000, 400 * DAY) : 400 * DAY;
}
