import path from "node:path";
import { describe, expect, it } from "vitest";
import { Catalogue } from "../cities/catalogue";
import { LOCAL } from "./principals";
import type { Principal } from "../contract/rights";
import { withheldOf } from "./sight";

const catalogue = new Catalogue(path.resolve(import.meta.dirname, "../../cities"), () => []);
await catalogue.open();
catalogue.close();

const own = "reading/lianyungang/320706/cases-today";
const other = "reading/lianyungang/320703/cases-today";
const whole = "reading/lianyungang/all/cases-today";
const viewer: Principal = {
  kind: "account",
  id: "1",
  name: "v",
  role: "viewer",
  scopes: [{ city: "lianyungang", districts: ["320706"] }],
  session: "2",
};
const field = (i: number): string => `topics[${i}].topic`;
const ask = (who: Principal, ...topics: string[]): string[] => [...withheldOf(who, catalogue, topics, field)];

describe("withheldOf", () => {
  it("leaves out what somebody may not look at, and nothing else", () => {
    expect(ask(viewer, own, other, whole)).toEqual([other, whole]);
    expect(ask(viewer, own)).toEqual([]);
    expect(ask(LOCAL, own, other, whole)).toEqual([]);
  });

  it("refuses where nothing would be left, and names what is not known", () => {
    expect(() => ask(viewer, other, whole)).toThrow(expect.objectContaining({ status: 403, code: "no-right" }));
    expect(() => ask(viewer, own, other, "reading/lianyungang/320706/nothing")).toThrow(
      expect.objectContaining({ status: 404, errors: [expect.objectContaining({ field: "topics[2].topic" })] }),
    );
    // Another city's are told apart from nothing by nobody who may not know of it.
    expect(() => ask(viewer, own, "reading/hangzhou/all/cases-today")).toThrow(
      expect.objectContaining({ status: 404 }),
    );
  });
});
