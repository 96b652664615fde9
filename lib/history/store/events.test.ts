import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CityEvent } from "../../contract/events";
import { decodeFrame, encodeFrame } from "../../contract/frames";
import type { Knowledge } from "../../contract/history";
import { emptyState, reduce, type EventsState } from "../../contract/reduce";
import { Hub } from "../../gateway/hub";
import type { Engine } from "./engine";
import { addEvents, bookAt, eventChanges, eventsBetween } from "./events";
import { ENGINES } from "./fresh-engine";
import { migrate } from "./schema";

const T0 = Date.parse("2026-11-20T10:00:00+08:00");
const MINUTE = 60_000;
const STAGES = ["上报", "受理", "处置", "核查", "办结"];
const ZONE = "Asia/Shanghai";

/** What a few plain lines make of versions in the order they came: nothing of the product's code. */
class Oracle {
  readonly steps = new Map<string, Map<string, [number, string]>>();
  readonly standing = new Map<string, { at: number; stage: string; title: string; severity: number }>();

  take(version: CityEvent): void {
    const steps = this.steps.get(version.id) ?? new Map<string, [number, string]>();
    this.steps.set(version.id, steps);
    const own = `${version.updated}/${version.stage}`;
    const seen = steps.has(own);
    const asOf = this.standing.get(version.id);
    for (const { at, stage } of version.steps ?? [])
      if (!steps.has(`${at}/${stage}`)) steps.set(`${at}/${stage}`, [at, stage]);
    if (!seen) steps.set(own, [version.updated, version.stage]);
    const later =
      !asOf || version.updated > asOf.at || (version.updated === asOf.at && (version.stage === asOf.stage || !seen));
    if (later)
      this.standing.set(version.id, {
        at: version.updated,
        stage: version.stage,
        title: version.title,
        severity: version.severity,
      });
  }

  /** id, stage, when, and the way there, of each event; with `at` as it stood then by what is known. */
  told(at = Infinity): string[] {
    return [...this.steps]
      .flatMap(([id, all]) => {
        const now = this.standing.get(id);
        const steps = [...all.values()].filter((step) => step[0] <= at).sort((a, b) => a[0] - b[0]);
        const last = steps[steps.length - 1];
        if (!last || !now) return [];
        const [when, stage] = now.at <= at ? [now.at, now.stage] : last;
        return [
          `${id} ${stage} ${when} ${now.title} ${now.severity} : ${steps
            .map((step) => step.join("/"))
            .sort()
            .join(" ")}`,
        ];
      })
      .sort();
  }

  counts(at = Infinity): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const line of this.told(at)) {
      const [, stage = "", , , severity = ""] = line.split(" ");
      counts[`${stage === "办结" ? "2026-11-20" : ""} ${stage} ${severity}`] =
        (counts[`${stage === "办结" ? "2026-11-20" : ""} ${stage} ${severity}`] ?? 0) + 1;
    }
    return counts;
  }
}

function told(state: EventsState): string[] {
  return [...state.open.values(), ...state.closed.values()]
    .map(
      (e) =>
        `${e.id} ${e.stage} ${e.updated} ${e.title} ${e.severity} : ${(e.steps ?? [])
          .map((step) => `${step.at}/${step.stage}`)
          .sort()
          .join(" ")}`,
    )
    .sort();
}

function counts(state: EventsState): Record<string, number> {
  const out: Record<string, number> = {};
  for (const { day, stage, severity, count } of state.counts.values())
    out[`${day} ${stage} ${severity}`] = (out[`${day} ${stage} ${severity}`] ?? 0) + count;
  return out;
}

const minute = fc.integer({ min: 0, max: 9 }).map((n) => T0 + n * MINUTE);
const version = fc.record({
  id: fc.constantFrom("a", "b", "c"),
  updated: minute,
  stage: fc.constantFrom(...STAGES),
  title: fc.constantFrom("x", "y"),
  severity: fc.constantFrom(1 as const, 3 as const),
  steps: fc.array(fc.record({ at: minute, stage: fc.constantFrom(...STAGES) }), { maxLength: 3 }),
});
/** Versions in any order, some of them sent again later, in batches. */
const history = fc.array(fc.record({ version, again: fc.option(fc.nat(), { nil: null }), flush: fc.boolean() }), {
  minLength: 1,
  maxLength: 40,
});

function versionsOf(
  steps: {
    version: Omit<CityEvent, "city" | "district" | "kind" | "stages" | "at" | "source">;
    again: number | null;
    flush: boolean;
  }[],
  city: string,
): { event: CityEvent; flush: boolean }[] {
  const events: CityEvent[] = [];
  return steps.map((step, i) => {
    const fresh: CityEvent = {
      ...step.version,
      steps: (step.version.steps ?? []).filter(({ at }) => at <= step.version.updated),
      city,
      district: "320706",
      kind: "noise",
      stages: STAGES,
      at: T0,
      source: "s",
    };
    const event = step.again === null || i === 0 ? fresh : (events[step.again % i] as CityEvent);
    events.push(event);
    return { event, flush: step.flush };
  });
}

describe.each(ENGINES)("events in the hub, on a wall and on %s", (_name, open) => {
  let engine: Engine;
  let drop: () => Promise<void>;
  let run = 0;

  beforeAll(async () => {
    ({ engine, drop } = await open());
    await migrate(engine);
  });

  afterAll(async () => {
    await engine.close();
    await drop();
  });

  /** Plays versions into a hub and a wall; keeps for the store what the hub had recorded. */
  function play(versions: { event: CityEvent; flush: boolean }[], city: string) {
    const hub = new Hub(1, () => "2026-11-20");
    const wall = emptyState("events");
    const oracle = new Oracle();
    const recorded: { event: CityEvent; recorded: number }[] = [];
    const topic = `events/${city}`;
    const flush = (): void => {
      const pending = hub.drain().get(topic);
      if (!pending) return;
      const [section] = decodeFrame(
        encodeFrame({ set: 1, seq: 1, now: T0, sections: [hub.section(topic, 0, pending)] }),
      ).sections;
      if (section?.kind === "events")
        reduce(wall, { ...section, epoch: 1, offset: wall.offset + section.advance, snapshot: false });
    };
    for (const [i, { event, flush: now }] of versions.entries()) {
      oracle.take(event);
      const taken = hub.takeEvent(event);
      if (taken) recorded.push({ event: taken.event, recorded: T0 + 20 * MINUTE + i });
      if (now) flush();
    }
    flush();
    const snapshot = hub.snapshot(topic, "events", [], T0);
    const fresh = emptyState("events");
    if (snapshot.kind === "events") reduce(fresh, { ...snapshot, epoch: 1, snapshot: true });
    return { hub, wall, fresh, oracle, recorded };
  }

  it("stand, have gone and are counted the same, whatever came late, twice, in one moment or out of order", async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 0, max: 10 }), async (steps, cut) => {
        const city = `c${run++}`;
        const versions = versionsOf(steps, city);
        const { wall, fresh, oracle, recorded } = play(versions, city);
        expect(told(fresh)).toEqual(oracle.told());
        expect(told(wall)).toEqual(oracle.told());
        expect(counts(fresh)).toEqual(oracle.counts());
        expect(counts(wall)).toEqual(oracle.counts());
        await engine.transaction((tx) => addEvents(tx, recorded));
        const at = (moment: number, knowledge: Knowledge) =>
          bookAt(engine, { city, timeZone: ZONE, at: moment, knowledge }).then((book) => book.state);
        const end = await at(T0 + 30 * MINUTE, "then");
        expect([told(end), counts(end)]).toEqual([oracle.told(), oracle.counts()]);
        // As it was known after some of them, and as it stood in between by what is known now.
        const half = Math.floor((versions.length * cut) / 10);
        const earlier = play(versions.slice(0, half), city).oracle;
        const then = await at(T0 + 20 * MINUTE + half - 1, "then");
        expect([told(then), counts(then)]).toEqual([earlier.told(), earlier.counts()]);
        const between = await at(T0 + cut * MINUTE, "since");
        expect([told(between), counts(between)]).toEqual([
          oracle.told(T0 + cut * MINUTE),
          oracle.counts(T0 + cut * MINUTE),
        ]);
        // A wall that plays the changes from there on arrives where the snapshot of the later moment is.
        for (const [knowledge, from, to] of [
          ["then", T0 + 20 * MINUTE + half - 1, T0 + 30 * MINUTE],
          ["since", T0 + cut * MINUTE, T0 + 30 * MINUTE],
        ] as const) {
          const book = await bookAt(engine, { city, timeZone: ZONE, at: from, knowledge });
          const player = reduce(emptyState("events"), {
            kind: "events",
            epoch: 1,
            offset: 1,
            snapshot: true,
            ...book.window(),
          });
          for (const { event, counts: cells } of await eventChanges(
            engine,
            { city, timeZone: ZONE, knowledge },
            from,
            to,
          ))
            reduce(player, { kind: "events", epoch: 1, offset: 2, snapshot: false, items: [event], counts: cells });
          const arrived = await at(to, knowledge);
          expect([told(player), counts(player)]).toEqual([told(arrived), counts(arrived)]);
        }
        const listed = await eventsBetween(engine, { city, from: T0, to: T0 + 1 });
        expect([listed.total, listed.events.length]).toEqual([oracle.steps.size, oracle.steps.size]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
