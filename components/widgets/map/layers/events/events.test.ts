import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SEVERITIES } from "@/lib/contract/severity";
import { apartAt, BREATH, breathAt, gather, newsOf, ownPace, RIPPLE, rippleAt, type Mark } from "./events-option";

const mark = fc.record({
  lon: fc.double({ min: 118, max: 120, noNaN: true }),
  lat: fc.double({ min: 34, max: 35, noNaN: true }),
  severity: fc.constantFrom(...SEVERITIES),
});
const marksOf = (drawn: { lon: number; lat: number; severity: Mark["severity"] }[]): Mark[] =>
  drawn
    .map(({ lon, lat, severity }, i) => ({
      id: `e${i}`,
      at: [lon, lat] as [number, number],
      severity,
      progress: 0,
      since: 0,
    }))
    .sort((a, b) => a.severity - b.severity || (a.id < b.id ? -1 : 1));

/** CSS pixels from Greenwich and the equator in the world of a zoom, by the formula of Web Mercator. */
function pixel([lon, lat]: [number, number], zoom: number): [number, number] {
  const world = 512 * 2 ** zoom;
  return [(lon / 360) * world, (Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * world];
}

describe("events that crowd", () => {
  it("are counted once each, under the gravest, farther from each other than the reach, whatever order they came in", () => {
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 60 }), fc.double({ min: 6, max: 14, noNaN: true }), (drawn, zoom) => {
        const found = marksOf(drawn);
        const crowds = gather(found, zoom, 40);
        const ids = crowds.flatMap(({ members }) => members.map(({ id }) => id));
        expect(ids.sort()).toEqual(found.map(({ id }) => id).sort());
        // Whose place it is stands first, and none of the others is graver.
        for (const { gravest, members } of crowds) {
          expect(members[0]).toBe(gravest);
          expect(Math.max(...members.map(({ severity }) => severity))).toBe(gravest.severity);
        }
        const places = crowds.map(({ gravest }) => pixel(gravest.at, zoom));
        for (const [i, [x, y]] of places.entries())
          for (const [ox, oy] of places.slice(i + 1)) expect(Math.hypot(x - ox, y - oy)).toBeGreaterThan(39.99);
        // No event is far from a crowd that is at least as grave.
        for (const one of found) {
          const [x, y] = pixel(one.at, zoom);
          const near = crowds.some(
            ({ gravest }, i) =>
              gravest.severity >= one.severity &&
              Math.hypot((places[i]?.[0] ?? 0) - x, (places[i]?.[1] ?? 0) - y) < 40.01,
          );
          expect(near).toBe(true);
        }
        expect(crowds.map(({ gravest }) => gravest.severity)).toEqual(
          crowds.map(({ gravest }) => gravest.severity).sort(),
        );
      }),
    );
  });

  it("part when the map is zoomed in", () => {
    const two = marksOf([
      { lon: 119.1, lat: 34.6, severity: 1 },
      { lon: 119.11, lat: 34.6, severity: 3 },
    ]);
    expect(gather(two, 9, 40).map(({ gravest, members }) => [gravest.severity, members.length])).toEqual([[3, 2]]);
    expect(gather(two, 14, 40)).toHaveLength(2);
  });

  it("know at which quarter of a zoom they part, and that those of one place never do", () => {
    fc.assert(
      fc.property(fc.array(mark, { minLength: 2, maxLength: 12 }), (drawn) => {
        const near = drawn.map(({ lon, lat, severity }) => ({ lon: 119 + lon / 1e4, lat: 34 + lat / 1e4, severity }));
        for (const { members } of gather(marksOf(near), 8, 40)) {
          const zoom = apartAt(members, 40);
          const within = [...members].reverse();
          if (members.length < 2 || zoom > 24) continue;
          expect((zoom * 4) % 1).toBe(0);
          expect(gather(within, zoom, 40).length).toBeGreaterThan(1);
          expect(gather(within, zoom - 0.25, 40)).toHaveLength(1);
        }
      }),
    );
    const one = { lon: 119.1, lat: 34.6, severity: 1 as const };
    expect(apartAt(marksOf([one, one]), 40)).toBe(Infinity);
    expect(apartAt(marksOf([one]), 40)).toBe(Infinity);
  });
});

describe("what moves", () => {
  it("is one ripple for what comes while the page looks, not for what was there or what a jump in time brings", () => {
    const [a, b, c] = marksOf([1, 2, 3].map((severity) => ({ lon: 119, lat: 34, severity: severity as 1 | 2 | 3 })));
    const at = (one: Mark | undefined, since: number): Mark => ({ ...(one as Mark), since });
    const news = newsOf();
    const T = 1_000_000;
    const looked = (found: Mark[], now: number, looks: number): string[] => [...news(found, now, looks).keys()];
    expect(looked([at(a, T)], T, 0)).toEqual([]);
    expect(looked([at(a, T), at(b, T + 500), at(c, T - 3_600_000)], T + 1_000, 50)).toEqual(["e1"]);
    // At 60 times the pace of the moments that are shown it goes out as slowly.
    expect(looked([at(a, T), at(b, T + 500), at(c, T)], T + 60 * RIPPLE, 50 + RIPPLE - 1)).toEqual(["e1"]);
    expect(looked([at(a, T), at(b, T + 500), at(c, T)], T + 60 * RIPPLE, 50 + RIPPLE)).toEqual([]);
  });

  it("goes at its own pace while moments go by, and stands while they do", () => {
    let real = 5_000;
    const pace = ownPace(() => real);
    const after = (ms: number, now: number): number => {
      real += ms;
      return pace(now);
    };
    expect([after(0, 1_000), after(100, 7_000), after(100, 13_000), after(900, 13_000), after(50, 12_000)]).toEqual([
      0, 100, 200, 200, 250,
    ]);
  });

  it("goes out once, and breathes far slower than three flashes a second", () => {
    expect([-1, 0, RIPPLE / 2, RIPPLE].map(rippleAt)).toEqual([null, 0, 0.5, null]);
    expect([0, BREATH / 2, BREATH].map((now) => Math.round(breathAt(now) * 1e6) / 1e6)).toEqual([0, 1, 0]);
    expect(1_000 / Math.min(BREATH, RIPPLE)).toBeLessThan(1);
  });
});
