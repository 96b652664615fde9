/**
 * Puts what browsers must fetch as files of their own into public/vendor: MapLibre's worker (CSP: worker-src 'self').
 */
import { copyFileSync, mkdirSync, statSync, utimesSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const vendor = path.join(root, "public/vendor");
mkdirSync(vendor, { recursive: true });
const maplibre = path.join(root, "node_modules/maplibre-gl/dist");
for (const source of [
  path.join(maplibre, "maplibre-gl-worker.mjs"),
  path.join(maplibre, "maplibre-gl-shared.mjs"),
  path.join(root, "scripts/map-worker.mjs"),
]) {
  const name = path.basename(source);
  copyFileSync(source, path.join(vendor, name));
  // The time of change is what a packed copy is known to be of (scripts/compress.mjs), so it must not be that of each
  // start.
  const { atime, mtime } = statSync(source);
  utimesSync(path.join(vendor, name), atime, mtime);
}
