import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "..");
const DOCUMENT = readFileSync(path.join(ROOT, "docs/security.md"), "utf8");

/** Requirements of levels 1 and 2 of ASVS 5.0.0 by section: how many there are, counted from 1, and those of level 3 among them. */
const ASVS: Record<string, { last: number; not?: number[] }> = {
  "1.1": { last: 2 },
  "1.2": { last: 9 },
  "1.3": { last: 11 },
  "1.4": { last: 3 },
  "1.5": { last: 2 },
  "2.1": { last: 3 },
  "2.2": { last: 3 },
  "2.3": { last: 4 },
  "2.4": { last: 1 },
  "3.2": { last: 2 },
  "3.3": { last: 4 },
  "3.4": { last: 6 },
  "3.5": { last: 5 },
  "3.7": { last: 2 },
  "4.1": { last: 3 },
  "4.2": { last: 1 },
  "4.3": { last: 2 },
  "4.4": { last: 4 },
  "5.1": { last: 1 },
  "5.2": { last: 3 },
  "5.3": { last: 2 },
  "5.4": { last: 3 },
  "6.1": { last: 3 },
  "6.2": { last: 12 },
  "6.3": { last: 4 },
  "6.4": { last: 4 },
  "6.5": { last: 5 },
  "6.6": { last: 3 },
  "6.8": { last: 4 },
  "7.1": { last: 3 },
  "7.2": { last: 4 },
  "7.3": { last: 2 },
  "7.4": { last: 5 },
  "7.5": { last: 2 },
  "7.6": { last: 2 },
  "8.1": { last: 2 },
  "8.2": { last: 3 },
  "8.3": { last: 1 },
  "8.4": { last: 1 },
  "9.1": { last: 3 },
  "9.2": { last: 4 },
  "10.1": { last: 2 },
  "10.2": { last: 2 },
  "10.3": { last: 4 },
  "10.4": { last: 11 },
  "10.5": { last: 5 },
  "10.6": { last: 2 },
  "10.7": { last: 3 },
  "11.1": { last: 2 },
  "11.2": { last: 3 },
  "11.3": { last: 3 },
  "11.4": { last: 4 },
  "11.5": { last: 1 },
  "11.6": { last: 1 },
  "12.1": { last: 3 },
  "12.2": { last: 2 },
  "12.3": { last: 4 },
  "13.1": { last: 1 },
  "13.2": { last: 5 },
  "13.3": { last: 2 },
  "13.4": { last: 5 },
  "14.1": { last: 2 },
  "14.2": { last: 4 },
  "14.3": { last: 3 },
  "15.1": { last: 3 },
  "15.2": { last: 3 },
  "15.3": { last: 7 },
  "16.1": { last: 1 },
  "16.2": { last: 5 },
  "16.3": { last: 4 },
  "16.4": { last: 3 },
  "16.5": { last: 3 },
  "17.1": { last: 1 },
  "17.2": { last: 4 },
  "17.3": { last: 2 },
};

/** Controls of the third level, and how many each has. */
const GB_T_22239: Record<string, number> = { "8.1.2": 3, "8.1.3": 6, "8.1.4": 11, "8.1.5": 4 };

/** All tests that the document names: `file`: *name*. */
const named = [...DOCUMENT.matchAll(/`([\w./-]+\.(?:test|e2e)\.tsx?)`(?:: \*([^*]+)\*)?/g)].map(
  ([, file = "", name]) => ({ file, name }),
);

/** The text of a file of tests, in which names may be broken over lines. */
const sourceOf = (file: string): string => readFileSync(path.join(ROOT, file), "utf8").replaceAll(/\s+/g, " ");

describe("docs/security.md", () => {
  it("names tests that there are", () => {
    expect(named.length).toBeGreaterThan(60);
    const missing = named.filter(
      ({ file, name }) =>
        !existsSync(path.join(ROOT, file)) ||
        (name !== undefined && !['"', "'", "`"].some((quote) => sourceOf(file).includes(`${quote}${name}${quote}`))),
    );
    expect(missing).toEqual([]);
  });

  it("has every requirement of levels 1 and 2 of ASVS 5.0 once, and no other", () => {
    const [, table = ""] = DOCUMENT.split("## OWASP ASVS 5.0");
    const found = table
      .split("\n## ")[0]
      ?.split("\n")
      .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/\b\d+\.\d+\.\d+\b/g)].map(([id]) => id));
    const expected = Object.entries(ASVS).flatMap(([section, { last, not = [] }]) =>
      Array.from({ length: last }, (_, i) => i + 1)
        .filter((i) => !not.includes(i))
        .map((i) => `${section}.${i}`),
    );
    expect([...(found ?? [])].sort()).toEqual([...expected].sort());
  });

  it("has every control of the third level that a system has a share in", () => {
    const found = [...DOCUMENT.matchAll(/^\| (8\.1\.\d\.\d+) /gm)].map(([, id]) => id);
    const expected = Object.entries(GB_T_22239).flatMap(([chapter, count]) =>
      Array.from({ length: count }, (_, i) => `${chapter}.${i + 1}`),
    );
    expect(found).toEqual(expected);
  });
});
