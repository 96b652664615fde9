import { describe, expect, it } from "vitest";
import { silenceOf } from "./silence";

describe("silenceOf", () => {
  it("lasts until the last reading is dead, later where the past is kept coarsely, and never for a bucket alone", () => {
    expect([
      silenceOf({ tolerance: 0 }, { limit: 30 }, 10_000),
      silenceOf({ tolerance: 60_000 }, { limit: 30 }, 10_000),
      silenceOf({ tolerance: 0 }, { limit: 30 }, 300_000),
    ]).toEqual([30_000, 90_000, 750_000]);
  });
});
