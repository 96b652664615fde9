import { DuckDBInstance } from "@duckdb/node-api";
import { stateOf, type EngineCopy, type Row } from "../../lib/history/store/engine";

/** What a file of the embedded engine holds, which nobody else has open; it is not changed. @throws where it cannot be read */
export async function inspected(file: string): Promise<EngineCopy> {
  const instance = await DuckDBInstance.create(file, {
    access_mode: "READ_ONLY",
    memory_limit: "256MB",
    threads: "1",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    return await stateOf({
      rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjects() as unknown as Row[],
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
