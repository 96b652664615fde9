import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SmallDisk } from "../../files/test-disk";
import type { Step, Verdict } from "./test-full-disk";

/** Bytes of a page of a disk in memory; what is written ahead grows by less than that at a time. */
const PAGE = 4_096;
const MEGABYTES = 24;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("give" as const),
      count: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(20_000)),
      series: fc.nat(2),
      bad: fc.boolean(),
      age: fc.constantFrom(0, 0, 3, 90),
      thing: fc.nat(2),
      event: fc.nat(2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("import" as const), count: fc.integer({ min: 1, max: 500 }) }),
  },
  { weight: 6, arbitrary: fc.constant<Step>({ kind: "follow" }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("maintain" as const), minutes: fc.constantFrom(1, 2, 7, 70, 1_600) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("annotate" as const), id: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("unannotate" as const), id: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "checkpoint" }) },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: "ask" }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("fill" as const), left: fc.nat(8).map((pages) => pages * PAGE) }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: "empty" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "open" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "kill" }) },
);

/** Runs a plan to its end, in as many processes as it takes. @throws Error where one was ended by DuckDB */
function trial(plan: Step[]): Verdict {
  const folder = mkdtempSync(path.join(os.tmpdir(), "citywall-full-disk-"));
  const disk = new SmallDisk(path.join(folder, "disk"));
  try {
    if (!disk.mount(MEGABYTES)) throw new Error("the disk could not be made");
    writeFileSync(path.join(folder, "plan.json"), JSON.stringify(plan));
    const args = ["--import", "tsx", path.join(import.meta.dirname, "test-full-disk.ts"), folder];
    for (;;) {
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      if (status === 0) return JSON.parse(stdout) as Verdict;
      // A plan's own kills; the next process goes on after them.
      if (signal !== "SIGKILL") throw new Error(`ended by ${signal ?? `code ${status}`}: ${stderr}`);
    }
  } finally {
    disk.unmount();
    rmSync(folder, { recursive: true, force: true });
  }
}

const reading = { kind: "give", count: 3, series: 0, bad: false, age: 0, thing: 0, event: 0 } as const;

describe.runIf(SmallDisk.isAllowed())("a store whose disk is full", () => {
  it("makes no rollups and goes on, where nothing else is left to do", () => {
    const minutes: Step[] = Array.from({ length: 60 }, () => ({ kind: "maintain", minutes: 1 }));
    const verdict = trial([reading, { kind: "follow" }, { kind: "fill", left: 0 }, ...minutes]);
    expect(verdict.wrong).toEqual([]);
    expect(verdict.faults.join()).toMatch(/No space left/);
  });

  it("is begun where there is room for some of its file, and is not taken for a broken one", () => {
    const tries = [0, 1, 2, 3, 4].map((pages): Step[] => [{ kind: "fill", left: pages * PAGE }, { kind: "follow" }]);
    const verdict = trial([reading, ...tries.flatMap((one): Step[] => [...one, { kind: "empty" }])]);
    expect(verdict.wrong).toEqual([]);
    expect(verdict.faults.join()).toMatch(/No space left/);
  });

  it(
    "keeps what it was given exactly once, whatever it does when the disk runs full, and is never ended for it",
    { timeout: 180_000 },
    () => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: "max" }), (plan) => {
          expect(trial(plan).wrong).toEqual([]);
        }),
        // To make a plan shorter would take more trials than the plan is worth.
        { numRuns: 4, endOnFailure: true },
      );
    },
  );
});
