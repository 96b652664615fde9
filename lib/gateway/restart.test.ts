import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { serialize } from "node:v8";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isClosed, type CityEvent } from "../contract/events";
import { QUALITIES, type Quality } from "../contract/readings";
import { JournalWriter } from "../history/writer/journal";
import { Recorder } from "../history/writer/recorder";
import { Hub } from "./hub";
import { RecentFile } from "./recent-file";

const T0 = Date.parse("2026-11-22T08:00:00Z");
const STAGES = ["上报", "受理", "办结"];

type Step =
  | { kind: "reading"; metric: string; at: number; value: number; quality: Quality }
  | { kind: "event"; id: number; stage: number }
  | { kind: "position"; id: number; at: number }
  | { kind: "save" }
  | { kind: "kill"; recent: "whole" | "garbage" | "gone" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("reading" as const),
      metric: fc.constantFrom("a", "b"),
      at: fc.integer({ min: 0, max: 30 }).map((n) => T0 + n * 500),
      value: fc.integer({ min: 0, max: 2 }),
      quality: fc.constantFrom(...QUALITIES),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("event" as const), id: fc.nat(4), stage: fc.nat(2) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("position" as const),
      id: fc.nat(3),
      at: fc.integer({ min: 1, max: 30 }).map((n) => T0 + n * 500),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("save" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("kill" as const),
      recent: fc.constantFrom("whole" as const, "whole" as const, "garbage" as const, "gone" as const),
    }),
  },
);

/**
 * What was acknowledged, kept in plain lists by other rules than the hub's: the last of each moment, the last version
 * of each event.
 */
class Ledger {
  readonly readings = new Map<string, Map<number, [number, Quality]>>();
  readonly events = new Map<string, CityEvent>();
  readonly positions = new Map<string, number>();

  expected(): unknown {
    const last = [...this.readings].map(([metric, moments]) => {
      const at = Math.max(...moments.keys());
      return [metric, at, ...(moments.get(at) as [number, Quality])];
    });
    const events = [...this.events.values()].map(({ id, stage, updated }) => [id, stage, updated]);
    return {
      last: last.sort(),
      events: events.sort(),
      open: [...this.events.values()].filter((event) => !isClosed(event)).length,
      positions: [...this.positions].sort(),
    };
  }
}

function found(hub: Hub): unknown {
  const last = ["a", "b"].flatMap((metric) => {
    const state = hub.state(`reading/x/all/${metric}`);
    return state?.kind === "reading" && state.last
      ? [[metric, state.last.at, state.last.value, state.last.quality]]
      : [];
  });
  const events = hub.state("events/x");
  const things = hub.state("positions/x/vehicles");
  const all = events?.kind === "events" ? [...events.open.values(), ...events.closed.values()] : [];
  return {
    last,
    events: all.map(({ id, stage, updated }) => [id, stage, updated]).sort(),
    open: events?.kind === "events" ? events.open.size : 0,
    positions:
      things?.kind === "positions"
        ? things.ids.map((id, slot) => [id, things.at[slot]] as [string, number]).sort()
        : [],
  };
}

/** Everything a chart of the hub would show. */
function charts(hub: Hub): unknown {
  return hub
    .topics()
    .sort()
    .flatMap((topic) => {
      const state = hub.state(topic);
      return state?.kind === "reading"
        ? [[topic, ...[state.fine, state.coarse, state.hourly].flatMap((series) => [series.toArray(), series.marks()])]]
        : [];
    });
}

/** A gateway's memory and what it keeps, without the server. */
class Run {
  readonly hub: Hub;
  readonly journal: JournalWriter;
  readonly recorder: Recorder;

  private constructor(
    readonly recent: RecentFile,
    hub: Hub,
    folder: string,
    now: () => number,
  ) {
    this.hub = hub;
    this.journal = new JournalWriter(path.join(folder, "live"), 40_000, recent.checkpoint.segment);
    this.recorder = new Recorder(this.journal, 0, now, recent.recorded);
  }

  static async start(folder: string, epoch: number, now: () => number): Promise<Run> {
    const hub = new Hub(epoch);
    const recent = new RecentFile(folder);
    await recent.restore(hub);
    await recent.replay(hub, path.join(folder, "live"));
    return new Run(recent, hub, folder, now);
  }

  async save(): Promise<void> {
    await this.recent.save(this.hub, this.journal, this.recorder.recordedTo);
    await this.journal.release(this.recent.checkpoint);
  }
}

describe("a gateway that is killed", () => {
  it(
    "has after each start exactly what was acknowledged before, whatever had been saved",
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          let folder = await mkdtemp(path.join(os.tmpdir(), "citywall-restart-"));
          let clock = T0;
          let run = await Run.start(folder, 1, () => clock);
          const ledger = new Ledger();
          let saved = false;
          for (const [i, s] of steps.entries()) {
            clock += i % 3;
            if (s.kind === "reading") {
              const reading = {
                city: "x",
                district: "all",
                metric: s.metric,
                at: s.at,
                value: s.value,
                quality: s.quality,
              };
              if (!run.hub.holds(reading)) run.recorder.reading(reading);
              run.hub.takeReading(reading);
              const moments = ledger.readings.get(s.metric) ?? new Map<number, [number, Quality]>();
              ledger.readings.set(s.metric, moments.set(s.at, [s.value, s.quality]));
            } else if (s.kind === "event") {
              const event: CityEvent = {
                id: `e${s.id}`,
                city: "x",
                district: "all",
                kind: "noise",
                title: "噪声",
                severity: 1,
                stage: STAGES[s.stage] as string,
                stages: STAGES,
                at: T0,
                updated: T0 + i,
                source: "s",
              };
              const taken = run.hub.takeEvent(event);
              if (taken) run.recorder.event(taken.event);
              ledger.events.set(event.id, event);
            } else if (s.kind === "position") {
              const position = {
                city: "x",
                layer: "vehicles",
                id: `bus-${s.id}`,
                label: "",
                at: s.at,
                lon: 119,
                lat: 34,
                heading: 0,
                speed: 0,
              };
              if (run.hub.takePosition(position) === "taken") run.recorder.position(position);
              ledger.positions.set(position.id, Math.max(s.at, ledger.positions.get(position.id) ?? 0));
            } else if (s.kind === "save") {
              await run.save();
              saved = true;
            } else {
              // Without the file there is only what the journal still has: that is all of it as long as nothing was let
              // go.
              const recent = saved ? "whole" : s.recent;
              await run.recorder.flushed();
              const charted = charts(run.hub);
              const left = await mkdtemp(path.join(os.tmpdir(), "citywall-restart-"));
              await cp(folder, left, { recursive: true });
              await run.journal.close();
              await rm(folder, { recursive: true });
              folder = left;
              if (recent === "garbage") await writeFile(path.join(folder, "recent.bin"), "half a fi");
              if (recent === "gone") await rm(path.join(folder, "recent.bin"), { force: true });
              run = await Run.start(folder, i + 2, () => clock);
              expect(charts(run.hub)).toEqual(charted);
            }
          }
          await run.recorder.flushed();
          const again = await Run.start(folder, 1_000, () => clock);
          for (const { hub } of [run, again]) expect(found(hub)).toEqual(ledger.expected());
          expect([...again.hub.drain()]).toEqual([]);
          await Promise.all([run.journal.close(), again.journal.close()]);
          await rm(folder, { recursive: true });
        }),
        { numRuns: 60 },
      );
    },
  );

  it("begins from the file of an earlier version and all that the journal has", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "citywall-restart-"));
    const run = await Run.start(folder, 1, () => T0);
    const reading = { city: "x", district: "all", metric: "a", at: T0, value: 1, quality: "good" as const };
    run.hub.takeReading(reading);
    run.recorder.reading(reading);
    await run.recorder.flushed();
    await run.journal.close();
    const series = [T0 - 60_000, 7];
    const before = {
      topic: "reading/x/all/b",
      last: { at: T0 - 60_000, value: 7, quality: "good" },
      fine: series,
      coarse: series,
      hourly: series,
    };
    await writeFile(
      path.join(folder, "recent.bin"),
      serialize({ version: 1, dump: { readings: [before], events: [] } }),
    );
    const again = await Run.start(folder, 2, () => T0);
    expect(found(again.hub)).toMatchObject({
      last: [
        ["a", T0, 1, "good"],
        ["b", T0 - 60_000, 7, "good"],
      ],
    });
    await again.journal.close();
    await rm(folder, { recursive: true });
  });
});
