/** Which packages run at a site: in its processes of Node, in the pages' process and in browsers. */
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { closure, type Lockfile } from "./lockfile";

/** Folders and files whose imports get into the pages and what browsers fetch. */
const PAGES = ["app", "components", "lib/clock", "lib/contract", "lib/live", "proxy.ts"];
/** Imports and exports that are no types alone, and what is imported when it is needed. */
const IMPORTS = /^(?:import|export)\s+(?!type\b)(?:[^;"']*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm;
/** What a list in braces says of types alone: `import { type A, type B } from`. */
const TYPES_ALONE = /^import\s+\{\s*type\s[^}]*\}\s+from/;

/** What builds the pages, or serves what no page has (images to scale), and is not among what a build hands over. */
const BUILDS = /^(?:@next\/swc-.*|sharp|postcss|caniuse-lite|baseline-browser-mapping)$/;

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Packages that a source imports, by their names. */
export function packagesIn(source: string): string[] {
  const specifiers = [...source.matchAll(IMPORTS)]
    .filter(([whole]) => !isOfTypesAlone(whole))
    .map(([, name, lazy]) => name ?? lazy ?? "");
  return specifiers.filter((name) => !/^[./]|^@\//.test(name) && !isBuiltin(name)).map(packageOf);
}

function isOfTypesAlone(statement: string): boolean {
  if (!TYPES_ALONE.test(statement)) return false;
  const listed = statement.slice(statement.indexOf("{") + 1, statement.indexOf("}")).split(",");
  return listed.every((one) => one.trim() === "" || /^type\s/.test(one.trim()));
}

function sourcesIn(root: string): string[] {
  return PAGES.flatMap((place) => {
    if (/\.tsx?$/.test(place)) return [path.join(root, place)];
    return readdirSync(path.join(root, place), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
      .map((file) => path.join(root, place, file));
  });
}

export interface Project {
  name: string;
  version: string;
  license: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

export interface Shipped {
  project: Project;
  lock: Lockfile;
  /** what the project itself uses, by name */
  roots: string[];
  /** places of all packages, with the places of what each asks for */
  packages: Map<string, string[]>;
}

/** @param root the checkout's folder @throws Error where what is used is not locked */
export function shippedFrom(root: string): Shipped {
  const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
  const project = JSON.parse(read("package.json")) as Project;
  const lock = JSON.parse(read("package-lock.json")) as Lockfile;
  const inPages = sourcesIn(root).flatMap((file) => packagesIn(readFileSync(file, "utf8")));
  const fonts = Object.keys(project.devDependencies).filter((name) => name.startsWith("@fontsource/"));
  const roots = [...new Set([...Object.keys(project.dependencies), ...inPages, ...fonts])].sort();
  return { project, lock, roots, packages: closure(lock, roots, (name) => BUILDS.test(name)) };
}
