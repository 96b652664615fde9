import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadCity } from "@/lib/cities/load";
import type { Tile } from "@/lib/contract/screens";
import { readingTopic } from "@/lib/contract/topics";
import { leadingTile, sideBeside, type Asked } from "./asked";
import { csvUrl, districtUrl, metricUrl, replayUrl } from "./links";
import { comparisonIn, scopeOf } from "./scope";
import { sourcesOf } from "./sources";

const { facts: city } = await loadCity(path.resolve(import.meta.dirname, "../../../cities"), "lianyungang");
const box = { x: 0, y: 0, w: 1, h: 1 };
const tile = (id: string, widget: string, settings: Tile["settings"]): Tile => ({ id, widget, box, settings });
const TILES = [
  tile("words", "text", { text: { zh: "字", en: "Words" } }),
  tile("rank", "bar", { metrics: ["cases-today"], compare: "yesterday" }),
  tile("now", "figure", { metric: "cases-today" }),
  tile("sparks", "sparklines", {
    items: [{ metric: "online-rate", compare: "week" }, { metric: "satisfaction" }],
    compare: "hour",
  }),
];
const asked = (more: Partial<Asked>): Asked => ({
  topic: null,
  tile: null,
  whole: false,
  pane: "",
  path: "/",
  side: "right",
  opener: null,
  ...more,
});
const topic = (metric: string, district = "all"): string => readingTopic(city.id, district, metric);

describe("what is asked", () => {
  it("is a tile's first number where its title was pointed at, and what stands beside it is told as well", () => {
    const scope = scopeOf(asked({ tile: "sparks" }), [city], { tiles: TILES });
    expect([scope?.topic, scope?.topics]).toEqual([
      topic("online-rate"),
      [topic("online-rate"), topic("satisfaction")],
    ]);
    expect(scopeOf(asked({ tile: "words" }), [city], { tiles: TILES })).toBeNull();
  });

  it("is of the whole screen by its key: the first figure, and every source", () => {
    expect(leadingTile({ tiles: TILES })).toBe("now");
    expect(leadingTile({ tiles: TILES.slice(0, 2) })).toBe("words");
    const scope = scopeOf(asked({ tile: "now", whole: true }), [city], { tiles: TILES });
    expect([scope?.topic, scope?.topics.length]).toEqual([topic("cases-today"), city.districts.length + 3]);
  });

  it("is of the place whose number it is", () => {
    const other = { ...city, id: "elsewhere" };
    const of = scopeOf(asked({ topic: readingTopic("elsewhere", "all", "cases-today") }), [city, other], null);
    expect([of?.city.id, of?.topics]).toEqual(["elsewhere", []]);
  });

  it("is compared as its tile compares it", () => {
    const [, rank, now, sparks] = TILES;
    expect([
      comparisonIn(rank, topic("cases-today", "320706")),
      comparisonIn(now, topic("cases-today")),
      comparisonIn(sparks, topic("online-rate")),
      comparisonIn(sparks, topic("satisfaction")),
      comparisonIn(undefined, topic("satisfaction")),
    ]).toEqual(["yesterday", undefined, "week", "hour", undefined]);
  });

  it("is answered on the side where it does not cover the number", () => {
    expect([sideBeside({ left: 10, right: 300 }, 1_920), sideBeside({ left: 1_500, right: 1_900 }, 1_920)]).toEqual([
      "right",
      "left",
    ]);
  });
});

describe("the sources of what is shown", () => {
  it("are its systems, each with its metrics once, by the whole place's number where that is shown", () => {
    const topics = [topic("cases-today", "320706"), topic("cases-today"), topic("satisfaction"), `events/${city.id}`];
    const sources = sourcesOf(city, topics, "zh");
    expect(sources.map(({ system }) => system)).toEqual(["gov-services", "rating", city.events?.system]);
    expect(sources[0]).toMatchObject({
      name: "政务服务一网通办",
      items: [{ topic: topic("cases-today"), name: "今日办件量" }],
    });
    expect(sources[0]?.items[0]?.topics).toHaveLength(2);
  });
});

describe("where one goes on from a number", () => {
  const AT = Date.parse("2026-11-20T10:20:00.700+08:00");

  it("is the page at that moment, in whole seconds, with all else that its address says", () => {
    expect(replayUrl("http://wall/compare?indicator=x&lang=en", AT)).toBe(
      "/compare?indicator=x&lang=en&at=2026-11-20T02%3A20%3A00.000Z",
    );
  });

  it("is its metric's page and its district's, as far as there are any", () => {
    expect([metricUrl(city, topic("cases-today", "320706")), metricUrl(city, `events/${city.id}`)]).toEqual([
      "/metric/lianyungang/cases-today?district=320706",
      null,
    ]);
    expect([districtUrl(city, topic("cases-today", "320706")), districtUrl(city, topic("cases-today"))]).toEqual([
      "/district/lianyungang/320706",
      null,
    ]);
  });

  it("is a file of its readings: of the last day, or of the day before the moment that is shown, as it is known there", () => {
    const query = (url: string | null): object => Object.fromEntries(new URL(url ?? "", "http://wall").searchParams);
    expect(query(csvUrl(topic("cases-today"), null, "en"))).toEqual({
      topic: topic("cases-today"),
      from: "now-24h",
      step: "raw",
      format: "csv",
      lang: "en",
    });
    expect(query(csvUrl(topic("cases-today"), { at: AT, knowledge: "then" }, "zh"))).toMatchObject({
      from: "2026-11-19T02:20:00.000Z",
      to: "2026-11-20T02:20:00.000Z",
      asOf: "2026-11-20T02:20:00.000Z",
    });
    expect(query(csvUrl(topic("cases-today"), { at: AT, knowledge: "since" }, "zh"))).not.toHaveProperty("asOf");
    expect(csvUrl(`events/${city.id}`, null, "zh")).toBeNull();
  });
});
