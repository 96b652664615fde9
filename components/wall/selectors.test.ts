import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

it("no rule of a style sheet looks at what lies under an element: a browser looks that up at each change of a text", () => {
  const sheets = ["app", "components"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".css"))
      .map((name) => path.join(folder, name)),
  );
  expect(sheets.length).toBeGreaterThan(20);
  expect(sheets.filter((name) => readFileSync(path.join(ROOT, name), "utf8").includes(":has("))).toEqual([]);
});
