import { expect, it } from "vitest";
import { Backoff } from "./backoff";

it("waits twice as long each time it ends soon, ten seconds at most, and begins anew after a healthy time", () => {
  const backoff = new Backoff(() => 0.5);
  expect([0, 0, 0, 29_999, 0, 0, 0, 0].map((lived) => backoff.next(lived))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
  expect([30_000, 10].map((lived) => backoff.next(lived))).toEqual([250, 500]);
});

it("is moved by chance, a quarter at most", () => {
  expect([0, 1].map((chance) => new Backoff(() => chance).next(0))).toEqual([188, 313]);
});

it("waits no longer than it is told to", () => {
  const backoff = new Backoff(() => 0.5, 3_000);
  expect([0, 0, 0, 0, 0, 0].map((lived) => backoff.next(lived))).toEqual([250, 500, 1_000, 2_000, 3_000, 3_000]);
});
