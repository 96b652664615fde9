import { dayStart } from "../../clock";
import { aggregateOf, isSmallCell, metricOf, type CityFacts, type Metric } from "../../contract/city";
import { FUTURE_TOLERANCE, OLDEST, type Quality, type Reading } from "../../contract/readings";
import { readingTopic } from "../../contract/topics";
import { cityTotal, inputsOf, isComputed } from "../../contract/totals";
import type { Recorder } from "../../history/writer/recorder";
import { NotKept } from "../../history/writer/journal";
import { StoreAway, type RemoteHistory } from "../../history/client/remote";
import type { TopicHistory } from "../../history/store/service";
import type { Hub } from "../hub";
import { Ledger, type Entry } from "./ledger";
import { withRange, type Ranges } from "./ranges";
import { textOf, WaitingFile, type Waiting } from "./waiting-file";

export interface TotalsParts {
  hub: Pick<Hub, "takeReading" | "state">;
  /** null keeps no past: totals are then derived from what this process has seen */
  history: {
    recorder: Pick<Recorder, "reading" | "flushed">;
    ask: Pick<RemoteHistory, "call">;
    keptFor: number;
  } | null;
  /** holds the stretches of the past that wait for the store, over a restart */
  file: string | null;
  now: () => number;
  later: (ms: number, task: () => void) => () => void;
}

/** How one city's figure is made, and what is known of its districts. */
interface Rule {
  key: string;
  identity: string;
  city: CityFacts;
  metric: Metric;
  inputs: Metric[];
  /** of each district, the topics of its inputs */
  topics: string[][];
  /** topic of the total */
  total: string;
  /** ms: how long after it was observed a reading may count */
  reach: number;
  ledger: Ledger;
  /** whether what the store knows of the last minutes is in the ledger */
  loaded: boolean;
  pending: Ranges;
  /** the stretch of `pending` that is being worked on */
  running: Ranges;
}

/** A total at a moment: a reading's value, that it cannot be made, or that too little is known here to say. */
type Outcome = { value: number; quality: Quality } | "none" | "unknown";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How far back totals are looked for in the store when none is known yet, ms. */
const FIRST = 31 * DAY;
/** What comes within this time (ms) is worked off together. */
const GATHER = 1_000;
const RETRY = 5_000;
/** Readings of one question to the store. */
const CHUNK = 50_000;
/** Moments settled without a pause: live readings must not wait. */
const SLICE = 500;

/**
 * The cities' figures that are computed from their districts'. After each batch the moments that it touches are settled
 * from what is held in memory; where that does not reach back far enough, the stretch is written down and settled later
 * from the store, by the same rule. A total is a reading like any other from there on: live, kept, corrected when its
 * districts are.
 *
 * A moment has a total when every district has a reading that counts: not bad, not older than the metric's limit, and
 * for a counter of the day from the same local day. Otherwise nothing is published, and one that was is withdrawn as
 * bad.
 */
export class Totals {
  private readonly rules = new Map<string, Rule>();
  private readonly cities = new Map<string, CityFacts>();
  private byTopic = new Map<string, Rule[]>();
  private readonly touched = new Map<Rule, { topic: string; at: number }[]>();
  /** what comes while the store is asked */
  private arrivals: { topic: string; entry: Entry }[] = [];
  private readonly file: WaitingFile | null;
  /** what an earlier run wrote down, of rules that are not adopted yet */
  private readonly waiting: Waiting;
  /** what an earlier run wrote down cannot be read: anything may have waited */
  private readonly forgotten: boolean;
  private working: Promise<void> | null = null;
  private cancelTimer: (() => void) | null = null;
  private readonly closing = new AbortController();
  private readonly midnights = new Map<string, number>();

  constructor(
    private readonly parts: TotalsParts,
    cities: CityFacts[],
  ) {
    this.file = parts.history && parts.file !== null ? new WaitingFile(parts.file) : null;
    const waiting = this.file ? this.file.read() : {};
    this.forgotten = waiting === null;
    this.waiting = waiting ?? {};
    for (const city of cities) this.adopt(city);
  }

  /** Learns a city's rules, or that they changed. */
  adopt(city: CityFacts): void {
    if (this.cities.get(city.id) === city) return;
    this.cities.set(city.id, city);
    const before = new Map([...this.rules].filter(([, rule]) => rule.city.id === city.id));
    for (const key of before.keys()) this.rules.delete(key);
    for (const metric of city.metrics.filter(isComputed)) {
      const rule = this.makeRule(city, metric);
      const known = before.get(rule.key);
      if (known?.identity === rule.identity) this.rules.set(rule.key, Object.assign(known, { city, metric }));
      else this.begin(rule);
    }
    this.byTopic = new Map();
    for (const rule of this.rules.values())
      for (const topic of rule.topics.flat()) this.byTopic.set(topic, [...(this.byTopic.get(topic) ?? []), rule]);
    this.wake(0);
  }

  private makeRule(city: CityFacts, metric: Metric): Rule {
    const inputs = inputsOf(metric)
      .map((id) => metricOf(city, id))
      .filter((input) => input !== undefined);
    const topics = city.districts.map(({ adcode }) => inputs.map((input) => readingTopic(city.id, adcode, input.id)));
    const reach = Math.max(...inputs.map(({ limit }) => limit)) * 1000;
    const identity = JSON.stringify([
      aggregateOf(metric).districts,
      topics,
      inputs.map(({ kind, limit, smallCell }) => [kind, limit, smallCell]),
      city.timeZone,
    ]);
    const keep = this.parts.history ? this.parts.now() - 2 * reach - MINUTE : -Infinity;
    return {
      key: `${city.id}/${metric.id}`,
      identity,
      city,
      metric,
      inputs,
      topics,
      reach,
      total: readingTopic(city.id, "all", metric.id),
      // A reading may be observed a little ahead of the clock: what came before this process began can reach that far.
      ledger: new Ledger(keep, this.parts.history ? this.parts.now() + FUTURE_TOLERANCE : -Infinity),
      loaded: false,
      pending: [],
      running: [],
    };
  }

  private begin(rule: Rule): void {
    this.rules.set(rule.key, rule);
    const { history, hub, now } = this.parts;
    if (!history) return;
    for (const [from, to] of this.waiting[rule.key] ?? []) this.pend(rule, from, to);
    delete this.waiting[rule.key];
    // What an earlier run has not come to: since its last total or, where there is none, for as long as feeds may be
    // late.
    const state = hub.state(rule.total);
    const last = state?.kind === "reading" ? state.last?.at : undefined;
    const from = this.forgotten ? now() - history.keptFor : (last ?? now() - FIRST);
    if (from < rule.ledger.keepFrom) this.pend(rule, from, rule.ledger.keepFrom + rule.reach);
    this.save();
  }

  /** Takes note of a district's reading that has just been taken in, corrected or late ones too. */
  note(city: CityFacts, reading: Reading): void {
    this.adopt(city);
    const topic = readingTopic(reading.city, reading.district, reading.metric);
    const rules = this.byTopic.get(topic);
    if (!rules) return;
    const entry = { at: reading.at, value: reading.value, quality: reading.quality };
    if (this.working) this.arrivals.push({ topic, entry });
    for (const rule of rules) {
      rule.ledger.set(topic, entry);
      const touched = this.touched.get(rule);
      if (touched) touched.push({ topic, at: reading.at });
      else this.touched.set(rule, [{ topic, at: reading.at }]);
    }
  }

  /**
   * Derives what the readings noted since the last call change: after each batch, in the same turn, so that both are
   * kept or neither.
   */
  settle(): void {
    if (this.touched.size === 0) return;
    for (const [rule, touched] of this.touched) {
      const moments = this.stretches(rule, touched).flatMap(([from, to]) => momentsOf(rule, rule.ledger, from, to));
      for (const at of moments) if (!this.settleMoment(rule, rule.ledger, at)) this.pend(rule, at, at);
      for (const topic of [...touched.map((one) => one.topic), rule.total])
        rule.ledger.prune(topic, this.parts.now() - 2 * rule.reach - MINUTE);
    }
    this.touched.clear();
    this.save();
    this.wake(GATHER);
  }

  /** Where readings count that have just come; what memory does not reach is noted for the store. */
  private stretches(rule: Rule, touched: { topic: string; at: number }[]): Ranges {
    let stretches: Ranges = [];
    for (const { topic, at } of touched) {
      const limit = at + this.limitOf(rule, topic);
      if (at < rule.ledger.completeFrom) this.pend(rule, at, limit);
      if (at < rule.ledger.keepFrom) continue;
      const next = rule.ledger.track(topic).nextUsable(at);
      stretches = withRange(stretches, at, Math.min(limit, next ? next.at - 1 : Infinity));
    }
    return stretches;
  }

  /** Districts of a computed metric that its total lacks at a moment (ms); undefined for any other metric. */
  missing(city: string, metric: string, at: number): string[] | undefined {
    const rule = this.rules.get(`${city}/${metric}`);
    return rule?.city.districts
      .filter((_, i) =>
        rule.inputs.some(
          (input, k) => !rule.ledger.track(rule.topics[i]?.[k] ?? "").usable(this.since(rule, input, at), at),
        ),
      )
      .map(({ adcode }) => adcode);
  }

  async close(): Promise<void> {
    this.closing.abort(new StoreAway("closing"));
    this.cancelTimer?.();
    await this.working;
    await this.file?.close();
  }

  private limitOf(rule: Rule, topic: string): number {
    const input = rule.inputs.find((_, k) => rule.topics.some((topics) => topics[k] === topic));
    return (input?.limit ?? 0) * 1000;
  }

  /** From when on (ms) a reading counts at a moment. */
  private since(rule: Rule, input: Metric, at: number): number {
    const oldest = at - input.limit * 1000;
    return input.kind === "day" ? Math.max(oldest, this.midnight(at, rule.city.timeZone)) : oldest;
  }

  /** Start of the local day. Remembered by the quarter hour, as clocks change on one. */
  private midnight(at: number, timeZone: string): number {
    const key = `${timeZone} ${Math.floor(at / (15 * MINUTE))}`;
    let start = this.midnights.get(key);
    if (start === undefined) {
      start = dayStart(at, timeZone);
      if (this.midnights.size > 5_000) this.midnights.clear();
      this.midnights.set(key, start);
    }
    return start;
  }

  private outcome(rule: Rule, ledger: Ledger, at: number): Outcome {
    const rows: number[][] = [];
    let quality: Quality = "good";
    let unknown = false;
    const since = rule.inputs.map((input) => this.since(rule, input, at));
    for (const [i, { adcode }] of rule.city.districts.entries()) {
      const found = rule.inputs.map((_, k) => ledger.track(rule.topics[i]?.[k] ?? "").usable(since[k] as number, at));
      if (found.some((entry, k) => !entry && (since[k] as number) >= ledger.completeFrom)) return "none";
      unknown ||= found.some((entry) => !entry || entry.at < ledger.completeFrom);
      // Half the threshold stands in for a small cell: a total that holds one is an estimate, and says so.
      if (
        found.some(
          (entry, k) =>
            entry && (entry.quality === "uncertain" || isSmallCell(rule.inputs[k] as Metric, adcode, entry.value)),
        )
      )
        quality = "uncertain";
      rows.push(found.map((entry) => entry?.value ?? NaN));
    }
    if (unknown) return "unknown";
    const value = cityTotal(aggregateOf(rule.metric).districts, rows);
    return value === null ? "none" : { value, quality };
  }

  /** Publishes what the total of a moment has become. False where the ledger knows too little to say. */
  private settleMoment(rule: Rule, ledger: Ledger, at: number): boolean {
    const outcome = this.outcome(rule, ledger, at);
    if (outcome === "unknown") return false;
    const held = ledger.track(rule.total).at(at);
    if (outcome !== "none") {
      if (held?.value !== outcome.value || held.quality !== outcome.quality)
        this.publish(rule, ledger, { at, ...outcome });
    } else if (held && held.quality !== "bad") this.publish(rule, ledger, { ...held, quality: "bad" });
    return true;
  }

  private publish(rule: Rule, ledger: Ledger, entry: Entry): void {
    const reading: Reading = { city: rule.city.id, district: "all", metric: rule.metric.id, ...entry };
    this.parts.history?.recorder.reading(reading);
    if (entry.at >= this.parts.now() - OLDEST) this.parts.hub.takeReading(reading);
    rule.ledger.set(rule.total, entry);
    if (ledger !== rule.ledger) ledger.set(rule.total, entry);
    if (this.working) this.arrivals.push({ topic: rule.total, entry });
  }

  private pend(rule: Rule, from: number, to: number): void {
    const { history, now } = this.parts;
    if (!history) return;
    const oldest = now() - history.keptFor;
    if (to >= oldest) rule.pending = withRange(rule.pending, Math.max(from, oldest), to, MINUTE);
  }

  /** Writes down what waits for the store, before the batch that brought it is acknowledged. */
  private save(): void {
    this.file?.save(this.waitingNow());
  }

  /** All stretches that wait for the store at present, by rule. */
  private waitingNow(): Waiting {
    const waiting: Waiting = { ...this.waiting };
    for (const { key, pending, running } of this.rules.values()) {
      const all = running.reduce((ranges, [from, to]) => withRange(ranges, from, to), pending);
      if (all.length > 0) waiting[key] = all;
    }
    return waiting;
  }

  /** The text of the file of what waits, as it is at this moment. */
  waitingText(): string {
    return textOf(this.waitingNow());
  }

  /**
   * To be awaited before a batch is acknowledged: what waits for the store has to be on the disk by then.
   * @throws NotKept where it could not be written, also when it was tried once more
   */
  async written(): Promise<void> {
    await this.file?.kept();
  }

  private wake(ms: number): void {
    if (!this.parts.history || this.working || this.cancelTimer || this.closing.signal.aborted || !this.next()) return;
    this.cancelTimer = this.parts.later(ms, () => {
      this.cancelTimer = null;
      this.working = this.work().then((done) => {
        this.working = null;
        this.arrivals = [];
        this.wake(done ? 0 : RETRY);
      });
    });
  }

  private next(): Rule | undefined {
    const rules = [...this.rules.values()];
    return rules.find((rule) => !rule.loaded) ?? rules.find((rule) => rule.pending.length > 0);
  }

  /** One step of what waits for the store; false where it cannot answer now. */
  private async work(): Promise<boolean> {
    const rule = this.next();
    if (!rule) return true;
    // The next one gets its turn before this one's next step.
    this.rules.delete(rule.key);
    this.rules.set(rule.key, rule);
    try {
      return await (rule.loaded ? this.catchUp(rule) : this.load(rule));
    } catch (error) {
      // While the journal cannot be written the gateway says so itself.
      if (!(error instanceof StoreAway || error instanceof NotKept)) console.error("totals:", error);
      return false;
    }
  }

  /**
   * What the store knows of a rule's districts and of its total in [from, to]; null where it lacks what was
   * acknowledged.
   */
  private async ask(rule: Rule, from: number, to: number): Promise<TopicHistory[] | null> {
    const { history, now } = this.parts;
    if (!history) return null;
    this.arrivals = [];
    await history.recorder.flushed();
    this.closing.signal.throwIfAborted();
    const asked = now();
    const query = {
      topics: [...rule.topics.flat(), rule.total],
      from: Math.floor(from),
      to: Math.ceil(to) + 1,
      step: 0,
      aggregates: ["last" as const],
      fill: "none" as const,
      timeZone: "UTC",
    };
    const answer = await history.ask.call("query", query, this.closing.signal);
    return answer.completeUntil < asked ? null : answer.series;
  }

  /** Fills the ledger with what came before this process began, and settles what it left open. */
  private async load(rule: Rule): Promise<boolean> {
    const { ledger } = rule;
    const found = await this.ask(rule, ledger.keepFrom, this.parts.now() + FUTURE_TOLERANCE);
    if (!found) return false;
    for (const series of found) for (const entry of entriesOf(series)) ledger.fill(series.topic, entry);
    ledger.completeFrom = ledger.keepFrom;
    rule.loaded = true;
    for (const at of momentsOf(rule, ledger, ledger.keepFrom, Infinity)) this.settleMoment(rule, ledger, at);
    return true;
  }

  /** Settles the first stretch that waits, from the store. */
  private async catchUp(rule: Rule): Promise<boolean> {
    const [first] = rule.pending;
    if (!first) return true;
    const rate = rule.topics.length * rule.inputs.reduce((sum, { interval }) => sum + 1 / interval, 0);
    const from = first[0];
    const to = Math.min(first[1], from + Math.max(rule.reach, (CHUNK / rate) * 1000));
    rule.pending = [...(to < first[1] ? [[to + 1, first[1]] as [number, number]] : []), ...rule.pending.slice(1)];
    rule.running = [[from, to]];
    try {
      const found = await this.ask(rule, from - rule.reach, to);
      if (!found) throw new StoreAway("it lacks what came last");
      if (this.rules.get(rule.key) !== rule) return true;
      const past = new Ledger(-Infinity, from - rule.reach);
      for (const series of found) for (const entry of entriesOf(series)) past.fill(series.topic, entry);
      await this.settleStretch(rule, past, from, to);
      // Only what is kept is done: killed before, the stretch is settled again.
      await this.parts.history?.recorder.flushed();
      rule.running = [];
    } catch (error) {
      for (const [start, end] of rule.running) rule.pending = withRange(rule.pending, start, end);
      rule.running = [];
      throw error;
    }
    this.save();
    return true;
  }

  private async settleStretch(rule: Rule, past: Ledger, from: number, to: number): Promise<void> {
    this.overlay(past);
    const moments = momentsOf(rule, past, from, to);
    for (let i = 0; i < moments.length; i += SLICE) {
      // What touches a moment that was settled already has put it on the list again.
      this.overlay(past);
      for (const at of moments.slice(i, i + SLICE))
        if (!this.settleMoment(rule, rule.ledger, at)) this.settleMoment(rule, past, at);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private overlay(past: Ledger): void {
    for (const { topic, entry } of this.arrivals.splice(0)) past.set(topic, entry);
  }
}

const QUALITY: Quality[] = ["good", "uncertain", "bad"];

function entriesOf({ at, values, quality }: TopicHistory): Entry[] {
  return at.flatMap((time, i) => {
    const value = values.last?.[i];
    return typeof value === "number" ? [{ at: time, value, quality: QUALITY[quality?.[i] ?? 0] ?? "good" }] : [];
  });
}

/** Moments in [from, to] at which a district said anything, oldest first. */
function momentsOf(rule: Rule, ledger: Ledger, from: number, to: number): number[] {
  return [...new Set(rule.topics.flat().flatMap((topic) => ledger.track(topic).times(from, to)))].sort((a, b) => a - b);
}
