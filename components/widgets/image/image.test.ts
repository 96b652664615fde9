import { expect, it } from "vitest";
import { imageStyle } from "./image-option";

it("gives a contained picture room and a covering one none", () => {
  expect([imageStyle("contain").padding, imageStyle("cover").padding]).toEqual(["0.8rem", "0"]);
});
