/** The store's process: takes in the journal that the gateway writes, and answers the gateway's questions. */
import { every, now } from "../lib/clock";
import { answering } from "../lib/history/store/answering";
import { loadHistoryConfig } from "../lib/history/config";
import type { FromStore } from "../lib/history/client/remote";
import { HistoryService } from "../lib/history/store/service";

const env = process.env;
const tell = (message: FromStore): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

const service = new HistoryService({
  data: env.CITYWALL_DATA ?? "./data",
  databaseUrl: env.DATABASE_URL,
  config: await loadHistoryConfig(env.CITYWALL_CITIES ?? "./cities"),
  now,
  onState: (state) => tell({ kind: "state", state }),
});
process.on("message", answering(service, tell));

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await service.close();
  process.exit(0);
}
// The gateway ends it by hanging up; signals to the whole group must not end it before its gateway.
process.on("disconnect", () => void end());
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});

service.start();
// The gateway may have hung up while this process was still loading; nobody would say so again.
if (process.connected === false) void end();
every(1_000, () => tell({ kind: "state", state: service.state() }));
