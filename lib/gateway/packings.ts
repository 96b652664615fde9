import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import Negotiator from "negotiator";

/** How a text may travel, as Accept-Encoding calls it; the best first. */
export const PACKINGS = ["br", "gzip"] as const;
export type Packing = (typeof PACKINGS)[number];

/** The second argument, which breaks ties by our wish and not by the order of the header, is not in the types yet. */
type Choose = (offered: readonly string[], options: { preferred: readonly string[] }) => string[];

/** Packings that an asker takes, the one to use first. */
export function packingsFor(request: IncomingMessage): Packing[] {
  const asker = new Negotiator(request);
  return (asker.encodings.bind(asker) as Choose)(PACKINGS, { preferred: PACKINGS }) as Packing[];
}

/** Texts that are kept packed: outlines of the places that are looked at. */
const KEPT = 128;
const kept = new Map<string, Partial<Record<Packing, Buffer>>>();

const makers = {
  br: (text: string) =>
    promisify(brotliCompress)(text, {
      params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
    }),
  gzip: (text: string) => promisify(gzip)(text, { level: 9 }),
};

/**
 * A text packed as small as it gets, once that is made; null until then. Making it takes a fraction of a second on
 * another thread, which nobody waits for.
 * @param etag tells texts apart
 */
export function packedBest(etag: string, text: string, packing: Packing): Buffer | null {
  const known = kept.get(etag);
  if (known) return known[packing] ?? null;
  const made: Partial<Record<Packing, Buffer>> = {};
  kept.set(etag, made);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  for (const one of PACKINGS)
    void makers[one](text).then(
      (bytes) => {
        made[one] = bytes;
      },
      () => kept.delete(etag),
    );
  return null;
}
