import { zoneOffset, type Step } from "../clock";
import { districtOf, metricOf, type CityFacts, type Lang } from "../contract/city";
import { byRow, readIn, type AnswerHead, type ColumnName, type HeldAnswer, type Span } from "../contract/columns";
import { QUALITIES } from "../contract/readings";
import { parseTopic } from "../contract/topics";
import type { Aggregate } from "../contract/history";
import { csvCell } from "./csv";
import type { HistoryAnswer, TopicHistory, TopicQuery } from "../history/store/service";

/** A number as JSON has it, which knows no Infinity; nothing where there is none. */
function numberCell(value: number | null | undefined): string {
  return typeof value === "number" && Number.isFinite(value) ? String(value) : "";
}

/** A step as a question writes it. */
export function stepName(step: Step): string {
  if (typeof step === "string") return step;
  if (step === 0) return "raw";
  const units: [number, string][] = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "m"],
    [1_000, "s"],
  ];
  const [width, unit] = units.find(([ms]) => step % ms === 0) ?? [1_000, "s"];
  return `${step / width}${unit}`;
}

/** A moment on the clocks of a zone, with its offset (RFC 3339). */
function zonedIso(at: number, timeZone: string): string {
  const offset = zoneOffset(at, timeZone);
  const minutes = Math.abs(Math.round(offset / 60_000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = new Date(at + offset).toISOString().slice(0, -1);
  return `${clock}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A file's name that tells what is in it: city, what, when, how. */
export function exportName({ topics, from, to, step, timeZone, asOf }: TopicQuery): string {
  const names = topics.flatMap((topic) => parseTopic(topic) ?? []);
  const metrics = [...new Set(names.flatMap((name) => (name.kind === "reading" ? [name.metric] : [])))];
  const districts = [...new Set(names.flatMap((name) => (name.kind === "reading" ? [name.district] : [])))];
  const what = metrics.length === 1 ? metrics[0] : `${metrics.length}-metrics`;
  const where = districts.length === 1 ? districts[0] : `${districts.length}-places`;
  const when = (at: number): string => zonedIso(at, timeZone).slice(0, 16).replace(/[-:]/g, "");
  const then = asOf === undefined ? "" : `_known-${when(asOf)}`;
  return `${names[0]?.city ?? "history"}_${what}_${where}_${when(from)}_${when(to)}_${stepName(step)}${then}`;
}

/** What a topic is of: the place and the metric, by name. */
function namesOf(topic: string, city: CityFacts, lang: Lang): { place: string; metric: string } {
  const name = parseTopic(topic);
  const [district, metric] = name?.kind === "reading" ? [name.district, name.metric] : ["", ""];
  const place = district === "all" ? EXCEL_WORDS.city[lang] : (districtOf(city, district)?.short[lang] ?? district);
  return { place, metric: metricOf(city, metric)?.name[lang] ?? metric };
}

/** Rows of a topic as they were read: its columns one after the other in `numbers`, from `start` on. */
interface RowBlock {
  topic: string;
  columns: ColumnName[];
  rows: number;
  numbers: Float64Array;
  start: number;
}

function* rowBlocks({ series }: AnswerHead, spans: readonly Span[], numbers: Float64Array): Generator<RowBlock> {
  let [next, start] = [0, 0];
  while (next < spans.length) {
    const { series: index, from, to } = spans[next] as Span;
    const { topic, columns } = series[index] as AnswerHead["series"][number];
    yield { topic, columns, rows: to - from, numbers, start };
    next += columns.length;
    start += columns.length * (to - from);
  }
}

type CsvQuery = Pick<TopicQuery, "aggregates" | "step" | "timeZone">;

function* rowsOf(
  { topic, columns, rows, numbers, start }: RowBlock,
  { aggregates, step, timeZone }: CsvQuery,
  provisionalFrom: number | null,
  named: string,
): Generator<string> {
  const topicCell = csvCell(topic);
  const columnOf = (name: ColumnName): Float64Array | undefined => {
    const place = columns.indexOf(name);
    return place < 0 ? undefined : numbers.subarray(start + place * rows, start + (place + 1) * rows);
  };
  const [at, quality, bad, uncertain] = (["at", "quality", "bad", "uncertain"] as const).map(columnOf);
  const figures = aggregates.map(columnOf);
  for (let row = 0; row < rows; row++) {
    const moment = at?.[row] as number;
    const told = step === 0 ? (QUALITIES[quality?.[row] ?? 0] ?? "bad") : `${bad?.[row] ?? 0},${uncertain?.[row] ?? 0}`;
    const provisional = provisionalFrom !== null && moment >= provisionalFrom ? 1 : 0;
    const shown = figures.map((figure) => numberCell(figure?.[row])).join(",");
    const when = `${new Date(moment).toISOString()},${zonedIso(moment, timeZone)}`;
    yield `${topicCell},${when},${named},${shown},${told},${provisional}\r\n`;
  }
}

/**
 * RFC 4180: one row for each topic and time. `at` is UTC, `time` on the clocks of the query's zone; `bad` and
 * `uncertain` count readings of the bucket, of readings one by one `quality` says it; `provisional` is 1 where the
 * bucket may still change. A row at a time, with its end of line, as its numbers are read.
 */
export async function* csvRows(
  held: HeldAnswer,
  query: CsvQuery,
  city: CityFacts,
  lang: Lang,
): AsyncGenerator<Iterable<string>> {
  const flaws = query.step === 0 ? ["quality"] : ["bad", "uncertain"];
  yield [`${["topic", "at", "time", "place", "metric", ...query.aggregates, ...flaws, "provisional"].join(",")}\r\n`];
  const { head } = held;
  for await (const { spans, numbers } of readIn(held, byRow(head)))
    for (const block of rowBlocks(head, spans, numbers)) {
      const { place, metric } = namesOf(block.topic, city, lang);
      yield rowsOf(block, query, head.provisionalFrom, `${csvCell(place)},${csvCell(metric)}`);
    }
}

/** Apache Arrow IPC file: topic, at (ms), a column for each aggregate, and how many readings were bad or uncertain. */
export async function toArrow(
  series: TopicHistory[],
  { aggregates, step }: Pick<TopicQuery, "aggregates" | "step">,
): Promise<Uint8Array> {
  // Loaded when first asked for: few ask, and every start would pay.
  const { tableFromArrays, tableToIPC } = await import("apache-arrow");
  const topic = series.flatMap((s) => s.at.map(() => s.topic));
  const at = BigInt64Array.from(series.flatMap((s) => s.at.map((time) => BigInt(time))));
  const columns = Object.fromEntries(
    aggregates.map((a) => [a, Float64Array.from(series.flatMap((s) => s.at.map((_, i) => s.values[a]?.[i] ?? NaN)))]),
  );
  const counts = (name: "bad" | "uncertain" | "quality"): Int32Array =>
    Int32Array.from(series.flatMap((s) => s.at.map((_, i) => s[name]?.[i] ?? 0)));
  const flaws: Record<string, Int32Array> =
    step === 0 ? { quality: counts("quality") } : { bad: counts("bad"), uncertain: counts("uncertain") };
  return tableToIPC(tableFromArrays({ topic, at, ...columns, ...flaws }), "file");
}

const EXCEL_WORDS = {
  time: { zh: "时间", en: "Time" },
  data: { zh: "数据", en: "Data" },
  about: { zh: "说明", en: "About" },
  city: { zh: "全市", en: "Citywide" },
  column: { zh: "列", en: "Column" },
  definition: { zh: "统计口径", en: "Definition" },
  unit: { zh: "单位", en: "Unit" },
  source: { zh: "数据来源", en: "Source" },
  topic: { zh: "主题", en: "Topic" },
  range: { zh: "时段", en: "Time range" },
  zone: { zh: "时区", en: "Time zone" },
  step: { zh: "时间粒度", en: "Time step" },
  aggregate: { zh: "汇总方式", en: "Aggregation" },
  known: { zh: "数据截至", en: "As reported by" },
  complete: { zh: "数据完整至", en: "Complete to" },
  provisional: { zh: "初步数据起点", en: "Provisional from" },
  now: { zh: "导出时间", en: "Time of export" },
  none: { zh: "无", en: "None" },
  bad: { zh: "无效数据", en: "Invalid readings" },
  uncertain: { zh: "存疑数据", en: "Uncertain readings" },
} as const;
const TIME_FORMAT = "yyyy-mm-dd hh:mm:ss";

interface Column {
  topic: string;
  at: number[];
  values: (number | null)[];
  name: string;
}

const bold = (value: string) => ({ value, fontWeight: "bold" as const });

function columnsOf(series: TopicHistory[], aggregates: Aggregate[], city: CityFacts, lang: Lang): Column[] {
  return series.flatMap((one) => {
    const { place, metric } = namesOf(one.topic, city, lang);
    const what = `${place} ${metric}`;
    const flaws = (["bad", "uncertain"] as const).filter((flaw) => one[flaw] !== undefined);
    return [
      ...aggregates.map((aggregate) => ({
        topic: one.topic,
        at: one.at,
        values: one.values[aggregate] ?? [],
        name: aggregates.length > 1 ? `${what} ${aggregate}` : what,
      })),
      ...flaws.map((flaw) => ({
        topic: one.topic,
        at: one.at,
        values: one[flaw] ?? [],
        name: `${what} ${EXCEL_WORDS[flaw][lang]}`,
      })),
    ];
  });
}

/** The sheet that says what the columns are, how final they are, and where they come from. */
function aboutRows(answer: HistoryAnswer, query: TopicQuery, columns: Column[], city: CityFacts, lang: Lang) {
  const word = (name: keyof typeof EXCEL_WORDS): string => EXCEL_WORDS[name][lang];
  const moment = (at: number): string => zonedIso(at, query.timeZone);
  return [
    [bold(word("range")), `${moment(query.from)} – ${moment(query.to)}`],
    [bold(word("zone")), query.timeZone],
    [bold(word("step")), stepName(query.step)],
    [bold(word("aggregate")), query.aggregates.join(", ")],
    [bold(word("known")), query.asOf === undefined ? word("now") : moment(query.asOf)],
    [bold(word("complete")), moment(answer.completeUntil)],
    [bold(word("provisional")), answer.provisionalFrom === null ? word("none") : moment(answer.provisionalFrom)],
    [],
    [bold(word("column")), bold(word("unit")), bold(word("definition")), bold(word("source")), bold(word("topic"))],
    ...columns.map(({ topic, name }) => {
      const named = parseTopic(topic);
      const metric = named?.kind === "reading" ? metricOf(city, named.metric) : undefined;
      const system = city.systems[metric?.system ?? ""];
      return [name, metric?.unit[lang] ?? "", metric?.definition?.[lang] ?? "", system?.name[lang] ?? "", topic];
    }),
  ];
}

/**
 * An Excel workbook: a sheet with a row for each time (on the clocks of the query's zone) and a column for each series,
 * and a sheet that says what the columns are and where they come from.
 */
export async function toExcel(answer: HistoryAnswer, query: TopicQuery, city: CityFacts, lang: Lang): Promise<Buffer> {
  const { default: writeExcelFile } = await import("write-excel-file/node");
  const word = (name: keyof typeof EXCEL_WORDS): string => EXCEL_WORDS[name][lang];
  const columns = columnsOf(answer.series, query.aggregates, city, lang);
  const times = [...new Set(answer.series.flatMap((one) => one.at))].sort((a, b) => a - b);
  const places = new Map(times.map((at, row) => [at, row]));
  // A spreadsheet knows no zones: it gets the time that the clocks showed.
  const rows: (Date | number | null)[][] = times.map((at) => [
    new Date(at + zoneOffset(at, query.timeZone)),
    ...columns.map(() => null),
  ]);
  columns.forEach(({ at, values }, c) =>
    at.forEach((time, i) => {
      (rows[places.get(time) as number] as (Date | number | null)[])[c + 1] = values[i] ?? null;
    }),
  );
  return writeExcelFile([
    {
      data: [[bold(word("time")), ...columns.map(({ name }) => bold(name))], ...rows],
      sheet: word("data"),
      columns: [{ width: 20 }, ...columns.map(() => ({ width: 18 }))],
      stickyRowsCount: 1,
      dateFormat: TIME_FORMAT,
    },
    {
      data: aboutRows(answer, query, columns, city, lang),
      sheet: word("about"),
      columns: [{ width: 26 }, { width: 12 }, { width: 48 }, { width: 24 }, { width: 44 }],
    },
  ]).toBuffer();
}
