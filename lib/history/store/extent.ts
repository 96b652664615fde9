import type { Historian } from "./historian";
import { bucketOf } from "./rollup";

/** Start (ms) of the first hour of which readings of a city are kept; null where there is none. */
export async function keptFrom({ engine, rollups }: Historian, city: string): Promise<number | null> {
  const ofCity = "series IN (SELECT id FROM series WHERE city = $1)";
  const [rolled] = await engine.query(`SELECT min(bucket) AS first FROM hours WHERE ${ofCity}`, [city]);
  const first = typeof rolled?.first === "number" ? rolled.first : Infinity;
  // What was filled in is kept before its hours are made.
  const unmade = Math.min(rollups.watermark.hours, ...rollups.staleIn("hours", 0, first));
  if (unmade >= first) return first;
  const [raw] = await engine.query(
    `SELECT min(observed) AS first FROM readings WHERE observed >= ${unmade} AND ${ofCity}`,
    [city],
  );
  const earlier = typeof raw?.first === "number" ? bucketOf("hours", raw.first) : Infinity;
  return Math.min(first, earlier) === Infinity ? null : Math.min(first, earlier);
}
