/** A publisher that never gives up, and what it was told that is kept. */
import { after } from "../lib/clock";

const CITY = "lianyungang";
/** Readings of one request, each of another district. */
const BATCH = 6;

interface Reading {
  city: string;
  district: string;
  metric: string;
  at: string;
  value: number;
}

/**
 * Publishes readings of several districts one after the other. What is not acknowledged is sent again as it is, as a good
 * publisher does, until it is: so each reading has to be there exactly once.
 */
export class Load {
  /** by topic the observed times (ms) and values that were acknowledged */
  readonly acknowledged = new Map<string, Map<number, number>>();
  acknowledgedCount = 0;
  /** answers that were no acknowledgement, by what they were */
  readonly refused = new Map<string, number>();
  /** times at which the last one was acknowledged, ms of a clock that never jumps */
  lastAt = performance.now();
  /** most ms between two acknowledgements */
  longest = 0;
  private going = true;
  private readonly loops: Promise<void>[];
  private value = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly metrics: string[],
    private readonly districts: string[],
    /** the publisher's clock, ms */
    private readonly now: () => number,
  ) {
    this.loops = metrics.map((metric) => this.publish(metric));
  }

  private batch(metric: string): Reading[] {
    const at = new Date(this.now()).toISOString();
    return this.districts
      .slice(0, BATCH)
      .map((district) => ({ city: CITY, district, metric, at, value: ++this.value }));
  }

  private async publish(metric: string): Promise<void> {
    let before = "";
    while (this.going) {
      const readings = this.batch(metric);
      if (readings[0]?.at === before) {
        await new Promise<void>((resolve) => after(1, resolve));
        continue;
      }
      before = readings[0]?.at ?? "";
      while (!(await this.send(readings))) {
        if (!this.going) return;
        await new Promise<void>((resolve) => after(50, resolve));
      }
      await new Promise<void>((resolve) => after(15, resolve));
    }
  }

  private async send(readings: Reading[]): Promise<boolean> {
    const answer = await fetch(`${this.url}/api/v1/readings`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: JSON.stringify({ readings }),
      signal: AbortSignal.timeout(20_000),
    }).catch((error: Error) => error);
    if (answer instanceof Error || answer.status !== 200) {
      this.note(answer instanceof Error ? answer.name : String(answer.status));
      return false;
    }
    const told = (await answer.json().catch(() => null)) as { accepted: number; rejected: object[] } | null;
    if (!told) return false;
    if (told.accepted !== readings.length) {
      // By a clock that was set, what is right now may lie ahead: it is sent again until it does not.
      this.note(`rejected ${JSON.stringify(told.rejected[0])}`.slice(0, 90));
      return false;
    }
    this.keep(readings);
    return true;
  }

  private note(what: string): void {
    this.refused.set(what, (this.refused.get(what) ?? 0) + 1);
  }

  private keep(readings: Reading[]): void {
    const now = performance.now();
    this.longest = Math.max(this.longest, now - this.lastAt);
    this.lastAt = now;
    this.acknowledgedCount += readings.length;
    for (const { district, metric, at, value } of readings) {
      const topic = `reading/${CITY}/${district}/${metric}`;
      const known = this.acknowledged.get(topic) ?? new Map<number, number>();
      this.acknowledged.set(topic, known.set(Date.parse(at), value));
    }
  }

  /** Forgets how long it was refused so far. */
  restart(): void {
    this.longest = 0;
    this.lastAt = performance.now();
  }

  async stop(): Promise<void> {
    this.going = false;
    await Promise.all(this.loops);
  }
}

/** What of the acknowledged is not in the store as it should be. */
export interface Account {
  acknowledged: number;
  lost: number;
  wrong: number;
  /** kept although it was never acknowledged: more than one answer to the same question */
  doubled: number;
}

/** Reads everything back from history and counts. @throws Error when the store does not answer within a minute */
export async function account(url: string, load: Load, from: number, to: number): Promise<Account> {
  const sum: Account = { acknowledged: 0, lost: 0, wrong: 0, doubled: 0 };
  for (const [topic, expected] of load.acknowledged) {
    const kept = await readings(url, topic, from, to);
    const seen = new Map<number, number>();
    for (const [at, value] of kept) {
      if (seen.has(at)) sum.doubled++;
      seen.set(at, value);
    }
    sum.acknowledged += expected.size;
    for (const [at, value] of expected) {
      if (!seen.has(at)) sum.lost++;
      else if (seen.get(at) !== value) sum.wrong++;
    }
  }
  return sum;
}

async function readings(url: string, topic: string, from: number, to: number): Promise<[number, number][]> {
  const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
  for (let i = 0; i < 120; i++) {
    const answer = await fetch(`${url}/api/v1/history?topic=${topic}&${range}&step=raw&agg=last`).catch(() => null);
    if (answer?.ok) {
      const { series, completeUntil } = (await answer.json()) as {
        series: { at: number[]; last: number[] }[];
        completeUntil: string;
      };
      const [one] = series;
      if (one && Date.parse(completeUntil) > 0)
        return one.at.map((at, k) => [at, one.last[k] as number] as [number, number]);
    }
    await new Promise<void>((resolve) => after(500, resolve));
  }
  throw new Error(`history does not answer for ${topic}`);
}
