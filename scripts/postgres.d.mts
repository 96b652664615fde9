/** A server of its own; see postgres.mjs. */
export interface TestPostgres {
  url: string;
  /** ends it at once, as a crash would */
  kill(): Promise<void>;
  /** starts it again on the same data */
  start(): Promise<void>;
  stop(): Promise<void>;
}
export function startPostgres(): Promise<TestPostgres | null>;
