import { afterEach, expect, it, vi } from "vitest";
import type { CityEvent } from "../../contract/events";
import type { Engine, Row } from "./engine";
import { bookAt, eventChanges } from "./events";

const T0 = Date.parse("2026-11-24T04:00:00Z");
const EVENTS = 4_000;
afterEach(() => vi.restoreAllMocks());

function event(i: number): CityEvent {
  const stages = ["open", "done"];
  return {
    city: "x",
    id: `e${i}`,
    district: "all",
    kind: "k",
    at: T0 - 60_000,
    updated: T0 - 60_000,
    stage: "open",
    stages,
    severity: "low",
    title: "t",
    source: "s",
  } as unknown as CityEvent;
}

/** A store with one version of each of many events, that answers at once. */
const engine = {
  query: (sql: string): Promise<Row[]> => {
    const rows = Array.from({ length: EVENTS }, (_, i) => i);
    if (sql.includes("event_spans")) return Promise.resolve(rows.map((i) => ({ id: `e${i}` })));
    if (sql.includes("recorded, id, body")) return Promise.resolve(rows.map((i) => version(i)));
    const asked = new Set([...sql.matchAll(/'(e\d+)'/g)].map((found) => found[1]));
    return Promise.resolve(rows.map(version).filter(({ id }) => asked.has(String(id))));
  },
} as unknown as Engine;
const version = (i: number): Row => ({
  id: `e${i}`,
  body: JSON.stringify(event(i)),
  earliest: T0 - 60_000,
  recorded: T0 - 60_000,
});

it("others have their turn every few events while many are put together", async () => {
  // Each look at the clock takes a millisecond.
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock++);
  const turns = vi.spyOn(globalThis, "setImmediate");
  const moment = { city: "x", timeZone: "UTC", knowledge: "since" as const };
  const book = await bookAt(engine, { ...moment, at: T0 });
  expect(book.window().items).toHaveLength(2_000);
  // Versions are merged, looked through once more, and counted.
  expect(turns.mock.calls.length).toBeGreaterThan((3 * EVENTS) / 10);
  turns.mockClear();
  await eventChanges(engine, { ...moment, knowledge: "then" }, T0 - 120_000, T0);
  expect(turns.mock.calls.length).toBeGreaterThan((4 * EVENTS) / 10);
});
