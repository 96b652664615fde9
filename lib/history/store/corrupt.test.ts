import { expect, it } from "vitest";
import { isCorrupt, isGivenUp } from "./corrupt";

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
