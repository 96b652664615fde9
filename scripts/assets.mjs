/** Puts what browsers must fetch as files of their own into public/vendor: MapLibre's worker (CSP: worker-src 'self'). */
import { copyFileSync, mkdirSync, statSync, utimesSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const vendor = path.join(root, "public/vendor");
mkdirSync(vendor, { recursive: true });
for (const name of ["maplibre-gl-worker.mjs", "maplibre-gl-shared.mjs"]) {
  const source = path.join(root, "node_modules/maplibre-gl/dist", name);
  copyFileSync(source, path.join(vendor, name));
  // The time of change is what a packed copy is known to be of (scripts/compress.mjs), so it must not be that of each start.
  const { atime, mtime } = statSync(source);
  utimesSync(path.join(vendor, name), atime, mtime);
}
