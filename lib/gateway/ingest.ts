import { LIMITS } from "../contract/api/limits";
import type { BatchAnswer } from "../contract/api/publish";
import { districtCodes, districtOf, isSmallCell, type CityFacts, type Metric } from "../contract/city";
import { parseEvent, type CityEvent, type EventReporter } from "../contract/events";
import { parsePosition } from "../contract/positions";
import { OLDEST, parseReading, ValidationError } from "../contract/readings";
import { isComputed } from "../contract/totals";
import { NotKept } from "../history/writer/journal";
import type { Recorder } from "../history/writer/recorder";
import { TOO_LONG } from "./batch";
import { HttpError } from "./http";
import type { Hub, Taken } from "./hub";
import type { Stats } from "./stats";
import type { Totals } from "./totals/totals";
import { ANY_FEED, type Token } from "./tokens";

/** Seconds after which a publisher whose batch could not be kept may try again. */
const COME_AGAIN = 5;

type CityIndex = {
  facts: CityFacts;
  metrics: Map<string, Metric>;
  layers: Map<string, string>;
  districts: Set<string>;
};

/** What a batch is of. */
export type Kind = "reading" | "event" | "position";

/** Turns raw items into contract records and gives them to the hub, judging each item alone. */
export class Ingest {
  private readonly index = new Map<string, CityIndex>();
  /** why the last batch could not be written, in the system's words; null where it could */
  private fault: string | null = null;

  /** @param keptFor how long (ms) readings are kept: what a token with `backfill` may bring is not older */
  constructor(
    private readonly hub: Hub,
    private readonly stats: Stats,
    private readonly cityOf: (id: string) => CityFacts | undefined,
    private readonly recorder: Recorder | null = null,
    private readonly keptFor = OLDEST,
    private readonly totals: Totals | null = null,
  ) {}

  /**
   * What there is of a token's city. Of others its holder is told nothing, not even whether they are there.
   * @throws ValidationError out-of-scope for any other, unknown-city
   */
  private city(id: string, token: Token): CityIndex {
    if (token.city !== id) throw new ValidationError("city", "out-of-scope", `this token is for ${token.city}`);
    const facts = this.cityOf(id);
    if (!facts) throw new ValidationError("city", "unknown-city", `"${id}" is not configured`);
    const known = this.index.get(id);
    if (known?.facts === facts) return known;
    const fresh: CityIndex = {
      facts,
      metrics: new Map(facts.metrics.map((m) => [m.id, m])),
      layers: new Map(facts.layers.map((l) => [l.id, l.system])),
      districts: new Set(districtCodes(facts)),
    };
    this.index.set(id, fresh);
    return fresh;
  }

  /** @throws ValidationError out-of-scope for what another feed tells */
  private scope(token: Token, feed: string): void {
    if (token.feed !== ANY_FEED && token.feed !== feed)
      throw new ValidationError("metric", "out-of-scope", `belongs to ${feed}; this token is for ${token.feed}`);
  }

  /** Begins a batch: its items are given one by one, each judged alone. */
  begin(kind: Kind, token: Token, now: number): Batch {
    return new Batch(kind, token, this.stats, this.taker(kind, token, now), () => {
      if (kind === "reading") this.totals?.settle();
    });
  }

  private taker(kind: Kind, token: Token, now: number): (item: unknown) => Taken {
    if (kind === "reading") return this.readingTaker(token, now);
    return kind === "event" ? (item) => this.event(item, token, now) : (item) => this.position(item, token, now);
  }

  /** A whole batch of readings. */
  readings(raw: unknown[], token: Token, now: number): BatchAnswer {
    const batch = this.begin("reading", token, now);
    for (const item of raw) batch.take(item);
    return batch.end();
  }

  private readingTaker(token: Token, now: number): (item: unknown) => Taken {
    const oldest = token.backfill ? this.keptFor : OLDEST;
    return (item) => {
      const reading = parseReading(item, now, oldest);
      const city = this.city(reading.city, token);
      const metric = city.metrics.get(reading.metric);
      if (metric === undefined)
        throw new ValidationError("metric", "unknown-metric", `"${reading.metric}" is not a metric of ${reading.city}`);
      if (!city.districts.has(reading.district))
        throw new ValidationError(
          "district",
          "unknown-district",
          `"${reading.district}" is not a district of ${reading.city}`,
        );
      this.scope(token, metric.system);
      if (reading.district === "all" && isComputed(metric))
        throw new ValidationError(
          "district",
          "computed",
          `the city's "${metric.id}" is computed from its districts; send theirs alone`,
        );
      // Nothing behind this line ever holds a small cell, so that no page, export or backup can tell it. Half the
      // threshold stands in for it: it is shown as below the threshold, and sums over many districts stay about right.
      if (metric.smallCell !== undefined && isSmallCell(metric, reading.district, reading.value))
        reading.value = metric.smallCell / 2;
      // What the live state has no use for, such as a late reading, is history all the same; only a copy is not.
      const known = this.hub.holds(reading);
      if (!known) this.recorder?.reading(reading);
      if (!known) this.totals?.note(city.facts, reading);
      // Brought from long ago it is history alone: walls and charts show nothing that old as their last word.
      return reading.at < now - OLDEST ? "taken" : this.hub.takeReading(reading);
    };
  }

  private event(item: unknown, token: Token, now: number): Taken {
    const event = parseEvent(item, now);
    this.admitEvent(event, token);
    return this.takeEvent(event, token);
  }

  /**
   * Takes a version of an admitted event in, live and for the past, with the way it has come so far. By whose token it came is for the
   * past alone: walls are not told.
   * @throws ValidationError when it has too many steps
   */
  takeEvent(version: CityEvent, token: Token): Taken {
    const taken = this.hub.takeEvent(version);
    if (taken) this.recorder?.event(taken.event, reporterOf(token));
    return taken ? "taken" : "duplicate";
  }

  /**
   * To be called before an event is looked for: whether there is one is for nobody else.
   * @throws ValidationError where a token is not for a city's events
   */
  admitEvents(id: string, token: Token): CityFacts {
    const { facts } = this.city(id, token);
    this.scope(token, facts.events?.system ?? "events");
    return facts;
  }

  /** @throws ValidationError when the token is not for the events of the city, or the district is unknown */
  admitEvent(event: Pick<CityEvent, "city" | "district">, token: Token): void {
    const facts = this.admitEvents(event.city, token);
    if (event.district !== "all" && !districtOf(facts, event.district))
      throw new ValidationError(
        "district",
        "unknown-district",
        `"${event.district}" is not a district of ${event.city}`,
      );
  }

  private position(item: unknown, token: Token, now: number): Taken {
    const position = parsePosition(item, now);
    const system = this.city(position.city, token).layers.get(position.layer);
    if (system === undefined)
      throw new ValidationError("layer", "unknown-layer", `"${position.layer}" is not a layer of ${position.city}`);
    this.scope(token, system);
    const taken = this.hub.takePosition(position);
    if (taken === "taken") this.recorder?.position(position);
    return taken;
  }

  /** Call before anything of a batch is taken. @throws HttpError 503 while nothing more can be kept */
  admit(): void {
    const why = this.recorder?.refusal;
    if (why) throw this.notRetained(why);
  }

  /**
   * Resolves once what was taken would survive the end of this process.
   * @throws HttpError 503 when it could not be written. The hub has it then, and the journal writes it as soon as it
   * can: the same batch sent again is answered once that is done, and changes nothing.
   */
  async kept(): Promise<void> {
    try {
      await Promise.all([this.totals?.written(), this.recorder?.flushed()]);
      this.fault = null;
    } catch (error) {
      if (!(error instanceof NotKept)) throw error;
      // In the system's own words it is nobody's business who publishes; the same fault is one line of the log.
      if (error.message !== this.fault) console.error(`citywall: the journal cannot be written: ${error.message}`);
      this.fault = error.message;
      throw this.notRetained("the journal cannot be written at present");
    }
  }

  private notRetained(why: string): HttpError {
    if (this.recorder) this.recorder.refused++;
    return new HttpError(503, "not-kept", `${why}; send it again in ${COME_AGAIN} s`, {
      "retry-after": String(COME_AGAIN),
    });
  }
}

/** A token as it is named where it reported something. */
function reporterOf({ id, feed, note }: Token): EventReporter {
  return { token: id, feed, note };
}

/** A batch whose items are judged one after the other. */
class Batch {
  private readonly answer: BatchAnswer = { accepted: 0, duplicates: 0, rejectedTotal: 0, rejected: [] };
  private index = 0;

  constructor(
    private readonly kind: Kind,
    private readonly token: Token,
    private readonly stats: Stats,
    private readonly taker: (item: unknown) => Taken,
    private readonly ended: () => void,
  ) {}

  /** Judges the next item, and takes it in where nothing is wrong with it. */
  take(item: unknown): void {
    const { answer } = this;
    const index = this.index++;
    try {
      if (item === TOO_LONG)
        throw new ValidationError("item", "out-of-range", `has more than ${LIMITS.batch.item} bytes`);
      const taken = this.taker(item);
      if (taken === "full") throw new ValidationError("layer", "out-of-range", "holds as many things as it can");
      if (taken === "duplicate") answer.duplicates++;
      answer.accepted++;
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      this.stats.rejected.inc({ kind: this.kind, reason: error.reason });
      answer.rejectedTotal++;
      if (answer.rejected.length < LIMITS.rejections)
        answer.rejected.push({ index, reason: error.reason, field: error.field, detail: error.message });
    }
  }

  /** What came of it. */
  end(): BatchAnswer {
    const { answer, kind, token } = this;
    this.ended();
    if (answer.accepted > 0) this.stats.accepted.inc({ city: token.city, feed: token.feed, kind }, answer.accepted);
    if (answer.duplicates > 0) this.stats.duplicates.inc({ kind }, answer.duplicates);
    return answer;
  }
}
