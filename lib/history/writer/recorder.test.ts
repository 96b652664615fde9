import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { JournalWriter, segmentFile } from "./journal";
import { readSegment } from "./reader";
import { Recorder } from "./recorder";

type Row = [metric: string, observed: number, recorded: number, sequence: number, value: number];

/** Records what `feed` gives, with a clock that `feed` sets, and reads it back from the disk. */
async function recorded(
  feed: (
    give: (metric: string, at: number, value: number) => void,
    clock: (now: number) => void,
    flushed: () => Promise<void>,
  ) => Promise<void> | void,
): Promise<Row[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-recorder-"));
  const journal = new JournalWriter(folder, 1e9);
  let now = 0;
  const recorder = new Recorder(journal, 10_000, () => now);
  await feed(
    (metric, at, value) => recorder.reading({ city: "x", district: "all", metric, at, value, quality: "good" }),
    (to) => (now = to),
    () => recorder.flushed(),
  );
  await journal.close();
  const { batches } = await readSegment(segmentFile(folder, 1), 0);
  return batches.flatMap(({ readings }) =>
    [...readings.value].map((value, i): Row => [
      (readings.topics[readings.topic[i] ?? 0] ?? "").split("/")[3] ?? "",
      readings.observed[i] ?? 0,
      readings.recorded[i] ?? 0,
      readings.sequence[i] ?? -1,
      value,
    ]),
  );
}

describe("recorder", () => {
  it("numbers what came for one moment within one millisecond, by topic, over records", async () => {
    const rows = await recorded(async (give, clock, flushed) => {
      clock(1_000);
      give("a", 500, 1);
      give("b", 500, 2);
      give("a", 500, 3);
      give("a", 600, 4);
      await flushed();
      give("a", 500, 5);
      give("a", 600, 6);
      clock(1_001);
      give("a", 500, 7);
    });
    expect(rows).toEqual([
      ["a", 500, 1_000, 0, 1],
      ["b", 500, 1_000, 0, 2],
      ["a", 500, 1_000, 1, 3],
      ["a", 600, 1_000, 0, 4],
      ["a", 500, 1_000, 2, 5],
      ["a", 600, 1_000, 1, 6],
      ["a", 500, 1_001, 0, 7],
    ]);
  });

  it("keeps the order of arrival while the clock is set back a little, and follows it when it is set back for good", async () => {
    const rows = await recorded((give, clock) => {
      for (const [now, value] of [
        [100_000, 1],
        [40_000, 2],
        [99_999, 3],
        [100_001, 4],
        [40_000, 5],
      ] as const) {
        clock(now);
        give("a", 500, value);
      }
    });
    expect(rows.map(([, , at, sequence]) => [at, sequence])).toEqual([
      [100_000, 0],
      [100_000, 1],
      [100_000, 2],
      [100_001, 0],
      [40_000, 0],
    ]);
  });

  it("goes on in the next millisecond when one cannot number more", async () => {
    const rows = await recorded((give, clock) => {
      clock(1_000);
      for (let i = 0; i < 32_770; i++) give("a", 500, i);
    });
    expect(rows.slice(32_767).map(([, , at, sequence]) => [at, sequence])).toEqual([
      [1_000, 32_767],
      [1_001, 0],
      [1_001, 1],
    ]);
    expect([...rows].sort((a, b) => a[2] - b[2] || a[3] - b[3])).toEqual(rows);
  });
});
