import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { asideItems, replayAside, setAside, type Refused } from "./aside";
import { ColumnsBuilder, journalFolder, segmentFile } from "./journal";
import { readSegment } from "./reader";

let data = "";
beforeEach(async () => void (data = await mkdtemp(path.join(os.tmpdir(), "citywall-aside-"))));
afterEach(() => rm(data, { recursive: true, force: true }));

function refused(value: number): Refused {
  const columns = new ColumnsBuilder();
  columns.add("reading/x/all/y", 1_000 + value, 2_000, value, "good");
  return { reason: "unlucky", batch: { readings: columns.take(), events: [], positions: [], screens: [] } };
}

it("a file of refused items that is empty, broken or cannot be read is named and kept, and the others are given", async () => {
  const folder = path.join(data, "aside");
  for (let i = 1; i <= 4; i++) setAside(data, "live", { segment: i, offset: 0 }, [refused(2 * i), refused(2 * i + 1)]);
  const file = (i: number): string => path.join(folder, `live-${i}-0.2.refused`);
  writeFileSync(file(1), "");
  const text = readFileSync(file(2), "utf8");
  writeFileSync(file(2), text.replace('"record":"', '"record":"AAAA'));
  await rm(file(3));
  mkdirSync(file(3));
  expect(asideItems(data).map(({ kind, reason }) => `${kind} ${reason}`)).toEqual([
    "unreadable 2 items are damaged",
    "reading unlucky",
    "unreadable 1 items are damaged",
    expect.stringMatching(/^unreadable EISDIR/),
    "reading unlucky",
    "reading unlucky",
  ]);
  expect(replayAside(data, 7)).toEqual({
    given: 3,
    unread: ["live-1-0.2.refused.damaged", "live-2-0.2.refused.damaged", "live-3-0.2.refused"],
  });
  const { batches } = await readSegment(segmentFile(journalFolder(data, "again-7"), 1), 0);
  expect(batches.flatMap(({ readings }) => [...readings.value])).toEqual([5, 8, 9]);
  expect(readdirSync(folder).sort()).toEqual([
    "live-1-0.2.refused.damaged",
    "live-2-0.2.refused.damaged",
    "live-3-0.2.refused",
  ]);
  // What was given is not given again.
  expect(replayAside(data, 8).given).toBe(0);
});
