/**
 * What the past and the present ought to say, worked out the slow way from everything that was sent. It imports
 * nothing: not the product's zones, nor its parsing, nor its order of readings, so that no mistake can be in both.
 *
 * A reading's place among those of its topic is (observed, recorded, order sent); of several for one observed moment
 * the last stands. All times are ms since 1970.
 */

export type Quality = "good" | "uncertain" | "bad";
export type Kind = "gauge" | "day" | "total";
export type Step = number | "week" | "month" | "quarter" | "year";

export interface Version {
  observed: number;
  recorded: number;
  value: number;
  quality: Quality;
}

export interface Bucket {
  at: number;
  bad: number;
  uncertain: number;
  /** by aggregate; null where the bucket has nothing to say */
  values: Record<string, number | null>;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Clocks of the zones used here change on quarter hours. */
const QUARTER = 15 * MINUTE;

const clocks = new Map<string, { format: Intl.DateTimeFormat; offsets: Map<number, number> }>();

/** What the zone's clock shows at a moment, as ms as if that were UTC. */
export function wall(at: number, zone: string): number {
  let clock = clocks.get(zone);
  const options = { timeZone: zone, dateStyle: "short", timeStyle: "medium" } as const;
  if (!clock) clocks.set(zone, (clock = { format: new Intl.DateTimeFormat("sv-SE", options), offsets: new Map() }));
  const quarter = Math.floor(at / QUARTER) * QUARTER;
  let offset = clock.offsets.get(quarter);
  if (offset === undefined) {
    offset = Date.parse(`${clock.format.format(quarter).replace(" ", "T")}Z`) - quarter;
    clock.offsets.set(quarter, offset);
  }
  return at + offset;
}

/** A name of the bucket that a wall time lies in: a number that grows with time. */
function numberOf(shown: number, step: Step): number {
  if (typeof step === "number") return Math.floor(shown / step);
  if (step === "week") return Math.floor((shown / DAY + 3) / 7);
  const date = new Date(shown);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  return Math.floor(month / { month: 1, quarter: 3, year: 12 }[step]);
}

/** The longest stride that meets every edge of a step and every quarter hour. */
function commonPart(step: number): number {
  return QUARTER % step === 0 ? step : MINUTE;
}

/**
 * Edges of the buckets that [from, to) touches, by walking along the clock. Buckets longer than an hour begin when the
 * clock first shows a later one than ever before; those of an hour or less whenever it shows another one or begins the
 * same anew.
 */
export function edgesOf(from: number, to: number, step: Step, zone: string): number[] {
  const long = typeof step !== "number" || step > 60 * MINUTE;
  const stride = typeof step === "number" && step < QUARTER ? commonPart(step) : QUARTER;
  const reach =
    typeof step === "number" ? Math.max(step, DAY) : { week: 7, month: 31, quarter: 92, year: 366 }[step] * DAY;
  let at = Math.floor((from - reach - 3 * DAY) / QUARTER) * QUARTER;
  let shown = wall(at, zone);
  let highest = shown;
  const edges: number[] = [];
  while (edges.length === 0 || (edges[edges.length - 1] as number) < to) {
    at += stride;
    const before = shown;
    shown = wall(at, zone);
    // Just before this moment the clock showed a little less than one stride later than at the last look.
    const changed = numberOf(shown, step) !== numberOf(before + stride - 1, step);
    const begins = long ? numberOf(shown, step) > numberOf(highest, step) : changed || shown % step === 0;
    highest = Math.max(highest, shown);
    if (!begins) continue;
    if (at <= from) edges.length = 0;
    edges.push(at);
  }
  return edges;
}

/** The value at or above which a share of them lies: SQL's percentile_disc. */
function percentile(sorted: number[], share: number): number {
  return sorted.find((_, i) => (i + 1) / sorted.length >= share - 1e-12) as number;
}

export class Oracle {
  /** by topic, in the order sent */
  private readonly versions = new Map<string, Version[]>();
  /** by topic and observed moment */
  private readonly newest = new Map<string, Version>();

  /**
   * @param kinds of metrics, by the last part of a topic's name
   * @param zone in which a day counter begins at midnight
   */
  constructor(
    private readonly kinds: Record<string, Kind>,
    private readonly zone: string,
  ) {}

  /** What was sent and acknowledged, in the order sent. A copy of what stands changes nothing. */
  take(topic: string, version: Version): void {
    const place = `${topic} ${version.observed}`;
    const standing = this.newest.get(place);
    if (standing && standing.value === version.value && standing.quality === version.quality) return;
    if (!standing || version.recorded >= standing.recorded) this.newest.set(place, version);
    const all = this.versions.get(topic);
    if (all) all.push(version);
    else this.versions.set(topic, [version]);
  }

  all(topic: string): Version[] {
    return this.versions.get(topic) ?? [];
  }

  private standing(topic: string, known: number): Map<number, Version> {
    const found = new Map<number, Version>();
    for (const version of this.all(topic)) {
      const other = found.get(version.observed);
      if (version.recorded <= known && !(other && other.recorded > version.recorded))
        found.set(version.observed, version);
    }
    return found;
  }

  /** What stood at `known`, oldest first, observed in [from, to). */
  raw(topic: string, from = -Infinity, to = Infinity, known = Infinity): Version[] {
    return [...this.standing(topic, known).values()]
      .filter(({ observed }) => observed >= from && observed < to)
      .sort((a, b) => a.observed - b.observed);
  }

  /** The last reading at a moment, whatever its quality. */
  last(topic: string, at: number, known: number): Version | undefined {
    return this.raw(topic, -Infinity, at + 1, known).pop();
  }

  /** The last reading of each `width` ms, observed in [from, at]. */
  tail(topic: string, width: number, from: number, at: number, known: number): Version[] {
    const found = new Map<number, Version>();
    for (const version of this.raw(topic, from, at + 1, known))
      found.set(Math.floor(version.observed / width), version);
    return [...found.values()];
  }

  /** Buckets that hold a reading, good or bad; a running one has gone up to `now`. */
  buckets(topic: string, edges: number[], now: number, known = Infinity): Bucket[] {
    const found: Bucket[] = [];
    const readings = this.raw(topic, -Infinity, edges[edges.length - 1], known);
    let [next, before] = [0, undefined as Version | undefined];
    for (let i = 0; i + 1 < edges.length; i++) {
      const [at, end] = [edges[i] as number, edges[i + 1] as number];
      const own: Version[] = [];
      const start = before;
      for (; next < readings.length && (readings[next] as Version).observed < end; next++) {
        const reading = readings[next] as Version;
        if (reading.observed >= at) own.push(reading);
        if (reading.quality !== "bad") before = reading;
      }
      if (own.length > 0)
        found.push(
          this.bucket(topic, at, Math.min(end, now, known), own, i === 0 ? this.lastUsable(readings, at) : start),
        );
    }
    return found;
  }

  private lastUsable(readings: Version[], before: number): Version | undefined {
    return readings.filter(({ observed, quality }) => observed < before && quality !== "bad").pop();
  }

  private bucket(topic: string, at: number, until: number, own: Version[], before: Version | undefined): Bucket {
    const usable = own.filter(({ quality }) => quality !== "bad");
    const values = usable.map(({ value }) => value);
    const sorted = [...values].sort((a, b) => a - b);
    const sum = values.reduce((total, value) => total + value, 0);
    const grown = this.increase(topic, before, usable);
    const told = {
      avg: sum / values.length,
      sum,
      min: sorted[0],
      max: sorted[sorted.length - 1],
      last: values[values.length - 1],
      p05: percentile(sorted, 0.05),
      p50: percentile(sorted, 0.5),
      p95: percentile(sorted, 0.95),
      increase: grown,
      rate: grown === null ? null : grown / (Math.max(1, until - at) / 1000),
    };
    const none = Object.fromEntries(Object.keys(told).map((name) => [name, null]));
    return {
      at,
      bad: own.length - usable.length,
      uncertain: usable.filter(({ quality }) => quality === "uncertain").length,
      values: { ...(usable.length > 0 ? (told as Record<string, number | null>) : none), count: usable.length },
    };
  }

  /**
   * How far a counter rose: after a fall, and for a day counter after midnight, what it then shows counts whole. Of a
   * first reading that nothing came before nothing can be said, but of a day counter's, which began at midnight.
   */
  private increase(topic: string, before: Version | undefined, usable: Version[]): number | null {
    const daily = this.kinds[topic.split("/").pop() ?? ""] === "day";
    let total: number | null = null;
    let from = before;
    for (const reading of usable) {
      const anew = daily && !(from && this.dateOf(from.observed) === this.dateOf(reading.observed));
      if (from || anew)
        total =
          (total ?? 0) +
          (anew || reading.value < (from?.value ?? 0) ? reading.value : reading.value - (from?.value ?? 0));
      from = reading;
    }
    return total;
  }

  /** The latest date shown so far: one that is shown again after midnight belongs to the day that has begun. */
  private dateOf(at: number): number {
    return numberOf(
      Math.max(...[0, 1, 2, 3, 4, 6, 8, 10, 12].map((quarters) => wall(at - quarters * QUARTER, this.zone))),
      DAY,
    );
  }
}
