import { expect, it } from "vitest";
import { retryDelay, stillAddress } from "./video-option";

it("asks for a new still past every cache", () => {
  expect([stillAddress("/cam.jpg", 3), stillAddress("/cam.jpg?w=9", 4)]).toEqual(["/cam.jpg?n=3", "/cam.jpg?w=9&n=4"]);
});

it("waits longer each time, but never more than half a minute", () => {
  expect([0, 1, 4, 20].map(retryDelay)).toEqual([1_000, 2_000, 16_000, 30_000]);
});
