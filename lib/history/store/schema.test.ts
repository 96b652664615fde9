import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CityEvent } from "../../contract/events";
import type { EventsState } from "../../contract/reduce";
import { parseHistoryConfig } from "../config";
import type { Engine, Row } from "./engine";
import { addEvents, bookAt, eventsBetween } from "./events";
import { ENGINES } from "./fresh-engine";
import { Historian } from "./historian";
import { migrate } from "./schema";

const T0 = Date.parse("2026-11-20T10:00:00+08:00");
const MINUTE = 60_000;
const STAGES = ["上报", "受理", "处置", "核查", "办结"];
const ZONE = "Asia/Shanghai";
/** The last version of the tables that had events but not from when to when each was open. */
const BEFORE_SPANS = 4;

const minute = fc.integer({ min: 0, max: 9 }).map((n) => T0 + n * MINUTE);
/** What a store may hold of one event: versions in any order, opened at different moments, closed and opened again. */
const versions = fc.array(
  fc.record({
    at: fc.integer({ min: -5, max: 0 }).map((n) => T0 + n * MINUTE),
    updated: minute,
    stage: fc.constantFrom(...STAGES),
    title: fc.constantFrom("漏水", 'a "quoted" \\ title', "line\nbreak"),
    delay: fc.integer({ min: 0, max: 30 }),
    steps: fc.option(fc.array(fc.record({ at: minute, stage: fc.constantFrom(...STAGES) }), { maxLength: 3 }), {
      nil: undefined,
    }),
  }),
  { minLength: 1, maxLength: 8 },
);

interface Kept {
  event: CityEvent;
  recorded: number;
}

/** Events `e0`, `e1`, … of a city, as the journal brought them. */
function eventsOf(city: string, histories: ReturnType<typeof sample>): Kept[] {
  return histories.flatMap((history, i) =>
    history.map(({ delay, steps, ...version }, k) => ({
      event: {
        ...version,
        ...(steps === undefined ? {} : { steps: steps.filter(({ at }) => at <= version.updated) }),
        id: `e${i}`,
        city,
        district: "320706",
        kind: "noise",
        severity: 2,
        stages: STAGES,
        source: "s",
      },
      recorded: version.updated + delay * MINUTE + k,
    })),
  );
}

const sample = () => fc.sample(versions, { numRuns: 80, seed: 20_261_120 });

/** As an earlier version wrote them: versions alone. */
async function addAsBefore(engine: Engine, events: Kept[]): Promise<void> {
  await engine.append("event_versions", events.length, [
    { name: "city", type: "TEXT", values: events.map(({ event }) => event.city) },
    { name: "id", type: "TEXT", values: events.map(({ event }) => event.id) },
    { name: "updated", type: "BIGINT", values: events.map(({ event }) => event.updated) },
    { name: "recorded", type: "BIGINT", values: events.map(({ recorded }) => recorded) },
    { name: "body", type: "TEXT", values: events.map(({ event }) => JSON.stringify(event)) },
  ]);
}

describe.each(ENGINES)("a store of an earlier version on %s", (_name, open) => {
  let engine: Engine;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    ({ engine, drop } = await open());
  });
  afterEach(async () => {
    await engine.close();
    await drop();
  });

  const spans = async (city: string): Promise<Row[]> =>
    (
      await engine.query(
        "SELECT id, opened, opening, moved, closed, until FROM event_spans WHERE city = $1 ORDER BY id",
        [city],
      )
    ).map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, k === "id" ? v : Number(v)])));

  /** Everything a wall shows of a city's events at a moment, without the city's name. */
  const standing = ({ open: opened, closed, counts }: EventsState): unknown => [
    [...opened.values(), ...closed.values()]
      .map(({ city: _city, ...event }) => event)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    [...counts.values()].map((cell) => JSON.stringify(cell)).sort(),
  ];

  it("knows after its migration from when to when its events were open, as if it had always written it down", async () => {
    expect(await migrate(engine, () => {}, BEFORE_SPANS)).toEqual({ from: 0, to: BEFORE_SPANS });
    await expect(engine.query("SELECT 1 FROM event_spans")).rejects.toThrow();
    const histories = sample();
    await addAsBefore(engine, eventsOf("old", histories));
    const { from, to } = await migrate(engine);
    expect([from, to]).toEqual([BEFORE_SPANS, expect.any(Number)]);
    expect(to).toBeGreaterThan(BEFORE_SPANS);
    await engine.transaction((tx) => addEvents(tx, eventsOf("new", histories)));

    const migrated = await spans("old");
    expect(migrated).toHaveLength(80);
    expect(migrated).toEqual(await spans("new"));
    for (const knowledge of ["then", "since"] as const)
      for (let at = T0 - 6 * MINUTE; at <= T0 + 45 * MINUTE; at += 3 * MINUTE) {
        const shown = async (city: string) =>
          standing((await bookAt(engine, { city, timeZone: ZONE, at, knowledge })).state);
        expect(await shown("old")).toEqual(await shown("new"));
      }
    const range = { from: T0 - 5 * MINUTE, to: T0 + 1 };
    const listed = await eventsBetween(engine, { city: "old", ...range });
    expect(listed.total).toBe(80);
    expect((await eventsBetween(engine, { city: "new", ...range })).events.map(({ id, stage }) => [id, stage])).toEqual(
      listed.events.map(({ id, stage }) => [id, stage]),
    );
  });

  it("is brought up to date when it is opened, and goes on taking events in", async () => {
    await migrate(engine, () => {}, BEFORE_SPANS);
    const [opened, closed] = eventsOf("lianyungang", [
      [
        { at: T0, updated: T0, stage: "上报", title: "漏水", delay: 0, steps: undefined },
        { at: T0, updated: T0 + MINUTE, stage: "办结", title: "漏水", delay: 0, steps: undefined },
      ],
    ]) as [Kept, Kept];
    await addAsBefore(engine, [opened]);
    const historian = new Historian(engine, parseHistoryConfig({}));
    await historian.open(T0);
    const at = async (moment: number): Promise<[number, number]> => {
      const { state } = await bookAt(engine, { city: "lianyungang", timeZone: ZONE, at: moment, knowledge: "since" });
      return [state.open.size, state.closed.size];
    };
    expect(await at(T0 + 2 * MINUTE)).toEqual([1, 0]);
    await engine.transaction((tx) => addEvents(tx, [closed]));
    expect([await at(T0), await at(T0 + 2 * MINUTE)]).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});
