import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry, type OpenMetricsContentType } from "prom-client";
import { monotonic } from "../clock";
import type { History } from "../history/client/history";
import type { Certificate } from "./certificate";
import type { ClockWatch } from "./clock-watch";
import type { Descriptors } from "./descriptors";
import type { Hub } from "./hub";
import type { LiveGuard } from "./live-guard";
import type { Outbox } from "./outbox";

/** ms between two looks at how late the event loop is */
const LOOK = 20;
/** In ns, the time from one look to the next; a timer of Node's own, which runs no script. */
const looks = monitorEventLoopDelay({ resolution: LOOK });
looks.enable();
/** ms; what is told is of this long ago at the least, and twice as long at the most */
const LOOKED_BACK = 300_000;
let [since, before] = [monotonic(), 0];

/** Longest time (s) in the last minutes for which the event loop was held up. */
function longestDelay(): number {
  const now = monotonic();
  if (now - since > LOOKED_BACK) {
    before = now - since > 2 * LOOKED_BACK ? 0 : looks.max;
    looks.reset();
    since = now;
  }
  return Math.max(0, Math.max(before, looks.max) / 1e9 - LOOK / 1e3);
}

type Registers = Registry<OpenMetricsContentType>[];

/** What the gateway counts about itself, for `/metrics` (OpenMetrics 1.0). */
export function makeStats() {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  return {
    registry,
    ...intakeStats(registers),
    ...liveStats(registers),
    ...storeStats(registers),
    ...processStats(registers),
  };
}

export type Stats = ReturnType<typeof makeStats>;

/** Of what is taken in and what is refused. */
function intakeStats(registers: Registers) {
  return {
    accepted: new Counter({
      name: "citywall_items_accepted",
      help: "Readings, events and positions taken in",
      labelNames: ["city", "feed", "kind"],
      registers,
    }),
    duplicates: new Counter({
      name: "citywall_items_duplicate",
      help: "Items that changed nothing",
      labelNames: ["kind"],
      registers,
    }),
    rejected: new Counter({
      name: "citywall_items_rejected",
      help: "Items refused, by reason",
      labelNames: ["kind", "reason"],
      registers,
    }),
    requests: new Counter({
      name: "citywall_requests_refused",
      help: "Requests refused as a whole, by status",
      labelNames: ["status"],
      registers,
    }),
  };
}

/** Of live connections and what is sent to them. */
function liveStats(registers: Registers) {
  return {
    clients: new Gauge({ name: "citywall_live_clients", help: "Live connections", registers }),
    waiting: new Gauge({
      name: "citywall_live_waiting_bytes",
      help: "Bytes that wait to be read by live connections",
      registers,
    }),
    cut: new Gauge({
      name: "citywall_live_cut",
      help: "Live connections cut since start because they sent or left waiting more than they may",
      registers,
    }),
    frames: new Gauge({ name: "citywall_frames_sent", help: "Live frames sent since start", registers }),
    bytes: new Gauge({ name: "citywall_frame_bytes_sent", help: "Bytes of live frames sent since start", registers }),
    skipped: new Gauge({
      name: "citywall_frames_skipped",
      help: "Live frames slow clients did not get; a snapshot followed",
      registers,
    }),
    coalesced: new Gauge({
      name: "citywall_readings_coalesced",
      help: "Readings merged into a later one of the same second before sending",
      registers,
    }),
    topics: new Gauge({ name: "citywall_topics", help: "Topics that hold something", labelNames: ["kind"], registers }),
    tick: new Histogram({
      name: "citywall_tick_seconds",
      help: "Time one outbox tick took",
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
      registers,
    }),
  };
}

/** Of the journal and the store behind it. */
function storeStats(registers: Registers) {
  return {
    journal: new Gauge({
      name: "citywall_journal_bytes",
      help: "Bytes on disk that the store or the recent file still needs",
      registers,
    }),
    refusing: new Gauge({
      name: "citywall_history_refusing",
      help: "1 while nothing is taken in, because the spill is full or the disk cannot be written",
      registers,
    }),
    notRetained: new Gauge({
      name: "citywall_history_refused",
      help: "Batches refused because nothing more could be kept",
      registers,
    }),
    lost: new Gauge({
      name: "citywall_history_lost",
      help: "Acknowledged items that could not be read back from the journal, of all times",
      registers,
    }),
    aside: new Gauge({
      name: "citywall_history_aside",
      help: "Items that the store refused and that are kept beside it",
      registers,
    }),
    notices: new Gauge({
      name: "citywall_notices",
      help: "Faults of what is kept that nobody has acknowledged yet",
      registers,
    }),
    stored: new Gauge({
      name: "citywall_history_stored",
      help: "Readings the store's process has taken in since it began",
      registers,
    }),
    storeUp: new Gauge({ name: "citywall_store_up", help: "1 while the store takes everything in", registers }),
  };
}

/** Of the process. */
function processStats(registers: Registers) {
  return {
    clockSteps: new Gauge({
      name: "citywall_clock_steps",
      help: "How often the machine's clock was set since the gateway began",
      registers,
    }),
    loop: new Gauge({
      name: "citywall_event_loop_delay_seconds",
      help: "Longest time in the last five to ten minutes for which the gateway could do nothing else",
      registers,
    }),
    memory: new Gauge({ name: "process_resident_memory_bytes", help: "Resident memory", registers }),
    descriptors: new Gauge({
      name: "citywall_descriptors_open",
      help: "Connections and files that are open",
      registers,
    }),
    descriptorsMost: new Gauge({
      name: "citywall_descriptors_most",
      help: "Connections and files that the system lets the gateway open; 0 where it does not tell",
      registers,
    }),
    descriptorsLow: new Gauge({
      name: "citywall_descriptors_low",
      help: "1 while few connections and files can be opened any more",
      registers,
    }),
    uptime: new Gauge({ name: "citywall_uptime_seconds", help: "Time since the gateway started", registers }),
  };
}

/** How long the certificate has to go; where there is none nothing is told of it. */
export function addCertificate(
  { registry }: Pick<Stats, "registry">,
  certificate: Pick<Certificate, "secondsLeft">,
): void {
  new Gauge({
    name: "citywall_certificate_seconds",
    help: "Time until the certificate of TLS ends; below 0 once it has",
    registers: [registry],
    collect() {
      this.set(certificate.secondsLeft);
    },
  });
}

interface Measured {
  outbox: Outbox;
  guard: Pick<LiveGuard, "waiting" | "cut">;
  hub: Hub;
  /** null: no past is kept */
  history: History | null;
  clock: Pick<ClockWatch, "steps">;
  descriptors: Pick<Descriptors, "count" | "state">;
  /** when the gateway began, ms of a clock that never jumps */
  began: number;
}

/** Brings the gauges to what they are now: they are read when `/metrics` is asked for, not kept up to date. */
export function setGauges(stats: Stats, { outbox, guard, hub, history, clock, descriptors, began }: Measured): void {
  stats.clients.set(outbox.clients);
  stats.waiting.set(guard.waiting);
  stats.cut.set(guard.cut);
  stats.frames.set(outbox.stats.frames);
  stats.bytes.set(outbox.stats.bytes);
  stats.skipped.set(outbox.stats.skipped);
  stats.coalesced.set(hub.coalesced);
  for (const [kind, count] of Object.entries(hub.sizes())) stats.topics.set({ kind }, count);
  if (history) {
    stats.journal.set(history.journal.bytes);
    stats.refusing.set(history.recorder.refusal ? 1 : 0);
    stats.notRetained.set(history.recorder.refused);
    stats.lost.set(history.lost);
    stats.aside.set(history.state.aside);
    stats.notices.set(history.state.notices.length);
    stats.stored.set(history.remote.state.taken);
    stats.storeUp.set(history.state.state === "ok" ? 1 : 0);
  }
  stats.memory.set(process.memoryUsage.rss());
  stats.clockSteps.set(clock.steps);
  stats.descriptors.set(descriptors.count?.open ?? 0);
  stats.descriptorsMost.set(descriptors.count?.limit ?? 0);
  stats.descriptorsLow.set(descriptors.state === "ok" ? 0 : 1);
  stats.loop.set(longestDelay());
  stats.uptime.set((monotonic() - began) / 1000);
}
