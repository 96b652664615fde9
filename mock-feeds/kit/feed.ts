import { dayOf } from "./clock";
import { sample, sent, surgeGain, type MetricModel, type SystemModel } from "./model";
import { seedOf, type Place } from "./place";
import { chance } from "./random";
import type { Publisher } from "./publisher";
import type { SwitchBoard } from "./switches";

/** A moment as the world sees it and as the model lives it (they differ when sped up), both ms. */
export interface Moment {
  real: number;
  model: number;
}

export interface MockReading {
  city: string;
  district: string;
  metric: string;
  at: string;
  value: number;
}

/** ms from asking for a drill until it begins. */
const DRILL_IN = 5 * 60_000;

interface Due {
  model: MetricModel;
  next: number;
  /** of what is counted of cases: what was told last */
  told?: string;
}

/** One system's readings: says what is due, and misbehaves when its switches say so. */
export class Feed {
  private readonly due: Due[];
  private readonly extras = new Map<string, { day: number; extra: number; at: number }>();
  private held: MockReading[] = [];
  /** when a drill on demand begins, model time in ms; null while none is asked for */
  private drill: number | null = null;

  private readonly seed: number;

  constructor(
    private readonly place: Place,
    private readonly system: SystemModel,
    seed: number,
    private readonly speed: number,
    private readonly switches: SwitchBoard,
    private readonly publisher: Publisher,
  ) {
    this.seed = seedOf(place, seed);
    this.due = system.metrics.map((model) => ({ model, next: 0 }));
  }

  /** Publishes what is due at this moment. */
  tick(moment: Moment): void {
    const id = this.system.id;
    const surge = this.switches.on(this.place.city, id, "burst");
    if (!this.switches.on(this.place.city, id, "drill")) this.drill = null;
    else this.drill ??= moment.model + DRILL_IN;
    const readings: MockReading[] = [];
    for (const due of this.due) {
      const every = (due.model.interval * 1000) / this.speed;
      if (due.next === 0) due.next = moment.real + chance(this.seed, "phase", due.model.metric) * every;
      const news = "of" in due.model ? this.news(due, moment) : null;
      if (news === null && moment.real < due.next) continue;
      due.next = Math.max(due.next + every, moment.real);
      readings.push(...(news ?? this.read(due.model, moment, surge)));
    }
    if (this.switches.on(this.place.city, id, "silence") || readings.length === 0) return;
    if (this.switches.on(this.place.city, id, "garbage")) void this.publisher.garbage();
    if (this.switches.on(this.place.city, id, "reconnect") && chance(this.seed, "hang up", moment.real) < 0.1)
      this.publisher.hangUp(3_000);
    this.publisher.publish("readings", this.disturb(readings));
  }

  /**
   * What is counted of cases is told as soon as it changes, with all that changes with it: its sums hold at every
   * moment.
   */
  private news(due: Due, moment: Moment): MockReading[] | null {
    const readings = this.read(due.model, moment, false);
    const told = readings.map((reading) => reading.value).join(" ");
    if (told === due.told) return null;
    due.told = told;
    return readings;
  }

  private read(model: MetricModel, moment: Moment, surge: boolean): MockReading[] {
    const at = new Date(Math.floor(moment.real)).toISOString();
    return sent(
      model,
      sample(this.place, model, this.seed, moment.model, surge, this.extra(model, moment.model, surge)),
    ).map((s) => ({ city: this.place.city, district: s.district, metric: s.metric, at, value: s.value }));
  }

  /** What bursts have added to a day counter since midnight, or when a drill begins. */
  private extra(model: MetricModel, at: number, surge: boolean): number {
    if ("at" in model) return this.drill ?? 0;
    if (model.kind !== "day" || "of" in model || "whole" in model || !model.surge) return 0;
    const known = this.extras.get(model.metric);
    const base = known && known.day === dayOf(at) ? known.extra : 0;
    const extra = surge && known ? base + Math.max(0, surgeGain(model, this.seed, at, at - known.at)) : base;
    this.extras.set(model.metric, { day: dayOf(at), extra, at });
    return extra;
  }

  private disturb(readings: MockReading[]): MockReading[] {
    const id = this.system.id;
    let out = readings;
    if (this.switches.on(this.place.city, id, "duplicates")) out = [...out, ...out];
    if (!this.switches.on(this.place.city, id, "out-of-order")) return [...this.held.splice(0), ...out];
    // Every other batch is held back and follows the next one.
    const late = this.held.splice(0);
    if (late.length === 0) {
      this.held = out;
      return [];
    }
    return [...out, ...late];
  }

  /** Readings of the past, oldest first, in steps that grow coarser with age. */
  *past(moment: Moment): Generator<MockReading[]> {
    // Of an hour its end is told, as a feed that ran all along would have left it: what each hour brought hangs on
    // that.
    for (const [from, to, step, into] of [
      [8 * 86_400, 25 * 3600, 3600, 3300],
      [25 * 3600, 3600, 300, 0],
      [3600, 900, 60, 0],
      [900, 0, 10, 0],
    ] as const) {
      const first = Math.floor((moment.real / 1000 - from) / step) * step;
      for (let second = first; (second + into) * 1000 < moment.real - to * 1000; second += step) {
        const real = (second + into) * 1000;
        const past = { real, model: moment.model - (moment.real - real) * this.speed };
        // A slow metric keeps its own pace in the last quarter of an hour, so that it is not dead when the feed begins.
        yield this.system.metrics
          .filter((m) => second % (Math.ceil(m.interval / step) * step) === 0)
          .flatMap((model) => this.read(model, past, false));
      }
    }
  }
}
