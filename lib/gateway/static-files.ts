import { readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import mimeTypes from "mime-types";
import send from "send";
import { HttpError } from "./http";
import { packingsFor, type Packing } from "./packings";
import { FILES_POLICY, startOver } from "./secure-headers";

/** How the build calls what it leaves packed beside a file. */
const ENDINGS: Record<Packing, string> = { br: ".br", gzip: ".gz" };

/** What may be a worker, which goes by the policy of its own file; a style sheet or a font loads nothing by its own. */
const SCRIPT = /\.m?js$/;

interface Place {
  folder: string;
  /** decoded, with a leading slash */
  name: string;
  cacheControl: string;
}

/**
 * Serves the build's scripts and style sheets and the files of public/ straight from disk, packed as the build left
 * them: so they cost no time to pack, and a wall gets its scripts while the pages' process is away.
 * @param root the folder of public/ and .next/
 * @returns a function that answers, or says false for what is not such a file
 */
export function makeStaticFiles(root: string) {
  const built = path.join(root, ".next/static");
  const shared = path.join(root, "public");
  const tops = new Set(readdirSync(shared));

  function placeOf(url: string): Place | null {
    const pathname = decodeURIComponent(new URL(url, "http://gateway").pathname);
    // What the build names by its content never changes; what public/ holds is asked for again, and mostly not sent.
    if (pathname.startsWith("/_next/static/"))
      return {
        folder: built,
        name: pathname.slice("/_next/static".length),
        cacheControl: "public, max-age=31536000, immutable",
      };
    if (!tops.has(pathname.split("/")[1] ?? "")) return null;
    const named = pathname.startsWith("/fonts/") && pathname.endsWith(".woff2");
    return {
      folder: shared,
      name: pathname,
      cacheControl: named ? "public, max-age=31536000, immutable" : "public, max-age=0",
    };
  }

  return async function serve(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    const place = placeOf(request.url ?? "/");
    if (!place) return false;
    const file = path.join(place.folder, place.name);
    const type = mimeTypes.contentType(path.basename(file));
    if (!file.startsWith(place.folder + path.sep) || !type) return false;
    const own = await stat(file).catch(() => null);
    if (!own?.isFile()) return false;
    const packing = await packingOf(request, file, own.mtimeMs);
    response.setHeader("content-type", type);
    response.setHeader("vary", "Accept-Encoding");
    if (SCRIPT.test(place.name)) response.setHeader("content-security-policy", FILES_POLICY);
    response.setHeader("cache-control", place.cacheControl);
    if (packing) response.setHeader("content-encoding", packing);
    return sendFile(request, response, place, packing ? ENDINGS[packing] : "");
  };
}

/** How a file is to travel: packed by the build, of the very bytes that lie there now, in a way the asker takes. */
async function packingOf(request: IncomingMessage, file: string, changed: number): Promise<Packing | null> {
  for (const packing of packingsFor(request)) {
    const packed = await stat(file + ENDINGS[packing]).catch(() => null);
    if (packed && Math.abs(packed.mtimeMs - changed) < 2) return packing;
  }
  return null;
}

/** Why a file is not sent. What the library says may name the file's place on this machine. */
export function unsent({ status = 500, headers }: { status?: number; headers?: Record<string, string> }): HttpError {
  const isRange = status === 416;
  return new HttpError(
    status,
    "unreadable",
    isRange ? "the range lies beyond the file" : "the file cannot be sent",
    headers,
  );
}

function sendFile(request: IncomingMessage, response: ServerResponse, place: Place, ending: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const name = place.name.split("/").map(encodeURIComponent).join("/");
    response.once("close", () => resolve(true));
    // The ETag says all that a date of change would.
    const options = { root: place.folder, cacheControl: false, lastModified: false, index: false } as const;
    send(request, name + ending, { ...options, dotfiles: "ignore" })
      .on("directory", () => resolve(false))
      .on("error", (error: Error & { status?: number; headers?: Record<string, string> }) => {
        startOver(response);
        // Gone since it was looked at: the pages' process says what is to be said.
        if (error.status === 404) resolve(false);
        else reject(unsent(error));
      })
      .pipe(response);
  });
}
