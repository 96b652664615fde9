import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardPlace, heldWithin, NEAREST } from "./camera-option";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe("a hand on the map", () => {
  const whole = { x: 425, y: 308, zoom: 8 };
  const size = { width: 1920, height: 1080 };

  it("never comes to anything that the whole does not show, and no farther out than the whole", () => {
    fc.assert(
      fc.property(number(0, 512), number(0, 512), number(0, 22), (x, y, zoom) => {
        const held = heldWithin(whole, size, { x, y, zoom });
        expect(held.zoom).toBeGreaterThanOrEqual(whole.zoom);
        expect(held.zoom).toBeLessThanOrEqual(whole.zoom + NEAREST);
        for (const [place, middle, length] of [
          [held.x, whole.x, size.width],
          [held.y, whole.y, size.height],
        ] as const) {
          const far = length / 2 / 2 ** whole.zoom;
          const near = length / 2 / 2 ** held.zoom;
          expect(place - near).toBeGreaterThanOrEqual(middle - far - 1e-9);
          expect(place + near).toBeLessThanOrEqual(middle + far + 1e-9);
        }
      }),
    );
  });

  it("goes where it wants within that", () => {
    expect(heldWithin(whole, size, whole)).toEqual(whole);
    const near = { x: 425.5, y: 307.8, zoom: 10 };
    expect(heldWithin(whole, size, near)).toEqual(near);
  });
});

describe("a card", () => {
  it("lies inside its room and never over its target, wherever that is", () => {
    const room = { left: 480, top: 0, right: 1440, bottom: 1080 };
    fc.assert(
      fc.property(
        number(480, 1440),
        number(0, 1080),
        number(100, 400),
        number(60, 400),
        number(4, 40),
        (x, y, width, height, gap) => {
          const place = cardPlace({ x, y }, { width, height }, room, gap);
          // So large a room has a place for every card of this size.
          if (!place) throw new Error("no place");
          expect(place.left).toBeGreaterThanOrEqual(room.left);
          expect(place.top).toBeGreaterThanOrEqual(room.top);
          expect(place.left + width).toBeLessThanOrEqual(room.right);
          expect(place.top + height).toBeLessThanOrEqual(room.bottom);
          const over = x > place.left && x < place.left + width && y > place.top && y < place.top + height;
          expect(over).toBe(false);
        },
      ),
    );
  });

  it("is left out where there is no room for it", () => {
    const small = { left: 0, top: 0, right: 100, bottom: 100 };
    expect(cardPlace({ x: 50, y: 50 }, { width: 200, height: 50 }, small, 8)).toBeNull();
    expect(cardPlace({ x: 50, y: 50 }, { width: 90, height: 90 }, small, 8)).toBeNull();
  });
});
