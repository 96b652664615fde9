import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { events } from "../lianyungang/operations-center/events";
import { events as zhangjiagang } from "../zhangjiagang/joint-response/events";
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

describe("where an event is", () => {
  it("is the town that its title names: a town's industrial park is in no other town", () => {
    const file = path.resolve(import.meta.dirname, "../../cities/zhangjiagang/city.json");
    const { districts } = JSON.parse(readFileSync(file, "utf8")) as {
      districts: { adcode: string; short: { zh: string } }[];
    };
    const discharges = versionsBetween(zhangjiagang, 1, NOON - 72 * HOUR, NOON).filter(
      (event) => event.kind === "factory-discharge",
    );
    const named = discharges.flatMap((event) => {
      const town = districts.find(({ short }) => new RegExp(`^${short.zh}.*[园区]企业`).test(event.title));
      return town ? [{ town: town.adcode, district: event.district }] : [];
    });
    expect(named.length).toBeGreaterThan(20);
    for (const { town, district } of named) expect(district).toBe(town);
  });
});
