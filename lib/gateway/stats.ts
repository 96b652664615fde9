import { Counter, Gauge, Histogram, Registry, type OpenMetricsContentType } from "prom-client";

/** What the gateway counts about itself, for `/metrics` (OpenMetrics 1.0). */
export function makeStats() {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  return {
    registry,
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
    clients: new Gauge({ name: "citywall_live_clients", help: "Live connections", registers }),
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
    stored: new Gauge({
      name: "citywall_history_stored",
      help: "Readings the store's process has taken in since it began",
      registers,
    }),
    storeUp: new Gauge({ name: "citywall_store_up", help: "1 while the store takes everything in", registers }),
    memory: new Gauge({ name: "process_resident_memory_bytes", help: "Resident memory", registers }),
    uptime: new Gauge({ name: "citywall_uptime_seconds", help: "Time since the gateway started", registers }),
  };
}

export type Stats = ReturnType<typeof makeStats>;
