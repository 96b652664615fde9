import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Room } from "../../layer";
import { spread, type Form, type Place, type Wish } from "./spread-option";

const LINE = 20;
const ROOM: Room = { left: 0, top: 0, right: 900, bottom: 600 };

/** Edges of what is written of a label, a box for each part. */
function written({ x, y, name, figure }: Wish, { form, dx, dy }: Place): Room[] {
  const box = (cx: number, cy: number, w: number): Room => ({
    left: cx - w / 2,
    right: cx + w / 2,
    top: cy - LINE / 2,
    bottom: cy + LINE / 2,
  });
  const [cx, cy] = [x + dx, y + dy];
  if (form === "none") return [];
  if (form === "bare") return [box(cx, cy, name)];
  if (form === "below") return [box(cx, cy - LINE / 2, name), box(cx, cy + LINE / 2, figure)];
  const whole = name + figure + LINE * 0.3;
  return [box(cx - whole / 2 + name / 2, cy, name), box(cx + whole / 2 - figure / 2, cy, figure)];
}

const meet = (a: Room, b: Room): boolean =>
  a.left < b.right - 0.01 && b.left < a.right - 0.01 && a.top < b.bottom - 0.01 && b.top < a.bottom - 0.01;

const wish = fc.record({
  x: fc.double({ min: 0, max: 900, noNaN: true }),
  y: fc.double({ min: 0, max: 600, noNaN: true }),
  name: fc.double({ min: 20, max: 140, noNaN: true }),
  figure: fc.oneof(fc.constant(0), fc.double({ min: 10, max: 110, noNaN: true })),
});

const mark = fc.record({
  x: fc.double({ min: 0, max: 900, noNaN: true }),
  y: fc.double({ min: 0, max: 600, noNaN: true }),
  radius: fc.double({ min: 5, max: 30, noNaN: true }),
});

describe("names and figures", () => {
  it("never lie on each other or leave their room, whatever they are and wherever they stand", () => {
    fc.assert(
      fc.property(
        fc.array(wish, { maxLength: 24 }),
        fc.array(mark, { maxLength: 8 }),
        fc.boolean(),
        (wishes, marks, bounded) => {
          const places = spread(wishes, LINE, bounded ? ROOM : null, marks);
          const boxes = places.flatMap((place, i) => written(wishes[i] as Wish, place).map((box) => ({ box, i })));
          for (const [k, { box, i }] of boxes.entries()) {
            for (const other of boxes.slice(k + 1)) expect(other.i !== i && meet(box, other.box)).toBe(false);
            if (!bounded) continue;
            expect(Math.min(box.left, box.top)).toBeGreaterThan(-0.01);
            expect(box.right).toBeLessThan(900.01);
            expect(box.bottom).toBeLessThan(600.01);
          }
          // Without a bound a name stands at its place, but for a line and a quarter up or down.
          if (bounded) return;
          for (const { dx, dy } of places) {
            expect(dx).toBe(0);
            expect(Math.abs(dy)).toBeLessThanOrEqual(LINE * 1.25 + 0.01);
          }
        },
      ),
    );
  });

  it("that have room are left where they are, with their figures behind them", () => {
    const far = [
      { x: 100, y: 100, name: 60, figure: 50 },
      { x: 400, y: 100, name: 60, figure: 0 },
    ];
    expect(spread(far, LINE, ROOM)).toEqual([
      { form: "beside", dx: 0, dy: 0 },
      { form: "bare", dx: 0, dy: 0 },
    ]);
  });

  it("keep off a mark, on the side that is nearer", () => {
    const place = { x: 300, y: 300, name: 60, figure: 50 };
    const [above] = spread([place], LINE, ROOM, [{ x: 310, y: 305, radius: 14 }]);
    expect((above?.dy ?? 0) + 300 + LINE / 2).toBeLessThanOrEqual(305 - 14 + 0.01);
    const [below] = spread([place], LINE, ROOM, [{ x: 310, y: 295, radius: 14 }]);
    expect((below?.dy ?? 0) + 300 - LINE / 2).toBeGreaterThanOrEqual(295 + 14 - 0.01);
    expect(spread([place], LINE, ROOM, [{ x: 500, y: 300, radius: 14 }])[0]?.dy).toBe(0);
  });

  it("lose nothing to marks, however many there are", () => {
    fc.assert(
      fc.property(
        fc.array(wish, { maxLength: 16 }),
        fc.array(mark, { maxLength: 60 }),
        fc.boolean(),
        (wishes, marks, bounded) => {
          const forms = (among: typeof marks): Form[] =>
            spread(wishes, LINE, bounded ? ROOM : null, among).map(({ form }) => form);
          expect(forms(marks)).toEqual(forms([]));
        },
      ),
    );
  });

  it("stand clear of all marks where there is a place for that, as near as it may be", () => {
    const near = fc.record({
      x: fc.integer({ min: 220, max: 380 }),
      y: fc.integer({ min: 240, max: 360 }),
      radius: fc.integer({ min: 4, max: 20 }),
    });
    const alone = { x: 300, y: 300, name: 60, figure: 50 };
    const [half, high] = [(60 + 50 + LINE * 0.3 + LINE * 0.3) / 2, LINE / 2];
    fc.assert(
      fc.property(fc.array(near, { minLength: 1, maxLength: 5 }), (marks) => {
        const clear = (dy: number): boolean =>
          marks.every(
            ({ x, y, radius }) => Math.abs(x - 300) >= half + radius || Math.abs(y - 300 - dy) >= high + radius - 0.01,
          );
        // Half pixels are enough: middles and radii are whole, and so is half a line.
        const ways = Array.from({ length: 101 }, (_, i) => (i - 50) / 2).filter(clear);
        const [place] = spread([alone], LINE, null, marks);
        expect(Math.abs(place?.dy ?? 99)).toBeLessThanOrEqual(25.01);
        if (ways.length === 0) return;
        expect(clear(place?.dy ?? 0)).toBe(true);
        expect(Math.abs(place?.dy ?? 99)).toBeLessThanOrEqual(Math.min(...ways.map(Math.abs)) + 0.01);
      }),
      { numRuns: 500 },
    );
  });

  it("say where they lie on a mark all the same, for a ground under them", () => {
    const place = { x: 300, y: 300, name: 60, figure: 50 };
    const pile = [-30, 0, 30].map((dy) => ({ x: 300, y: 300 + dy, radius: 18 }));
    expect(spread([place], LINE, ROOM, pile)[0]?.covers).toBe(true);
    expect(spread([place], LINE, ROOM, [{ x: 310, y: 305, radius: 12 }])[0]?.covers).toBeUndefined();
    expect(spread([place], LINE, ROOM)[0]?.covers).toBeUndefined();
  });

  it("of places out of sight are not drawn into it", () => {
    const [out] = spread([{ x: -40, y: 300, name: 60, figure: 50 }], LINE, ROOM);
    expect(out?.form).toBe("none");
  });

  it("that nearly touch move apart, and figures go to a second line or away before a name does", () => {
    const near = [0, 1, 2, 3, 4].map((i) => ({ x: 300 + i * 70, y: 300, name: 60, figure: 50 }));
    const forms = spread(near, LINE, ROOM).map(({ form }) => form);
    expect(forms).not.toContain("none");
    expect(forms.filter((form) => form === "beside" || form === "below").length).toBeGreaterThanOrEqual(4);
    const heap = Array.from({ length: 5 }, () => ({ x: 300, y: 300, name: 60, figure: 50 }));
    const heaped = spread(heap, LINE, ROOM).map(({ form }) => form);
    expect(heaped.slice(0, 2)).not.toContain("none");
    expect(heaped).toContain("none");
  });
});
