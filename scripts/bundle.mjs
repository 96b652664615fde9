/**
 * Bundles the programs that run in Node (the command line, gateway, store, mock feeds) into dist/, so that a start reads a few files
 * of JavaScript instead of translating hundreds of TypeScript. Packages stay where npm puts them.
 */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { PROGRAMS, ROOT } from "../server/programs.mjs";

const DIST = path.join(ROOT, "dist");

/** What a wall is drawn with: no program that runs in Node may load it. */
const VIEWS = /^(react|react-dom|next|echarts|zrender|maplibre-gl|@deck\.gl\/.*|@luma\.gl\/.*)(\/|$)/;

/**
 * The registries of widgets and layers load their views when a screen shows one, which no screen does in Node: the views are left
 * out. What a definition imports itself is not.
 */
const withoutViews = {
  name: "without-views",
  setup(made) {
    made.onResolve({ filter: /^\./ }, ({ kind, importer }) =>
      kind === "dynamic-import" && importer.startsWith(path.join(ROOT, "components") + path.sep)
        ? { path: "view", namespace: "views" }
        : undefined,
    );
    made.onLoad({ filter: /.*/, namespace: "views" }, () => ({
      contents: `throw new Error("views are drawn in browsers alone");`,
    }));
  },
};

/**
 * Bundles programs. @param programs source files by name @param outdir where they go
 * @returns esbuild's metafile, in which files are named from the checkout's folder
 */
export async function bundle(programs = PROGRAMS, outdir = DIST, write = true) {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: programs,
    outdir,
    write,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    // All in one folder: files find the checkout's folder as the one above theirs.
    chunkNames: "[name]-[hash]",
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    plugins: [withoutViews],
    logLevel: "warning",
  });
  return metafile;
}

/** What a program loads: its sources, and packages as they are imported. @param program its name in dist/ */
function loadedBy(metafile, program) {
  const inputs = new Set();
  const packages = new Set();
  const seen = new Set();
  const waiting = Object.keys(metafile.outputs).filter((name) => path.basename(name) === `${program}.js`);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const input of Object.keys(metafile.outputs[name].inputs)) inputs.add(input);
    for (const { path: target, external } of metafile.outputs[name].imports) {
      if (external) packages.add(target);
      else waiting.push(target);
    }
  }
  return { inputs: [...inputs], packages: [...packages] };
}

/** The packages and components that a program loads and must not: what draws. */
export function viewsIn(metafile, program) {
  const { inputs, packages } = loadedBy(metafile, program);
  return [...inputs.filter((input) => input.endsWith(".tsx")), ...packages.filter((name) => VIEWS.test(name))].sort();
}

/** The packages that a program needs to be installed, by their names. */
export function packagesOf(metafile, program) {
  const names = loadedBy(metafile, program)
    .packages.filter((name) => !isBuiltin(name))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
  return [...new Set(names)].sort();
}

/** Makes dist/ anew. Under another name until it is whole, as a start may read it at the same time. */
async function main() {
  const draft = `${DIST}.${process.pid}`;
  const former = `${draft}.former`;
  const metafile = await bundle(PROGRAMS, draft);
  for (const program of Object.keys(PROGRAMS)) {
    const views = viewsIn(metafile, program);
    if (views.length > 0) throw new Error(`${program} loads what draws: ${views.join(", ")}`);
  }
  writeFileSync(path.join(draft, "meta.json"), JSON.stringify(metafile));
  try {
    renameSync(DIST, former);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  renameSync(draft, DIST);
  rmSync(former, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
