import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LIMITS } from "../../contract/api/limits";
import type { CityEvent, EventReport, EventReporter } from "../../contract/events";
import { Hub } from "../../gateway/hub";
import type { KeptEvent } from "../writer/journal";
import type { Engine } from "./engine";
import { eventReports } from "./event-reports";
import { addEvents } from "./events";
import { ENGINES } from "./fresh-engine";
import { migrate, VERSION } from "./schema";

const T0 = Date.parse("2026-11-20T10:00:00+08:00");
const MINUTE = 60_000;
const STAGES = ["open", "assigned", "closed"];
const NOBODY = undefined;
const REPORTERS = [
  { token: "3f9a01c2", feed: "traffic", note: "control room" },
  { token: "77aa0142", feed: "*", note: "" },
  NOBODY,
];

const EVENT: CityEvent = {
  ...{ id: "a", city: "c", district: "320706", kind: "noise", title: "n", severity: 1, source: "s" },
  ...{ stages: STAGES, stage: "open", at: T0, updated: T0 },
};

interface Told {
  version: CityEvent;
  by: EventReporter | undefined;
}

const minute = fc.integer({ min: 0, max: 6 }).map((n) => T0 + n * MINUTE);
const step = fc.record({ at: minute, stage: fc.constantFrom(...STAGES) });
const told: fc.Arbitrary<Told> = fc
  .record({
    updated: minute,
    stage: fc.constantFrom(...STAGES),
    severity: fc.constantFrom(1 as const, 3 as const),
    steps: fc.array(step, { maxLength: 3 }),
    by: fc.constantFrom(...REPORTERS),
  })
  .map(({ by, steps, ...more }) => ({
    by,
    version: { ...EVENT, ...more, steps: steps.filter(({ at }) => at <= more.updated) },
  }));

/** Who told each step first, by a few plain lines. */
function firstTold(history: Told[]): Map<string, string | null> {
  const first = new Map<string, string | null>();
  for (const { version, by } of history)
    for (const { at, stage } of [...(version.steps ?? []), { at: version.updated, stage: version.stage }])
      if (!first.has(`${at} ${stage}`)) first.set(`${at} ${stage}`, by?.token ?? null);
  return first;
}

function stepsOf(reports: EventReport[]): Map<string, string | null> {
  const steps = reports.flatMap(({ steps, by }) => steps.map((one) => [one, by?.token ?? null] as const));
  return new Map(steps.map(([{ at, stage }, by]) => [`${at} ${stage}`, by]));
}

/** What the gateway keeps of a history that comes in. */
function kept(history: Told[], city: string): { events: KeptEvent[]; severities: number[] } {
  const hub = new Hub(1);
  const severities: number[] = [];
  const events = history.flatMap(({ version, by }, i) => {
    const taken = hub.takeEvent({ ...version, city });
    const severity = hub.event(city, "a")?.severity;
    if (severity !== undefined && severity !== severities.at(-1)) severities.push(severity);
    return taken ? [{ event: taken.event, recorded: T0 + i, ...(by ? { by } : {}) }] : [];
  });
  return { events, severities };
}

describe.each(ENGINES)("who reported what of an event, on %s", (_name, open) => {
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

  it("is, for each step, who told it first, and for a change of severity who told that, in whatever order they came", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 20 }), async (history) => {
        const city = `c${run++}`;
        const { events, severities } = kept(history, city);
        await engine.transaction((tx) => addEvents(tx, events));
        const { reports, cut } = await eventReports(engine, { city, id: "a" });
        expect(cut).toBe(false);
        expect(stepsOf(reports)).toEqual(firstTold(history));
        const moved = reports.filter(({ changed }, i) => i === 0 || changed.includes("severity"));
        expect(moved.map(({ severity }) => severity)).toEqual(severities);
        const tokens = new Map(events.map(({ recorded, by }) => [recorded, by ?? null]));
        for (const { recorded, by } of reports) expect(by).toEqual(tokens.get(recorded));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it("tells nothing of other events, and the first of more than an answer holds", async () => {
    const many = LIMITS.history.reports + 1;
    const events = Array.from({ length: many }, (_, i) => ({
      event: { ...EVENT, city: "many", title: `n${i}`, updated: T0 + i },
      recorded: T0 + i,
    }));
    await engine.transaction((tx) => addEvents(tx, events));
    const { reports, cut } = await eventReports(engine, { city: "many", id: "a" });
    expect([reports.length, cut, reports[0]?.by, reports[1]?.changed]).toEqual([many - 1, true, null, ["title"]]);
    for (const id of ["b", "x\u0000"])
      expect(await eventReports(engine, { city: "many", id })).toEqual({ reports: [], cut: false });
  });
});

describe.each(ENGINES)("versions of events that were kept before, on %s", (_name, open) => {
  it("came by nobody who is known", async () => {
    const { engine, drop } = await open();
    await migrate(engine, () => {}, VERSION - 1);
    await engine.append("event_versions", 1, [
      { name: "city", type: "TEXT", values: ["c"] },
      { name: "id", type: "TEXT", values: ["a"] },
      { name: "updated", type: "BIGINT", values: [T0] },
      { name: "recorded", type: "BIGINT", values: [T0] },
      { name: "body", type: "TEXT", values: [JSON.stringify(EVENT)] },
    ]);
    await migrate(engine);
    const later = { ...EVENT, stage: "closed", updated: T0 + MINUTE };
    const by = { token: "3f9a01c2", feed: "traffic", note: "" };
    await engine.transaction((tx) => addEvents(tx, [{ event: later, recorded: T0 + 1, by }]));
    const { reports } = await eventReports(engine, { city: "c", id: "a" });
    expect(reports.map((one) => [one.by, one.steps.map(({ stage }) => stage)])).toEqual([
      [null, ["open"]],
      [by, ["closed"]],
    ]);
    await engine.close();
    await drop();
  });
});
