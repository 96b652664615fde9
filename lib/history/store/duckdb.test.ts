import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { DuckDBPreparedStatement } from "@duckdb/node-api";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { openDuckdb } from "./duckdb";
import type { Engine, SqlValue } from "./engine";

let folder = "";
let engine: Engine;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-duckdb-"));
  engine = await openDuckdb(path.join(folder, "h.duckdb"));
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

/** The next statement that is prepared waits with its plan until `task` is done. */
function beforeNextPlanRuns(task: () => Promise<void>): void {
  const real = Object.getOwnPropertyDescriptor(DuckDBPreparedStatement.prototype, "run")?.value as (
    this: DuckDBPreparedStatement,
  ) => ReturnType<DuckDBPreparedStatement["run"]>;
  const spy = vi.spyOn(DuckDBPreparedStatement.prototype, "run");
  spy.mockImplementation(async function (this: DuckDBPreparedStatement) {
    spy.mockRestore();
    await task();
    return real.call(this);
  });
}

describe("a question while readings are taken in", () => {
  it.each<[string, string, SqlValue[]]>([
    ["without parameters", "SELECT max(observed) AS last FROM early WHERE observed <= 100", []],
    ["with some", "SELECT max(observed) AS last FROM early WHERE observed <= 100 AND series = $1", [1]],
    ["with all", "SELECT max(observed) AS last FROM early WHERE series = $2 AND observed <= $1", [100, 1]],
  ])("is told nothing later than it asks for, %s", async (_, sql, params) => {
    await engine.run("CREATE OR REPLACE TABLE early (series INTEGER, observed BIGINT)");
    await engine.run("INSERT INTO early VALUES (1, 50), (1, 100)");
    // When the statement is planned every reading meets the condition; when it is run, one does not.
    beforeNextPlanRuns(() =>
      engine.append("early", 1, [
        { name: "series", type: "INTEGER", values: [1] },
        { name: "observed", type: "BIGINT", values: [200] },
      ]),
    );
    expect(await engine.query(sql, params)).toEqual([{ last: 100 }]);
  });
});
