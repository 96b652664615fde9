/**
 * Packs what the build made, once and as small as it gets, so that the gateway only has to send it: beside each script,
 * style sheet and other text of .next/static and public/ lie name.br and name.gz. A packed file bears its original's
 * time of change; one of another time is not served (lib/gateway/static-files.ts).
 */
import { readdir, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";
import compressible from "compressible";
import mimeTypes from "mime-types";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const SMALLEST = 512;
const packings = {
  ".br": (bytes) =>
    promisify(zlib.brotliCompress)(bytes, {
      params: {
        [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  ".gz": (bytes) => promisify(zlib.gzip)(bytes, { level: 9 }),
};

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function pack(file) {
  const type = mimeTypes.lookup(file);
  if (!type || !compressible(type)) return;
  const { size, atime, mtime, mtimeMs } = await stat(file);
  if (size < SMALLEST) return;
  for (const [ending, make] of Object.entries(packings)) {
    const known = await stat(file + ending).catch(() => null);
    if (known && Math.abs(known.mtimeMs - mtimeMs) < 2) continue;
    // Under another name until it is whole: a gateway may be serving from here.
    await writeFile(`${file}${ending}.part`, await make(await readFile(file)));
    await utimes(`${file}${ending}.part`, atime, mtime);
    await rename(`${file}${ending}.part`, file + ending);
  }
}

const waiting = [...(await filesIn(path.join(ROOT, ".next/static"))), ...(await filesIn(path.join(ROOT, "public")))];
// zlib has four threads for all; more at once would only take memory.
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (let file = waiting.pop(); file; file = waiting.pop()) await pack(file);
  }),
);
