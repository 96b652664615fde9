/** Puts what browsers must fetch as files of their own into public/vendor: MapLibre's worker (CSP: worker-src 'self'). */
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const vendor = path.join(root, "public/vendor");
mkdirSync(vendor, { recursive: true });
for (const name of ["maplibre-gl-worker.mjs", "maplibre-gl-shared.mjs"]) {
  copyFileSync(path.join(root, "node_modules/maplibre-gl/dist", name), path.join(vendor, name));
}
