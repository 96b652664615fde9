import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { EventBook } from "../../lib/contract/event-book";
import { closedCount, openByStage, openCount } from "../../lib/contract/event-counts";
import type { CityEvent } from "../../lib/contract/events";
import { cities } from "../index";
import type { MockCity } from "./city";
import { eventsAt, versionsBetween, type EventModel, type MockEvent } from "./events";
import { sample } from "./model";
import { seedOf } from "./place";

/** A working day and a Sunday, at moments of little and of much. */
const MOMENTS = [
  "2026-11-20T00:00:00",
  "2026-11-20T00:07:00",
  "2026-11-20T07:31:00",
  "2026-11-20T10:20:00",
  "2026-11-20T16:45:00",
  "2026-11-20T23:59:00",
  "2026-11-22T11:03:00",
].map((text) => Date.parse(`${text}+08:00`));
const ALL = { district: "all", kinds: [] };
const dayOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
const toEvent = (event: MockEvent): CityEvent =>
  ({
    ...event,
    at: Date.parse(event.at),
    updated: Date.parse(event.updated),
    steps: event.steps.map((step) => ({ ...step, at: Date.parse(step.at) })),
  }) as CityEvent;

function figure({ place, systems }: MockCity, metric: string, at: number, district = "all"): number {
  const model = systems.flatMap((system) => system.metrics).find((one) => one.metric === metric);
  if (!model) throw new Error(`${place.city} has no ${metric}`);
  return sample(place, model, seedOf(place, 1), at).find((one) => one.district === district)?.value ?? NaN;
}

/**
 * What each place calls the number of its open events, of those reported today (in parts) and of those closed today.
 */
const WORDS: Record<string, { open: string; today: string[]; closed?: string }> = {
  lianyungang: { open: "events-open", today: ["events-today"] },
  hangzhou: { open: "events-open", today: ["events-today"] },
  zhengzhou: { open: "events-open", today: ["events-today"] },
  zhangjiagang: { open: "joint-open", today: ["parts-today", "affairs-today"], closed: "joint-closed-today" },
};
const withEvents = cities.flatMap((city) =>
  city.events ? [[city.place.city, city, city.events] as [string, MockCity, EventModel]] : [],
);

describe.each(withEvents)("sums that people do in their heads: %s", (id, city, model) => {
  const words = WORDS[id];

  it.each(MOMENTS.map((at) => [new Date(at).toISOString(), at] as const))(
    "open, closed and reported events at %s are those that the figures tell, whether all are told anew or one after the other",
    (_text, at) => {
      const seed = seedOf(city.place, 1);
      const started = new EventBook(dayOf);
      for (const event of eventsAt(model, seed, at)) started.take(toEvent(event));
      const followed = new EventBook(dayOf);
      for (const event of versionsBetween(model, seed, at - 4 * 86_400_000, at + 1)) followed.take(toEvent(event));
      for (const { state } of [started, followed]) {
        expect(openCount(state.counts, ALL)).toBe(figure(city, words?.open ?? "", at));
        expect([...openByStage(state.counts, ALL).values()].reduce((sum, stage) => sum + stage.count, 0)).toBe(
          state.open.size,
        );
        for (const district of Object.keys(city.place.shares))
          expect(openCount(state.counts, { ...ALL, district })).toBe(figure(city, words?.open ?? "", at, district));
        if (words?.closed) expect(closedCount(state.counts, ALL, dayOf(at))).toBe(figure(city, words.closed, at));
        const reported = [...state.open.values(), ...state.closed.values()].filter(
          (event) => dayOf(event.at) === dayOf(at),
        ).length;
        expect((words?.today ?? []).reduce((sum, metric) => sum + figure(city, metric, at), 0)).toBe(reported);
      }
    },
  );

  it("are about as many as the place says", () => {
    const noon = Date.parse("2026-11-20T12:00:00+08:00");
    expect(figure(city, words?.open ?? "", noon)).toBeGreaterThan(20);
    expect(figure(city, words?.open ?? "", noon)).toBeLessThan(260);
  });
});

const KINDS: [string, string, string[]][] = [
  [
    "zhangjiagang",
    "ai-calls-today",
    "parking vendor fire crowd plate garbage water helmet dust speech ocr dispatch"
      .split(" ")
      .map((kind) => `ai-${kind}`),
  ],
  ["lianyungang", "code-scans-today", ["health", "medical", "transit", "venue"].map((kind) => `scan-${kind}-today`)],
  ["guangdong", "code-scans-today", ["yuekang", "suikang", "transit", "medical"].map((kind) => `scan-${kind}-today`)],
  [
    "zhengzhou",
    "cases-today",
    ["fund", "social", "medical", "household", "other"].map((kind) => `cases-${kind}-today`),
  ],
];

describe.each(KINDS)("the kinds of %s's %s", (id, whole, kinds) => {
  const city = cities.find(({ place }) => place.city === id) as MockCity;

  it("are all of them, to the last one, at every moment", () => {
    for (const at of MOMENTS)
      expect(kinds.reduce((sum, kind) => sum + figure(city, kind, at), 0)).toBe(figure(city, whole, at));
  });

  it("never fall within a day: a counter that falls began anew", () => {
    const from = Date.parse("2026-11-20T09:00:00+08:00");
    for (const kind of kinds) {
      let before = 0;
      for (let at = from; at < from + 300_000; at += 5_000) {
        const value = figure(city, kind, at);
        expect(value).toBeGreaterThanOrEqual(before);
        before = value;
      }
    }
  });
});

describe("what runs and what it has come to, in Zhangjiagang", () => {
  const city = cities.find(({ place }) => place.city === "zhangjiagang") as MockCity;

  it("nobody is online before anybody was active today, and calls by the minute make the calls of the day", () => {
    for (const at of MOMENTS) {
      if (figure(city, "portal-active-today", at) === 0) expect(figure(city, "portal-online", at)).toBe(0);
      const midnight = Math.floor((at + 8 * 3_600_000) / 86_400_000) * 86_400_000 - 8 * 3_600_000;
      let made = 0;
      for (let minute = midnight; minute < at; minute += 60_000) made += figure(city, "interface-calls-rate", minute);
      const told = figure(city, "interface-calls-today", at);
      expect(Math.abs(made - told)).toBeLessThanOrEqual(0.08 * told + 200);
    }
  });
});

const ROOT = path.resolve(import.meta.dirname, "../../cities");
type Link = { from: { zh: string }; to: { zh: string }; metric: string };
const sankeys = cities.flatMap((city) => {
  const folder = path.join(ROOT, city.place.city, "screens");
  return readdirSync(folder).flatMap((file) => {
    const { tiles } = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as {
      tiles: { widget: string; settings?: { links: Link[] } }[];
    };
    return tiles.flatMap((tile) =>
      tile.widget === "sankey" ? [[`${city.place.city}/${file}`, city, tile.settings?.links ?? []] as const] : [],
    );
  });
});

describe.each(sankeys)("what flows on %s", (_file, city, links) => {
  it("comes out of each node as it went in", () => {
    const through = links.map((link) => link.to.zh).filter((name) => links.some((link) => link.from.zh === name));
    expect(through.length).toBeGreaterThan(0);
    for (const at of MOMENTS) {
      const sum = (end: "from" | "to", name: string): number =>
        links.filter((link) => link[end].zh === name).reduce((total, link) => total + figure(city, link.metric, at), 0);
      for (const name of through) expect(sum("to", name)).toBe(sum("from", name));
    }
  });
});

it("finds every flow that is shown", () => expect(sankeys.length).toBe(2));
