/** The store's process: takes in the journal that the gateway writes, and answers the gateway's questions. */
import { Lifecycle } from "./lifecycle";
import { every, now, pause } from "../lib/clock";
import { loadHistoryConfig, parseHistoryConfig } from "../lib/history/config";
import type { FromStore } from "../lib/history/client/remote";
import { readEnvironment, type Environment } from "./environment";

/** Most ms a store that cannot be reached has to end: there is nothing to close. */
const UNREACHABLE = 3_000;

// The gateway ends it by hanging up; signals to the whole group must not end it before its gateway.
const life = new Lifecycle({ name: "store", limit: 20_000, endsBy: "parent" });

function tell(message: FromStore): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

async function open({ CITYWALL_DATA, CITYWALL_CITIES, CITYWALL_HISTORY_CONFIG, DATABASE_URL }: Environment) {
  const [{ HistoryService }, { answering }, { releaseLock }] = await Promise.all([
    import("../lib/history/store/service"),
    import("../lib/history/store/answering"),
    import("../lib/history/store/lock"),
  ]);
  const service = new HistoryService({
    data: CITYWALL_DATA,
    databaseUrl: DATABASE_URL,
    config: CITYWALL_HISTORY_CONFIG
      ? parseHistoryConfig(JSON.parse(CITYWALL_HISTORY_CONFIG))
      : await loadHistoryConfig(CITYWALL_CITIES),
    now,
    onState: (state) => tell({ kind: "state", state }),
  });
  if (life.ending) return;
  process.on("message", answering(service, tell));
  life.onEnd(async () => {
    const closed = service.close();
    // It may wait for a server that does not answer, for longer than anybody waits for this process.
    if (service.state().error !== null) await Promise.race([closed, pause(UNREACHABLE)]);
    else await closed;
    releaseLock(CITYWALL_DATA);
  });
  service.start();
  every(1_000, () => tell({ kind: "state", state: service.state() }));
}

await life.run(() => open(readEnvironment(process.env)));
