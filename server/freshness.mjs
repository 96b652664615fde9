/** Whether what is built is older than its sources. Plain JavaScript, as the command asks before it can read TypeScript. */
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./programs.mjs";

/** The last file that each build writes, and what it is made of: files, and folders with all that is in them. */
const BUILDS = {
  pages: {
    mark: ".next/BUILD_ID",
    sources: ["app", "components", "lib", "proxy.ts", "next.config.js", "package.json"],
  },
  programs: {
    mark: "dist/meta.json",
    sources: [
      "cli",
      "components",
      "generator",
      "lib",
      "mock-feeds",
      "scripts",
      "server",
      "package.json",
      "tsconfig.json",
    ],
  },
};

/** True where there is such a build at all. @param build `pages` or `programs` */
export function isBuilt(build) {
  return existsSync(path.join(ROOT, BUILDS[build].mark));
}

/** True where there is no such build, or one of its sources is newer; tests and what they make are not among them. */
export function isOld(build) {
  const { mark, sources } = BUILDS[build];
  if (!isBuilt(build)) return true;
  const built = statSync(path.join(ROOT, mark)).mtimeMs;
  return sources.some((name) => newestIn(path.join(ROOT, name)) > built);
}

/** True where this install has what builds are made with: `npm ci --omit=dev` leaves it out. */
export function canBuild() {
  return existsSync(path.join(ROOT, "node_modules/esbuild/package.json"));
}

function newestIn(file) {
  const info = statSync(file, { throwIfNoEntry: false });
  if (!info) return 0;
  if (!info.isDirectory()) return /\.test\.tsx?$/.test(file) ? 0 : info.mtimeMs;
  if (path.basename(file) === "generated") return 0;
  return Math.max(0, ...readdirSync(file).map((name) => newestIn(path.join(file, name))));
}
