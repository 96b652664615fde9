import { describe, expect, it } from "vitest";
import { unavailable } from "./time-track";

const DAY = 86_400_000;

describe("unavailable", () => {
  it("is what is still to come of today, and what was before anything was kept", () => {
    expect(unavailable(10 * DAY, DAY, 5 * DAY, 10.25 * DAY)).toEqual({
      before: { left: 0, width: 0 },
      ahead: { left: 0.25, width: 0.75 },
    });
    expect(unavailable(5 * DAY, DAY, 5.5 * DAY, 10.25 * DAY)).toEqual({
      before: { left: 0, width: 0.5 },
      ahead: { left: 1, width: 0 },
    });
  });

  it("is all of a day before anything was kept, and nothing of one in between or where the beginning is not known", () => {
    expect(unavailable(2 * DAY, DAY, 5.5 * DAY, 10 * DAY).before).toEqual({ left: 0, width: 1 });
    for (const from of [5 * DAY, null])
      expect(unavailable(7 * DAY, DAY, from, 10 * DAY)).toEqual({
        before: { left: 0, width: 0 },
        ahead: { left: 1, width: 0 },
      });
  });

  it("says nothing of the future while the present is not known", () => {
    expect(unavailable(7 * DAY, DAY, null, Infinity).ahead.width).toBe(0);
  });
});
