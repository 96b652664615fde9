/** The programs of this checkout and how a child is tied to its parent. Plain JavaScript, as the build asks as well. */
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The folder of the checkout; in dist/ as well as here it is the one above. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** The programs as TypeScript, by the name of their file in dist/. */
export const PROGRAMS = {
  cli: "cli/main.ts",
  gateway: "server/gateway.ts",
  historian: "server/historian.ts",
  exporter: "server/exporter.ts",
  control: "server/control.ts",
  "mock-feeds": "mock-feeds/main.ts",
  fonts: "scripts/fonts.ts",
};

/** Preloaded into children that have nothing to finish, see there. */
export const WITH_PARENT = [
  "--import",
  `${pathToFileURL(path.join(ROOT, "server/with-parent.mjs")).href}?of=${process.pid}`,
];
