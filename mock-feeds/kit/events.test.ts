import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { events } from "../lianyungang/operations-center/events";
import { cities } from "../index";
import { eventsAt, versionsBetween, type MockEvent } from "./events";
import type { Site } from "./streets";

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

describe.each(cities.flatMap(({ place, events }) => (events ? [{ name: place.city, model: events }] : [])))(
  "where an event of $name is",
  ({ name, model }) => {
    const versions = versionsBetween(model, 1, NOON - 48 * HOUR, NOON);
    const named = (event: MockEvent): { district: string; site: Site }[] =>
      Object.entries(model.streets).flatMap(([district, sites]) =>
        sites.filter(({ zh }) => event.title.startsWith(zh)).map((site) => ({ district, site })),
      );

    it("is the district that has the street or site of its title, and no other", () => {
      for (const event of versions)
        expect([event.title, ...districtsOf(named(event))]).toEqual([event.title, event.district]);
      const names = Object.values(model.streets).flatMap((sites) => sites.map(({ zh }) => zh));
      expect(new Set(names).size).toBe(names.length);
    });

    it("is on roads of the city, within the district", () => {
      const roads = new Set(roadsOf(name));
      for (const { zh, district, ends } of piecesOf(model.streets)) {
        const [[ax, ay], [bx, by]] = ends;
        expect(
          [ends, [...ends].reverse()].some((pair) => roads.has(pair.join(" "))),
          zh,
        ).toBe(true);
        for (const point of [ends[0], [(ax + bx) / 2, (ay + by) / 2] as Point, ends[1]])
          expect([zh, districtAt(name, point)]).toEqual([zh, district]);
      }
      for (const event of versions) {
        const away = Math.min(...named(event).map(({ site }) => distance([event.lon, event.lat], site.line)));
        expect(away, event.title).toBeLessThan(2);
      }
    });

    it("is told in both languages", () => {
      for (const { title, titles } of versions) {
        expect(titles.zh).toBe(title);
        expect(`${titles.zh}${titles.en}`).not.toContain("@");
        expect(titles.en).toMatch(/^[A-Z][\x20-\x7e]+$/);
      }
    });
  },
);

type Point = [number, number];
type Outlines = { features: { properties: { adcode: string }; geometry: { coordinates: Point[][][] } }[] };

function districtsOf(found: { district: string; site: Site }[]): string[] {
  // A name may begin with another one: the longest is meant.
  const longest = Math.max(...found.map(({ site }) => site.zh.length));
  return found.filter(({ site }) => site.zh.length === longest).map(({ district }) => district);
}

/** The straight pieces that streets and sites are made of. */
function piecesOf(streets: Record<string, Site[]>): { zh: string; district: string; ends: [Point, Point] }[] {
  return Object.entries(streets).flatMap(([district, sites]) =>
    sites.flatMap(({ zh, line }) =>
      line.slice(1).map((to, i) => ({ zh, district, ends: [line[i] as Point, to] as [Point, Point] })),
    ),
  );
}

function fileOf(city: string, file: string): unknown {
  return JSON.parse(readFileSync(path.resolve(import.meta.dirname, "../../cities", city, file), "utf8"));
}

/** Both ends of every piece of street. */
function roadsOf(city: string): string[] {
  const { features } = fileOf(city, "roads.geojson") as { features: { geometry: { coordinates: Point[] } }[] };
  return features.map(({ geometry }) => geometry.coordinates.map((point) => point.join()).join(" "));
}

/** The district a point lies in; where the city has outlines of no districts, the one whose seat is nearest. */
function districtAt(city: string, [x, y]: Point): string {
  const { districts } = fileOf(city, "city.json") as { districts: { adcode: string; seat: Point }[] };
  const { features } = fileOf(city, "districts.geojson") as Outlines;
  const around = features.filter(({ geometry }) => geometry.coordinates.some(([ring = []]) => isInRing([x, y], ring)));
  if (features.length >= districts.length) return around.map(({ properties }) => properties.adcode).join();
  const far = ({ seat }: { seat: Point }): number => metres([x, y], seat);
  return around.length === 0 ? "" : (districts.sort((a, b) => far(a) - far(b))[0]?.adcode ?? "");
}

function isInRing([x, y]: Point, ring: Point[]): boolean {
  return ring.reduce((inside, [xi, yi], i) => {
    const [xj, yj] = ring.at(i - 1) as Point;
    return yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi ? !inside : inside;
  }, false);
}

function metres([ax, ay]: Point, [bx, by]: Point): number {
  return 111_320 * Math.hypot((bx - ax) * Math.cos((ay * Math.PI) / 180), by - ay);
}

/** Metres from a point to a line. */
function distance(point: Point, line: Point[]): number {
  return Math.min(
    ...line.slice(1).map((to, i) => {
      const from = line[i] as Point;
      const size = (to[0] - from[0]) ** 2 + (to[1] - from[1]) ** 2;
      const along = ((point[0] - from[0]) * (to[0] - from[0]) + (point[1] - from[1]) * (to[1] - from[1])) / size;
      const part = Math.min(1, Math.max(0, along));
      return metres(point, [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]);
    }),
  );
}
