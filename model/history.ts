import { openLive, type LiveSocket } from "../lib/live/socket";
import { seriesOf } from "../lib/contract/reduce";
import { Oracle, wall, type Quality, type Step, type Version } from "./oracle";
import { ASKED_ZONES, STEPS, type Deed, type Item, type Plan, type Question } from "./plan";
import { CITY, METRICS, TOPICS } from "./place";
import {
  askBuckets,
  askCsv,
  askLive,
  askRaw,
  askReplay,
  askSnapshot,
  longestRange,
  widthOf,
  type Court,
  type Tally,
} from "./questions";
import type { Ground, Subject } from "./subject";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Older ones are refused; a little less than the 31 days, since time goes on while they are sent. */
const OLDEST = 31 * DAY - HOUR;
/** Seconds of past that the client's charts show. */
const SPANS = [900, 93_600, 691_200];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The last moment before `now` at which the zone's clock changed; a midnight where it did not. */
function changeBefore(now: number, zone: string): number {
  const offset = (at: number): number => wall(at, zone) - at;
  const last = Math.floor(now / HOUR) * HOUR;
  for (let at = last; at > now - 30 * DAY; at -= HOUR / 4) if (offset(at) !== offset(at - HOUR / 4)) return at;
  return midnightBefore(now, zone, 0);
}

function midnightBefore(now: number, zone: string, days: number): number {
  const minutes = Math.floor(now / (15 * MINUTE)) * 15 * MINUTE;
  const date = (at: number): number => Math.floor(wall(at, zone) / DAY);
  for (let at = minutes, left = days; ; at -= 15 * MINUTE)
    if (date(at) !== date(at - 15 * MINUTE) && left-- === 0) return at;
}

/** One history from its first reading to the last question. */
class Run {
  private now: number;
  private readonly oracle: Oracle;
  private live: LiveSocket | null = null;
  private readonly moments: number[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly subject: Subject,
    private readonly tally: Tally,
  ) {
    this.now = Date.parse(plan.scene.now);
    this.oracle = new Oracle(METRICS, plan.scene.zone);
  }

  private court(): Court {
    return { url: this.subject.url, oracle: this.oracle, tally: this.tally, zone: this.plan.scene.zone, now: this.now };
  }

  private forward(ms: number): void {
    this.now += ms;
    this.subject.setNow(this.now);
  }

  async run(): Promise<void> {
    await this.subject.start();
    this.live = openLive(this.subject.url);
    for (const topic of TOPICS) for (const span of SPANS) this.live.store.watch(topic, span, () => {});
    try {
      for (const deed of this.plan.deeds) await this.do(deed);
      await this.askAll(this.plan.turn);
      await this.wait(HOUR + 21_000);
      await this.do({ deed: "kill", victims: "both" });
      await this.askAgain(this.plan.turn);
    } finally {
      this.live.close();
    }
  }

  private async do(deed: Deed): Promise<void> {
    if (deed.deed === "publish") {
      this.forward(deed.after);
      await this.publish(deed.items.map((item) => this.reading(item)));
    } else if (deed.deed === "bulk") await this.bulk(deed);
    else if (deed.deed === "wait") await this.wait(deed.by);
    else if (deed.deed === "ask") for (const question of deed.questions) await this.ask(question);
    else {
      await (deed.deed === "kill" ? this.subject.kill(deed.victims) : this.subject.stop());
      this.forward(5);
      await this.subject.start();
      await askLive(this.court());
    }
  }

  private async wait(by: number): Promise<void> {
    this.forward(by);
    await this.subject.work();
  }

  private observed(topic: string, item: Item): number {
    const { when } = item;
    if ("ago" in when) return this.now - when.ago;
    if ("change" in when) return changeBefore(this.now, this.plan.scene.zone) + when.change;
    if ("midnight" in when) return midnightBefore(this.now, this.plan.scene.zone, when.midnight) + when.beside;
    const earlier = this.oracle.all(topic);
    return (
      (earlier[earlier.length - 1 - (when.again % Math.max(1, earlier.length))]?.observed ?? this.now) + when.beside
    );
  }

  private reading(item: Item): { topic: string; at: number; value: number; quality: Quality } {
    const topic = TOPICS[item.topic] as string;
    return { topic, at: this.possible(this.observed(topic, item)), value: item.value, quality: item.quality };
  }

  private possible(at: number): number {
    return Math.min(this.now, Math.max(this.now - OLDEST, at));
  }

  private async publish(readings: { topic: string; at: number; value: number; quality: Quality }[]): Promise<void> {
    if (readings.length === 0) return;
    const items = readings.map(({ topic, at, value, quality }) => {
      const [, , district, metric] = topic.split("/");
      return {
        city: CITY,
        district,
        metric,
        at: new Date(at).toISOString(),
        value,
        ...(quality === "good" ? {} : { quality }),
      };
    });
    const response = await fetch(`${this.subject.url}/api/v1/readings`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.subject.token}`, "content-type": "application/json" },
      body: JSON.stringify({ readings: items }),
    });
    const text = await response.text();
    if (response.status !== 200 || (JSON.parse(text) as { accepted: number }).accepted !== items.length)
      throw new Error(`not accepted: ${response.status} ${text}`);
    for (const { topic, at, value, quality } of readings) {
      const version: Version = { observed: at, recorded: this.now, value, quality };
      this.oracle.take(topic, version);
      this.moments.push(at);
    }
    this.moments.push(this.now);
  }

  /** A stretch of regular readings: counters count up and begin anew where a value is below zero. */
  private async bulk({
    after,
    topic: index,
    ends,
    every,
    values,
    order,
  }: Extract<Deed, { deed: "bulk" }>): Promise<void> {
    this.forward(after);
    const topic = TOPICS[index] as string;
    const counter = METRICS[topic.split("/").pop() ?? ""] !== "gauge";
    let count = 0;
    const readings = values.flatMap((value, i) => {
      count = value < 0 ? 0 : count + value;
      const at = this.now - ends - (values.length - i) * every;
      return at < this.now - OLDEST ? [] : [{ topic, at, value: counter ? count : value, quality: "good" as const }];
    });
    if (order === "backward") readings.reverse();
    const [even, odd] = [readings.filter((_, i) => i % 2 === 0), readings.filter((_, i) => i % 2 === 1)];
    if (order === "halves") {
      await this.publish(even);
      this.forward(2);
      await this.publish(odd);
    } else await this.publish(readings);
  }

  /** A moment so many thousandths of the way through all that happened. */
  private moment(place: number): number {
    const sorted = [...this.moments, this.now].sort((a, b) => a - b);
    return Math.min(this.now, sorted[Math.round((place / 1000) * (sorted.length - 1))] as number);
  }

  private async ask({ what, step, from, to, known, zone, then, span, fill }: Question): Promise<void> {
    const court = this.court();
    const [first, last] = [this.moment(Math.min(from, to)), this.moment(Math.max(from, to)) + 1];
    const asOf = known === null ? null : this.moment(known);
    if (what === "live") return askLive(court);
    if (what === "raw") return askRaw(court, { from: first, to: last, known: asOf });
    if (what === "snapshot") return askSnapshot(court, first, then, span);
    if (what === "replay")
      return askReplay(court, Math.max(first, Math.min(last, this.now) - DAY), Math.min(last, this.now), then);
    const reach = longestRange(step) / (fill === "null" ? 10 : 1);
    const question = {
      from: Math.max(first, last - reach),
      to: last,
      known: asOf,
      step,
      zone: ASKED_ZONES[zone] ?? null,
      fill: what === "csv" ? ("none" as const) : fill,
    };
    return what === "csv" ? askCsv(court, question) : askBuckets(court, question);
  }

  /** Every kind of question once: each step at one of three moments of knowledge, the first of which is the present. */
  private async askAll(turn: number): Promise<void> {
    const court = this.court();
    await askLive(court);
    const everything = { from: this.moment(0), to: this.now + 1 };
    const known = (i: number): number | null =>
      [null, this.moment(980), null, this.moment(900)][(turn + i) % 4] as number | null;
    await askRaw(court, { ...everything, known: null });
    await askRaw(court, { ...everything, known: this.moment(900) });
    for (const [i, step] of STEPS.entries()) {
      const from = Math.max(everything.from, everything.to - longestRange(step));
      await askBuckets(court, { ...everything, from, known: known(i), step, zone: null, fill: "none" });
    }
    for (const [i, place] of [1000, 960, 880, 500].entries())
      await askSnapshot(
        court,
        this.moment(place),
        (turn + i) % 2 === 0,
        [900, 93_600, 691_200, 60][(turn + i) % 4] as number,
      );
    for (const then of [true, false])
      await askReplay(court, Math.max(this.moment(900), this.now - DAY), this.now, then);
    await askCsv(court, { ...everything, known: known(turn), step: DAY, zone: null, fill: "none" });
  }

  /** After the last restart: what was there before is still there, and a few of the answers made of it. */
  private async askAgain(turn: number): Promise<void> {
    const court = this.court();
    const everything = { from: this.moment(0), to: this.now + 1, known: null };
    await askRaw(court, everything);
    for (const i of [turn, turn + 5, turn + 10]) {
      const step = STEPS[i % STEPS.length] as Step;
      await askBuckets(court, {
        ...everything,
        from: Math.max(everything.from, everything.to - longestRange(step)),
        step,
        zone: null,
        fill: "none",
      });
    }
    await askSnapshot(court, this.moment(980), true, 93_600);
    await this.askClient();
  }

  /** What a wall holds that has been connected all the time, but for the restarts: last readings and charts. */
  private async askClient(): Promise<void> {
    const { tally, oracle } = this;
    const store = this.live?.store;
    const look = (): [string, string, string][] =>
      TOPICS.flatMap((topic): [string, string, string][] => {
        const state = store?.state(topic);
        if (state?.kind !== "reading") return [[topic, "a state", "none"]];
        const last = oracle.last(topic, Infinity, Infinity);
        const lasts: [string, string, string] = [
          `${topic} last`,
          last ? `${last.observed} ${last.value} ${last.quality}` : "none",
          state.last ? `${state.last.at} ${state.last.value} ${state.last.quality}` : "none",
        ];
        return [
          lasts,
          ...SPANS.map((span): [string, string, string] => {
            const from = this.now - span * 1000 + widthOf(span);
            const pairs = seriesOf(state, span).toArray(from);
            const expected = oracle
              .tail(topic, widthOf(span), from, Infinity, Infinity)
              .flatMap(({ observed, value }) => [observed, value]);
            return [`${topic} chart of ${span} s`, expected.join(" "), pairs.join(" ")];
          }),
        ];
      });
    for (let tries = 0; tries < 100 && look().some(([, expected, got]) => expected !== got); tries++) await pause(50);
    for (const [where, expected, got] of look())
      tally.same("client", `client ${new Date(this.now).toISOString()}`, where, expected, got);
  }
}

/** Plays a plan against a subject of its own. @throws when something does not answer at all */
export async function runPlan(
  plan: Plan,
  open: (ground: Ground) => Promise<Subject>,
  postgres: string | null,
  tally: Tally,
): Promise<void> {
  const subject = await open({ zone: plan.scene.zone, now: Date.parse(plan.scene.now), postgres });
  try {
    await new Run(plan, subject, tally).run();
  } finally {
    await subject.drop();
  }
}
