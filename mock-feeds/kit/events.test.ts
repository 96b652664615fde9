import { describe, expect, it } from "vitest";
import { events } from "../lianyungang/operations-center/events";
import { eventsAt, versionsBetween } from "./events";

const NOON = Date.parse("2026-11-18T12:00:00+08:00");
const HOUR = 3_600_000;

describe("past events", () => {
  it("tell of each stage once, in order, and end where the events stand", () => {
    const versions = versionsBetween(events, 1, NOON - 16 * HOUR, NOON);
    const keys = versions.map((event) => `${event.id} ${event.stage}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (let i = 1; i < versions.length; i++)
      expect(Date.parse(versions[i]?.updated ?? "")).toBeGreaterThanOrEqual(Date.parse(versions[i - 1]?.updated ?? ""));
    const last = new Map(versions.map((event) => [event.id, event.stage]));
    const standing = eventsAt(events, 1, NOON).filter((event) => Date.parse(event.at) > NOON - 14 * HOUR);
    expect(standing.length).toBeGreaterThan(50);
    for (const event of standing) expect([event.id, last.get(event.id)]).toEqual([event.id, event.stage]);
  });
});
