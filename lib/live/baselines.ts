import { monotonic } from "../clock";
import type { PastValue, ValuesItem } from "../contract/values";
import { isWithheld, type Live } from "./read-metric";

const MINUTE = 60_000;
/** Real ms after which what is compared with is asked for again: corrections and late readings come in. */
const REFRESH = 60_000;
/** A moment this close (ms) to the present may still lack its last readings: it is asked for again this soon. */
const SETTLING = 10_000;
/** Real ms after which answers are no longer shown, because the past could not be asked again. */
const WORTH = 150_000;
/** Real ms that an answer is waited for. */
const PATIENCE = 20_000;
/** Real ms between two attempts, from the first failure on. */
const RETRY = [2_000, 5_000, 15_000, 60_000];
/** While the past plays, what is compared with moves on at most so often a (real) second, */
const A_SECOND = 2;
/** and so many of its steps are asked for at once, again when half of them have passed. */
const AHEAD = 8;

/** Each item says from which minute it looks back. */
type Question = ValuesItem & { asOf: number };

interface Wish {
  topic: string;
  moments: (minute: number) => number[];
}

/** What was asked last, and is answered or under way. */
interface Asked {
  from: number;
  to: number;
  step: number;
  round: number;
  wishes: number;
  /** real ms */
  at: number;
  settling: boolean;
}

function keyOf(minute: number, topic: string, at: number): string {
  return `${minute} ${topic} ${at}`;
}

/**
 * What values are compared with, for everything one wall shows: widgets name the moments they need, and one request a
 * minute brings them all. Values are of whole minutes, so that two pages that are opened within one compare with the
 * same reading.
 */
export class Baselines {
  private readonly wishes = new Set<Wish>();
  private revision = 0;
  private found = new Map<string, PastValue | null>();
  private foundAt = -Infinity;
  private asked: Asked | null = null;
  /** real ms since when an answer is waited for */
  private busySince = -Infinity;
  private failures = 0;
  private retryAt = -Infinity;
  private stopBeat: (() => void) | null = null;

  constructor(
    private readonly live: Live,
    private readonly mono: () => number = monotonic,
  ) {}

  /**
   * Asks for a topic's readings until the returned function is called.
   * @param moments which (ms), for the minute that is shown (ms)
   */
  want(topic: string, moments: (minute: number) => number[]): () => void {
    const wish = { topic, moments };
    this.wishes.add(wish);
    this.revision++;
    this.stopBeat ??= this.live.onBeat(() => this.look());
    return () => {
      this.wishes.delete(wish);
      if (this.wishes.size > 0) return;
      this.stopBeat?.();
      this.stopBeat = null;
    };
  }

  /** The moment (ms) from which it is compared: the minute that runs, or a coarser step where the past plays fast. */
  minute(): number {
    const step = this.step();
    return Math.floor(this.live.now() / step) * step;
  }

  /**
   * A topic's reading at or before a moment (ms), seen from the minute that is shown; null where there is none, or none
   * is known yet.
   */
  find(topic: string, at: number): PastValue | null {
    if (this.mono() - this.foundAt > WORTH || this.asked?.round !== this.live.values?.round()) return null;
    return this.found.get(keyOf(this.minute(), topic, at)) ?? null;
  }

  private step(): number {
    return Math.max(1, Math.round((this.live.values?.speed() ?? 0) / A_SECOND / 60)) * MINUTE;
  }

  /** Sees whether anything has to be asked; runs about twice a second. */
  look(): void {
    const source = this.live.values;
    const real = this.mono();
    const busy = real - this.busySince < PATIENCE;
    if (!source || busy || this.wishes.size === 0 || !this.live.connected() || real < this.retryAt || !this.due(real))
      return;
    void this.ask();
  }

  private due(real: number): boolean {
    const { asked } = this;
    const minute = this.minute();
    const step = this.step();
    if (!asked || asked.round !== this.live.values?.round() || asked.wishes !== this.revision) return true;
    if (minute < asked.from || minute > asked.to || step !== asked.step) return true;
    if (this.ahead() > 1 && asked.to - minute < (AHEAD / 2) * step) return true;
    return real - asked.at >= (asked.settling ? SETTLING : REFRESH);
  }

  /** Steps beyond the present one that are asked for with it. */
  private ahead(): number {
    const speed = this.live.values?.speed() ?? 0;
    if (speed === 0) return 0;
    return this.live.past && speed > 1 ? AHEAD : 1;
  }

  private async ask(): Promise<void> {
    const source = this.live.values;
    if (!source) return;
    const minute = this.minute();
    const step = this.step();
    const { items, to, settling } = this.question(minute, step);
    const asked: Asked = {
      from: minute,
      to,
      step,
      round: source.round(),
      wishes: this.revision,
      at: this.mono(),
      settling,
    };
    const since = this.mono();
    this.busySince = since;
    try {
      const answer = items.length > 0 ? await source.ask(items) : [];
      if (asked.round !== source.round() || since !== this.busySince) return;
      const found = new Map<string, PastValue | null>();
      items.forEach(({ topic, at, asOf }, i) =>
        at.forEach((when, k) => found.set(keyOf(asOf, topic, when), answer[i]?.[k] ?? null)),
      );
      this.found = found;
      this.foundAt = this.mono();
      this.asked = asked;
      this.failures = 0;
    } catch {
      // Without the past nothing is compared; the wall itself says that the store is away.
      this.retryAt = this.mono() + (RETRY[Math.min(this.failures++, RETRY.length - 1)] ?? REFRESH);
    } finally {
      if (since === this.busySince) this.busySince = -Infinity;
    }
  }

  /** What to ask: every wish for this step and the next ones, as far as their moments have passed. */
  private question(minute: number, step: number): { items: Question[]; to: number; settling: boolean } {
    const now = this.live.now();
    // A question of one thing that there is no right to would be refused with all the others.
    const wishes = [...this.wishes].filter(({ topic }) => !isWithheld(this.live, topic));
    const items: Question[] = [];
    let to = minute;
    let newest = -Infinity;
    for (let at = minute, last = minute + this.ahead() * step; at <= last; at += step) {
      const moments = wishes.map((wish) => wish.moments(at));
      if (at > minute && moments.some((list) => list.some((when) => when > now))) break;
      to = at;
      const byTopic = new Map<string, Set<number>>();
      wishes.forEach(({ topic }, i) => {
        const own = byTopic.get(topic) ?? new Set<number>();
        for (const when of moments[i] ?? []) own.add(when);
        byTopic.set(topic, own);
      });
      for (const [topic, own] of byTopic) if (own.size > 0) items.push({ topic, at: [...own], asOf: at });
      newest = Math.max(newest, ...[...byTopic.values()].flatMap((own) => [...own]));
    }
    return { items, to, settling: now - newest < SETTLING };
  }
}

const pages = new WeakMap<Live, Baselines>();

/** The one place of what is shown, present or past, that knows what its values are compared with. */
export function baselinesOf(live: Live): Baselines {
  let known = pages.get(live);
  if (!known) pages.set(live, (known = new Baselines(live)));
  return known;
}
