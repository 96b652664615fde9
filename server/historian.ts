/** The store's process: takes in the journal that the gateway writes, and answers the gateway's questions. */
import { Lifecycle } from "./lifecycle";
import { every, now, pause } from "../lib/clock";
import { freeBytes } from "../lib/files/space";
import { loadHistoryConfig, parseHistoryConfig } from "../lib/history/config";
import type { FromStore, ToStore } from "../lib/history/client/remote";
import { keepToOwner } from "./data-folder";
import { readEnvironment, type Environment } from "./environment";
import { BEGIN, WAIT } from "./store-ahead";

/** Most ms a store that cannot be reached has to end: there is nothing to close. */
const UNREACHABLE = 3_000;
const MEGABYTE = 1_000_000;
/** The store goes on for a while after the gateway takes nothing more in: what it takes in makes room in the journal. */
const STORE_SHARE = 0.25;

// The gateway ends it by hanging up; signals to the whole group must not end it before its gateway.
const life = new Lifecycle({ name: "store", limit: 20_000, endsBy: "parent" });

function tell(message: FromStore): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** Why the embedded engine may write nothing now: one that meets a full disk in the middle of it gives itself up. */
function noRoom({ CITYWALL_DATA, CITYWALL_DISK_REFUSE, DATABASE_URL }: Environment): string | null {
  const least = CITYWALL_DISK_REFUSE * MEGABYTE * STORE_SHARE;
  const free = DATABASE_URL === undefined ? freeBytes(CITYWALL_DATA) : null;
  return free !== null && free < least ? `the disk has ${Math.round(free / MEGABYTE)} MB left` : null;
}

async function open(environment: Environment) {
  const { CITYWALL_DATA, CITYWALL_CITIES, CITYWALL_HISTORY_CONFIG, DATABASE_URL } = environment;
  keepToOwner();
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
    refusal: () => noRoom(environment),
  });
  if (life.ending) return;
  const answer = answering(service, tell);
  process.on("message", (message: ToStore | typeof BEGIN) => {
    if (message.kind === BEGIN.kind) service.start();
    else answer(message);
  });
  life.onEnd(async () => {
    const closed = service.close();
    // It may wait for a server that does not answer, for longer than anybody waits for this process.
    if (service.state().error !== null) await Promise.race([closed, pause(UNREACHABLE)]);
    else await closed;
    releaseLock(CITYWALL_DATA);
  });
  // Until it is told to begin it touches nothing: whose the data folder is shows only then.
  if (!process.argv.includes(WAIT)) service.start();
  every(1_000, () => tell({ kind: "state", state: service.state() }));
}

await life.run(() => open(readEnvironment(process.env)));
