import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { parseHistoryConfig } from "../config";
import { openDuckdb } from "./duckdb";
import { Historian } from "./historian";
import { LIVE } from "../writer/journal";
import { ColumnsBuilder, type JournalBatch } from "../writer/journal";
import { queryHistory } from "./query";

const T0 = Date.parse("2026-11-20T16:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TOPIC = "reading/lianyungang/all/cases-today";

function one(observed: number, recorded: number, value: number): JournalBatch {
  const columns = new ColumnsBuilder();
  columns.add(TOPIC, observed, recorded, value, "good");
  return { readings: columns.take(), events: [], positions: [], screens: [] };
}

it("counts a corrected moment once, though a restart came before its day was rolled up again", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-historian-"));
  const engine = await openDuckdb(path.join(folder, "h.duckdb"));
  const began = async (now: number): Promise<Historian> => {
    const historian = new Historian(engine, parseHistoryConfig({}));
    await historian.open(now);
    return historian;
  };
  const first = await began(T0);
  const now = T0 + 5 * DAY;
  while (await first.maintain(now));
  // Filled in days later, and corrected after a restart that came at once.
  const at = T0 + DAY + 9 * HOUR;
  await first.apply([one(at, now, 7)], LIVE, { segment: 1, offset: 1 });
  const second = await began(now);
  await second.apply([one(at, now + 1, 8)], LIVE, { segment: 1, offset: 2 });
  const [answer] = await queryHistory(second, {
    series: [second.series(TOPIC) as number],
    from: at,
    to: at + 1,
    step: HOUR,
    aggregates: ["count", "sum"],
    fill: "none",
    timeZone: "UTC",
    now: now + 1,
  });
  expect(answer?.values).toEqual({ count: [1], sum: [8] });
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});
