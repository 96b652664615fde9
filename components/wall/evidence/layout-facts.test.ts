import { describe, expect, it } from "vitest";
import { fileFacts, screenAt } from "./layout-facts";

const FILES = [
  { file: "a/city.json", hash: "", modified: 1_000, who: "owner root", why: null },
  { file: "a/metrics.json", hash: "", modified: 3_000, who: "owner bo", why: null },
  { file: "a/screens/night.json", hash: "", modified: 9_000, who: "owner ada", why: null },
  {
    file: "a/screens/overview.json",
    hash: "",
    modified: 2_000,
    who: "owner ada",
    why: "a/screens/overview.json: order must be a number",
  },
];

describe("the files of a screen", () => {
  it("are its own and the one of its place's others that was changed last, with whose they are", () => {
    const facts = fileFacts(FILES, { city: "a", screen: "night" }, "en", "Asia/Shanghai");
    expect(facts.map(({ key, term, text }) => [key, term, text.split(" · ")[1]])).toEqual([
      ["layout", "Layout", "file owner ada"],
      ["place-file", "metrics.json", "file owner bo"],
    ]);
    expect(fileFacts(FILES, { city: "a", screen: "night" }, "zh", "Asia/Shanghai")[0]?.text).toMatch(/文件所有者 ada$/);
  });

  it("say why they are not in force, and nothing where nothing is known", () => {
    const [layout] = fileFacts(FILES, { city: "a", screen: "overview" }, "en", "Asia/Shanghai");
    expect(layout?.note).toBe("Not in force: a/screens/overview.json: order must be a number");
    // By the clock of the place that the wall is of, as all that stands beside it.
    expect(layout?.text).toBe("1970-01-01 08:00 · file owner ada");
    expect(fileFacts([], { city: "a", screen: "overview" }, "en", "Asia/Shanghai")).toEqual([]);
  });

  it("are those of a wall, and of no other page", () => {
    expect(screenAt("/wall/a/overview")).toEqual({ city: "a", screen: "overview" });
    for (const path of ["/", "/district/a/320706", "/wall/a", "/wall/a/b/c"]) expect(screenAt(path)).toBeNull();
  });
});
