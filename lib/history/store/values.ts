import { QUALITIES } from "../../contract/readings";
import type { PastValue } from "../../contract/values";
import type { Historian } from "./historian";
import { lastReadings, type StoredReading } from "./moment";

/** One topic's moments. */
export interface ValuesQuery {
  topic: string;
  /** ms */
  at: number[];
  /** ms that a reading may lie before the moment */
  tolerance: number;
  /** as it was known at this moment (ms), at each moment itself, or, with null, as it is known now */
  asOf: number | "then" | null;
}

/** A question to the store: the series that are asked for one moment, seen with one knowledge. */
interface Look {
  at: number;
  asOf: number | undefined;
  series: Set<number>;
}

function lookKey(at: number, asOf: number | undefined): string {
  return `${at} ${asOf}`;
}

function asOfFor(query: ValuesQuery, at: number): number | undefined {
  if (query.asOf === null) return undefined;
  return query.asOf === "then" ? at : query.asOf;
}

/**
 * The reading of each topic at or before each moment, in the order asked; null where there is none within the
 * tolerance. Moments that topics share are looked up together.
 */
export async function pastValues(historian: Historian, queries: ValuesQuery[]): Promise<(PastValue | null)[][]> {
  const looks = new Map<string, Look>();
  for (const query of queries) {
    const series = historian.series(query.topic);
    if (series === undefined) continue;
    for (const at of query.at) {
      const asOf = asOfFor(query, at);
      const key = lookKey(at, asOf);
      const look = looks.get(key) ?? { at, asOf, series: new Set() };
      look.series.add(series);
      looks.set(key, look);
    }
  }
  const found = new Map<string, Map<number, StoredReading>>();
  for (const [key, { at, asOf, series }] of looks)
    found.set(key, await lastReadings(historian, [...series], at, { asOf }));
  return queries.map((query) =>
    query.at.map((at) => {
      const last = found.get(lookKey(at, asOfFor(query, at)))?.get(historian.series(query.topic) ?? -1);
      if (!last || at - last.at > query.tolerance) return null;
      return { at: last.at, value: last.value, quality: QUALITIES[last.quality] ?? "bad" };
    }),
  );
}
