import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, it, vi } from "vitest";
import { isCorrupt, isGivenUp, keepStoreAside } from "./corrupt";

it.each([
  'IO Error: Could not set lock on file "/x/history.duckdb": Conflicting lock is held',
  "IO Error: Could not write file: No space left on device",
  "IO Error: Trying to read a database file with version number 99, but we can only read versions between 64 and 66",
  'IO Error: Cannot open file "/x/history.duckdb": Permission denied',
  "the store was written by a later version (9; this one knows 6)",
  "Out of Memory Error: could not allocate block",
  'Constraint Error: Duplicate key "topic: reading/x/all/corruption-cases" violates unique constraint',
])("a file is left where it is that is in order: %s", (message) => {
  expect(isCorrupt(new Error(message))).toBe(false);
});

it("an engine that gave itself up is told from one that failed at a statement", () => {
  expect(isGivenUp(new Error("FATAL Error: Failed: database has been invalidated because of a previous error"))).toBe(
    true,
  );
  expect(isGivenUp(new Error("IO Error: No space left on device"))).toBe(false);
});

it("stores that break again and again do not pile up: the newest two are kept", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const data = await mkdtemp(path.join(os.tmpdir(), "citywall-corrupt-"));
  const file = path.join(data, "history.duckdb");
  for (const day of [1, 2, 3, 4]) {
    writeFileSync(file, `${day}`);
    keepStoreAside(data, file, new Error("IO Error: not a valid DuckDB database file"), Date.UTC(2026, 10, day));
    // As it is once what could be read of it has been taken over.
    rmSync(`${file}.rescue`);
  }
  const kept = readdirSync(data).filter((name) => name.includes(".broken-"));
  expect(kept.map((name) => readFileSync(path.join(data, name), "utf8"))).toEqual(["3", "4"]);
  await rm(data, { recursive: true });
  log.mockRestore();
});
