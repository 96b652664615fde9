import { zoneOffset } from "../clock";
import { districtOf, metricOf, type CityFacts, type Lang } from "../contract/city";
import { parseTopic } from "../contract/topics";
import type { Aggregate } from "./history/query";
import type { TopicHistory, TopicQuery } from "./history/service";

/** Quotes a cell of RFC 4180 CSV; a text that a spreadsheet would take for a formula is kept from being one. */
function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A number as JSON has it, which knows no Infinity; nothing where there is none. */
function numberCell(value: number | null | undefined): string {
  return typeof value === "number" && Number.isFinite(value) ? String(value) : "";
}

/** RFC 4180: one row for each topic and time. */
export function toCsv(series: TopicHistory[], aggregates: Aggregate[]): string {
  const rows = [["topic", "at", ...aggregates].join(",")];
  for (const { topic, at, values } of series) {
    at.forEach((time, i) => rows.push([csvCell(topic), new Date(time).toISOString(), ...aggregates.map((a) => numberCell(values[a]?.[i]))].join(",")));
  }
  return `${rows.join("\r\n")}\r\n`;
}

/** Apache Arrow IPC file: topic, at (ms), and a column for each aggregate. */
export async function toArrow(series: TopicHistory[], aggregates: Aggregate[]): Promise<Uint8Array> {
  // Loaded when first asked for: few ask, and every start would pay.
  const { tableFromArrays, tableToIPC } = await import("apache-arrow");
  const topic = series.flatMap((s) => s.at.map(() => s.topic));
  const at = BigInt64Array.from(series.flatMap((s) => s.at.map((time) => BigInt(time))));
  const columns = Object.fromEntries(aggregates.map((a) => [a, Float64Array.from(series.flatMap((s) => s.at.map((_, i) => s.values[a]?.[i] ?? NaN)))]));
  return tableToIPC(tableFromArrays({ topic, at, ...columns }), "file");
}

const EXCEL_WORDS = {
  time: { zh: "时间", en: "Time" }, data: { zh: "数据", en: "Data" }, about: { zh: "说明", en: "About" }, city: { zh: "全市", en: "City" }, column: { zh: "列", en: "Column" },
  definition: { zh: "口径", en: "Definition" }, unit: { zh: "单位", en: "Unit" }, source: { zh: "来源", en: "Source" }, topic: { zh: "主题", en: "Topic" },
  range: { zh: "范围", en: "Range" }, zone: { zh: "时区", en: "Time zone" }, step: { zh: "步长（秒）", en: "Step (s)" }, aggregate: { zh: "聚合", en: "Aggregation" },
} as const;
const TIME_FORMAT = "yyyy-mm-dd hh:mm:ss";

interface Column {
  series: TopicHistory;
  aggregate: Aggregate;
  name: string;
}

function columnsOf(series: TopicHistory[], aggregates: Aggregate[], city: CityFacts, lang: Lang): Column[] {
  return series.flatMap((one) => aggregates.map((aggregate) => {
    const name = parseTopic(one.topic);
    const [district, metric] = name?.kind === "reading" ? [name.district, name.metric] : ["", ""];
    const place = district === "all" ? EXCEL_WORDS.city[lang] : (districtOf(city, district)?.short[lang] ?? district);
    const what = `${place} ${metricOf(city, metric)?.name[lang] ?? metric}`;
    return { series: one, aggregate, name: aggregates.length > 1 ? `${what} ${aggregate}` : what };
  }));
}

/**
 * An Excel workbook: a sheet with a row for each time (on the clocks of the query's zone) and a column for each series, and a
 * sheet that says what the columns are and where they come from.
 */
export async function toExcel(series: TopicHistory[], query: TopicQuery, city: CityFacts, lang: Lang): Promise<Buffer> {
  const { default: writeExcelFile } = await import("write-excel-file/node");
  const word = (name: keyof typeof EXCEL_WORDS): string => EXCEL_WORDS[name][lang];
  const columns = columnsOf(series, query.aggregates, city, lang);
  const times = [...new Set(series.flatMap((one) => one.at))].sort((a, b) => a - b);
  const places = new Map(times.map((at, row) => [at, row]));
  // A spreadsheet knows no zones: it gets the time that the clocks showed.
  const rows: (Date | number | null)[][] = times.map((at) => [new Date(at + zoneOffset(at, query.timeZone)), ...columns.map(() => null)]);
  columns.forEach(({ series: { at, values }, aggregate }, c) => at.forEach((time, i) => {
    (rows[places.get(time) as number] as (Date | number | null)[])[c + 1] = values[aggregate]?.[i] ?? null;
  }));
  const bold = (value: string) => ({ value, fontWeight: "bold" as const });
  const about: (string | number | { value: string; fontWeight: "bold" })[][] = [
    [bold(word("range")), `${new Date(query.from).toISOString()} – ${new Date(query.to).toISOString()}`], [bold(word("zone")), query.timeZone],
    [bold(word("step")), query.step / 1000], [bold(word("aggregate")), query.aggregates.join(", ")], [],
    [bold(word("column")), bold(word("unit")), bold(word("definition")), bold(word("source")), bold(word("topic"))],
    ...columns.map(({ series: { topic }, name }) => {
      const named = parseTopic(topic);
      const metric = named?.kind === "reading" ? metricOf(city, named.metric) : undefined;
      const system = city.systems[metric?.system ?? ""];
      return [name, metric?.unit[lang] ?? "", metric?.definition?.[lang] ?? "", system?.name[lang] ?? "", topic];
    }),
  ];
  return writeExcelFile([
    { data: [[bold(word("time")), ...columns.map(({ name }) => bold(name))], ...rows], sheet: word("data"), columns: [{ width: 20 }, ...columns.map(() => ({ width: 18 }))], stickyRowsCount: 1, dateFormat: TIME_FORMAT },
    { data: about, sheet: word("about"), columns: [{ width: 26 }, { width: 12 }, { width: 48 }, { width: 24 }, { width: 44 }] },
  ]).toBuffer();
}
