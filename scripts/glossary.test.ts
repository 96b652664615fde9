import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { forbiddenIn, HOLE, labelsInCode, labelsInJson, readHere, type Label } from "./labels";

const ROOT = path.resolve(import.meta.dirname, "..");

function filesIn(folder: string, wanted: RegExp): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => wanted.test(file))
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`);
}

const FOLDERS = ["app", "components", "lib", "generator", "mock-feeds", "cli", "server"];
const LABELS: Label[] = [
  ...filesIn("cities", /(?<!schema)\.json$/).flatMap((file) => labelsInJson(file, JSON.parse(readHere(file)))),
  ...FOLDERS.flatMap((folder) => filesIn(folder, /(?<!\.test|\.d)\.tsx?$/)).flatMap((file) =>
    labelsInCode(file, readHere(file)),
  ),
];
/** What turns the language is written in the other one. */
const TURNS_LANGUAGE = new Set(["中文", "中"]);
const GLOSSARY = readHere("docs/glossary.md");

/** Labels that a rule is broken by, as they are told to who has to mend them. */
function faults(broken: (label: Label) => string | null): string[] {
  return LABELS.flatMap((label) => {
    const why = broken(label);
    return why === null ? [] : [`${label.where}: ${label.zh ?? ""} | ${label.en ?? ""}: ${why}`];
  });
}

describe("every label", () => {
  it("is found: of the cities, the word tables, the widgets and the mock feeds' events", () => {
    const texts = new Set(LABELS.flatMap(({ zh, en }) => [zh, en]));
    for (const text of ["今日办件量", "暂无数据", "Heat calendar", "@路灯不亮", "Streetlight out, @", "Accepted"])
      expect(texts, text).toContain(text);
    expect(LABELS.length).toBeGreaterThan(1_200);
  });

  it("is written in both languages", () =>
    expect(faults(({ zh, en }) => (zh === null || en === null ? "one language is missing" : null))).toEqual([]));

  it("has no Chinese in its English", () =>
    expect(
      faults(({ en }) =>
        en !== null && /\p{Script=Han}|[，。：；（）“”]/u.test(en) && !TURNS_LANGUAGE.has(en) ? "Han in English" : null,
      ),
    ).toEqual([]));

  it("has one thing after 1, and a plural only of what was counted", () => {
    const plural = new RegExp(
      `(?<![\\d.,])1 (?:\\w+ )?(?:\\w{2,}[^s\\W])s\\b(?! limit)|${HOLE} (?!hours ago)[a-z]{2,}[^s]s\\b`,
      "u",
    );
    expect(
      faults(({ en }) => (en !== null && plural.test(en) ? "one of it, or any number, with a plural" : null)),
    ).toEqual([]);
  });

  it("has no word that the glossary says is not written", () => {
    const forbidden = forbiddenIn(GLOSSARY);
    expect(forbidden.length).toBeGreaterThan(30);
    expect(
      faults((label) => {
        const word = forbidden.find(({ lang, pattern }) => pattern.test(label[lang] ?? ""));
        return word ? `${word.pattern.source}: ${word.instead}` : null;
      }),
    ).toEqual([]);
  });
});

describe("the glossary's tables", () => {
  /** Cells of a table's line; a bar inside one is written with a backslash. */
  const cellsOf = (line: string): string[] => line.split(/(?<!\\)\|/).slice(1, -1);
  const tables = GLOSSARY.split(/^## /m)
    .map((part) => part.split("\n").filter((line) => line.startsWith("|")))
    .filter((lines) => lines.length > 0);

  it("have as many cells in each line as their heads", () => {
    expect(tables.length).toBeGreaterThan(5);
    for (const [head = "", ...lines] of tables)
      for (const line of lines) expect(cellsOf(line), line).toHaveLength(cellsOf(head).length);
  });

  it("say each concept once", () => {
    const concepts = tables.slice(0, -1).flatMap((lines) => lines.slice(2).map((line) => cellsOf(line)[0]?.trim()));
    expect(concepts.filter((concept, i) => concepts.indexOf(concept) !== i)).toEqual([]);
  });
});

describe("finding labels", () => {
  it("takes pairs in objects and in choices of a language, and what stands alone as half a pair", () => {
    const code = `
      const words = { a: { zh: "一", en: \`\${n} two\` }, b: { zh: "三" }, c: { zh: f(), en: f() } };
      const said = lang === "zh" ? \`共 \${n} 件\` : "in all";`;
    expect(labelsInCode("x.ts", code).map(({ zh, en }) => [zh, en])).toEqual([
      ["一", `${HOLE} two`],
      ["三", null],
      [`共 ${HOLE} 件`, "in all"],
    ]);
  });
});
