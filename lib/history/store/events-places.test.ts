import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LIMITS } from "../../contract/api/limits";
import type { Annotation } from "../../contract/history";
import type { CityEvent } from "../../contract/events";
import { annotate, annotationsOf, unannotate } from "./annotations";
import type { Engine } from "./engine";
import { addEvents, eventsBetween } from "./events";
import { ENGINES } from "./fresh-engine";
import { TooMuch } from "./question";
import { migrate } from "./schema";

const T0 = Date.parse("2026-11-20T10:00:00+08:00");
const RANGE = { from: T0 - 1, to: T0 + 1 };

describe.each(ENGINES)("of some places alone, %s", (_name, open) => {
  let engine: Engine;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ engine, drop } = await open());
    await migrate(engine);
  });
  afterAll(async () => {
    await engine.close();
    await drop();
  });

  const event = (city: string, id: string, district: string, title = "n"): CityEvent => ({
    ...{ id, city, district, kind: "noise", title, severity: 1, stage: "a", stages: ["a", "b"] },
    ...{ at: T0, updated: T0, source: "s" },
  });
  const keep = (events: CityEvent[]): Promise<void> =>
    addEvents(
      engine,
      events.map((one) => ({ event: one, recorded: T0 })),
    );

  it("tells no event, by its text neither, that stands elsewhere", async () => {
    await keep([
      event("c", "mine", "320706"),
      event("c", "theirs", "320703", `"district":"320706"`),
      event("c", "whole", "all"),
      event("d", "away", "320706"),
    ]);
    const told = await eventsBetween(engine, { city: "c", ...RANGE, places: ["320706"] });
    expect([told.events.map(({ id }) => id), told.total]).toEqual([["mine"], 1]);
    expect(await eventsBetween(engine, { city: "c", ...RANGE, places: [] })).toMatchObject({ events: [], total: 0 });
    const one = { city: "c", ...RANGE, places: ["320706", "320703"], district: "320703" };
    expect((await eventsBetween(engine, one)).events.map(({ id }) => id)).toEqual(["theirs"]);
  });

  it("refuses nothing as too much because of how much happens elsewhere", async () => {
    const many = LIMITS.history.events + 1;
    const numbers = engine.name === "postgres" ? `generate_series(1, ${many})` : `range(1, ${many + 1})`;
    await engine.run(
      `INSERT INTO event_spans SELECT 'busy', 'e' || n, ${T0}, ${T0}, ${T0}, 0, 0 FROM ${numbers} AS r(n)`,
    );
    await keep([event("busy", "mine", "320706")]);
    await expect(eventsBetween(engine, { city: "busy", ...RANGE })).rejects.toThrow(TooMuch);
    const told = await eventsBetween(engine, { city: "busy", ...RANGE, places: ["320706"] });
    expect(told).toMatchObject({ total: 1, cut: false });
  });

  it("takes no code that is none into a statement", async () => {
    const places = ["320706' OR '1'='1"];
    await expect(eventsBetween(engine, { city: "c", ...RANGE, places })).rejects.toThrow("no place's code");
  });

  it("tells the notes to them, or to a metric of some topics, and takes no other one away", async () => {
    const note = (id: string, district: string, metric: string | null): Annotation => ({
      ...{ id, city: "c", district, metric, from: T0, to: T0, text: id, made: T0, by: null },
    });
    for (const one of [
      note("mine", "320706", null),
      note("mine-too", "320706", "m"),
      note("theirs", "320703", null),
      note("shown", "all", "m"),
    ])
      await annotate(engine, one);
    const told = async (those: object): Promise<string[]> =>
      (await annotationsOf(engine, { city: "c", ...RANGE, ...those })).map(({ id }) => id).sort();
    expect(await told({})).toEqual(["mine", "mine-too", "shown", "theirs"]);
    expect(await told({ places: ["320706"], topics: [] })).toEqual(["mine", "mine-too"]);
    expect(await told({ places: [], topics: ["reading/c/all/m"] })).toEqual(["shown"]);
    expect(await told({ places: [], topics: [] })).toEqual([]);
    expect(await told({ places: ["' OR '1'='1"] })).toEqual([]);
    const those = { places: ["320706"], topics: [] };
    expect(await unannotate(engine, { city: "c", id: "theirs", ...those })).toBe(false);
    expect(await unannotate(engine, { city: "c", id: "mine", ...those })).toBe(true);
    expect(await told({})).toEqual(["mine-too", "shown", "theirs"]);
  });
});
