import { expect, it } from "vitest";
import { lines } from "./text-option";

it("keeps line breaks inside and drops blank lines around", () => {
  expect(lines("\n数据多跑路\n\n群众少跑腿\n")).toEqual(["数据多跑路", "", "群众少跑腿"]);
});
