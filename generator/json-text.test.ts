import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appended } from "./json-text";

describe("a value put at the end of a list", () => {
  it("leaves all else as it is, whatever the text looks like", () => {
    const texts = fc.tuple(
      fc.array(fc.jsonValue(), { maxLength: 5 }),
      fc.jsonValue(),
      fc.constantFrom(undefined, 1, 2, 4, "\t"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(texts, ([list, other, indent, value]) => {
        const text = JSON.stringify({ other, inner: { list }, after: other }, null, indent);
        const edited = appended(text, ["inner", "list"], value);
        expect(JSON.parse(edited)).toEqual(
          JSON.parse(JSON.stringify({ other, inner: { list: [...list, value] }, after: other })),
        );
        const end = text.length - text.lastIndexOf('"after"');
        expect(edited.slice(-end)).toBe(text.slice(-end));
      }),
    );
  });

  it("is written like its neighbours", () => {
    const lines = '{\n  "tiles": [\n    {"id": "a", "box": {"x": 0}},\n    {"id": "b", "box": {"x": 6}}\n  ]\n}\n';
    expect(appended(lines, ["tiles"], { id: "c", box: { x: 1 } })).toBe(
      '{\n  "tiles": [\n    {"id": "a", "box": {"x": 0}},\n    {"id": "b", "box": {"x": 6}},\n    {"id": "c", "box": {"x": 1}}\n  ]\n}\n',
    );
    const spread = JSON.stringify({ tiles: [{ id: "a" }] }, null, 2);
    expect(appended(spread, ["tiles"], { id: "b", box: [1] })).toBe(
      JSON.stringify({ tiles: [{ id: "a" }, { id: "b", box: [1] }] }, null, 2),
    );
    expect(appended('{"a": [{"b": ["x", "y"]}]}', ["a", 0, "b"], "z")).toBe('{"a": [{"b": ["x", "y", "z"]}]}');
    expect(appended('{"a": [{"b": ["x"]}]}', ["a", 0, "b"], "z")).toBe('{"a": [{"b": ["x", "z"]}]}');
    expect(appended('{"a": []}', ["a"], { text: "{ a,\n b }" })).toBe('{"a": [{"text": "{ a,\\n b }"}]}');
  });

  it("is refused where there is no list", () => expect(() => appended('{"a": 1}', ["a"], 1)).toThrow("no list at a"));
});
