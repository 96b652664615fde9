import { readdirSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const HERE = import.meta.dirname;
const ROOT = path.resolve(HERE, "../..");

/** Most bytes of its own, minified, that a widget brings to a wall; and the libraries it may make it load. */
const OWN_BYTES = 4_000;
// Rows of a table that do not fit take turns; a capacity names the peak to come, or how long it holds; a line has an axis, ends
// that stand off each other, hours as bars, a ghost, events as marks and a target whose label keeps out of its way; bars are also
// those of yesterday, and so is a figure.
const LARGER: Record<string, number> = {
  map: 12_000,
  bar: 5_200,
  line: 15_300,
  figure: 4_100,
  table: 4_400,
  capacity: 4_300,
};
const CHARTS = ["echarts/charts", "echarts/components", "echarts/core", "echarts/renderers"];
const LIBRARIES: Record<string, string[]> = {
  "heat-calendar": CHARTS,
  line: CHARTS,
  ring: CHARTS,
  sankey: CHARTS,
  table: ["@tanstack/react-virtual"],
};
/** Every page has these. */
const SHARED = new Set(["react", "react/jsx-runtime", "next/link", "next/navigation", "zod"]);

async function weigh(widget: string): Promise<{ own: number; libraries: string[]; script: string }> {
  const { metafile, outputFiles } = await build({
    entryPoints: [path.join(HERE, widget, `${widget}.tsx`)],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    splitting: true,
    format: "esm",
    outdir: "out",
    packages: "external",
    absWorkingDir: ROOT,
    jsx: "automatic",
    tsconfig: path.join(ROOT, "tsconfig.json"),
    logLevel: "silent",
    loader: { ".css": "empty" },
  });
  // What a view imports when it is asked to is loaded then; a widget's weight is what comes with it at once.
  const output = Object.values(metafile.outputs).find((made) => made.entryPoint?.endsWith(`${widget}/${widget}.tsx`));
  if (!output) throw new Error("no output");
  const own = Object.entries(output.inputs)
    .filter(([file]) => file.startsWith(`components/widgets/${widget}/`))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  const libraries = output.imports
    .filter(
      (made) =>
        made.external && made.kind === "import-statement" && !SHARED.has(made.path) && !made.path.endsWith(".css"),
    )
    .map((made) => made.path);
  const script = outputFiles.find((file) => file.path.endsWith(`/${widget}.js`))?.text ?? "";
  return { own, libraries: [...new Set(libraries)].sort(), script };
}

describe("weight", () => {
  const names = readdirSync(HERE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  it.each(names)("%s brings few bytes of its own and no library it does not need", async (name) => {
    const { own, libraries } = await weigh(name);
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThanOrEqual(LARGER[name] ?? OWN_BYTES);
    expect(libraries.filter((library) => !(LIBRARIES[name] ?? []).includes(library))).toEqual([]);
  });

  it("line brings what draws bars only where it draws them, and no other widget does: 8 KB of an overview's first load", async () => {
    const { script } = await weigh("line");
    expect(script).toContain("LineChart");
    expect(script).not.toContain("BarChart");
    expect((await weigh("bar")).script).not.toContain("echarts");
  });
});
