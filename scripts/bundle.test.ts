import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundle, packagesOf, viewsIn } from "./bundle.mjs";
import { isBuilt } from "../server/freshness.mjs";

const ROOT = path.resolve(import.meta.dirname, "..");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "citywall-bundle-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function source(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

const programs = ["cli", "gateway", "historian", "exporter", "control", "mock-feeds"];

it("no program that runs in Node loads what draws", async () => {
  const metafile = await bundle(undefined, undefined, false);
  expect(programs.map((program) => [program, viewsIn(metafile, program)])).toEqual(
    programs.map((program) => [program, []]),
  );
});

it("a site installs the packages that the programs load, and no others", async () => {
  const metafile = await bundle(undefined, undefined, false);
  const { dependencies } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const loaded = new Set(programs.flatMap((program) => packagesOf(metafile, program)));
  expect([...loaded].sort()).toEqual(Object.keys(dependencies).sort());
});

it.runIf(isBuilt("pages"))("the pages' server takes along no files of a site", async () => {
  expect((await readdir(path.join(ROOT, ".next/standalone"))).sort()).toEqual([
    ".next",
    "node_modules",
    "package.json",
    "server.js",
  ]);
  // Nor what scales images, of which there are none.
  expect(await readdir(path.join(ROOT, ".next/standalone/node_modules"))).not.toContain("sharp");
});

it("a definition that imports a view, or a package that draws, is found out", async () => {
  await source(
    "faulty.ts",
    `import * as chart from "${ROOT}/components/ui/chart";\nimport maplibre from "maplibre-gl";\nconsole.log(chart, maplibre);\n`,
  );
  const lazy = await source("lazy.ts", `export const load = () => import("./faulty");\n`);
  const metafile = await bundle({ lazy }, path.join(folder, "out"), false);
  expect(viewsIn(metafile, "lazy")).toEqual(
    expect.arrayContaining(["components/ui/chart.tsx", "echarts/core", "maplibre-gl", "react"]),
  );
});

it("a stack names the line of TypeScript", async () => {
  const fault = await source(
    "fault.ts",
    [
      "interface Nothing {",
      "  lost: true;",
      "}",
      "",
      "function fail(why: Nothing): never {",
      "  throw new Error(String(why.lost));",
      "}",
      "",
      "fail({ lost: true });",
      "",
    ].join("\n"),
  );
  await bundle({ fault }, path.join(folder, "dist"));
  const { stderr } = spawnSync(process.execPath, ["--enable-source-maps", path.join(folder, "dist/fault.js")]);
  expect(stderr.toString()).toMatch(/at fail \(.*fault\.ts:6:9\)/);
});
