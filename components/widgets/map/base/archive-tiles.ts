import { addProtocol } from "maplibre-gl";
import { FetchSource, PMTiles } from "pmtiles";
import type { BaseMap } from "@/lib/contract/base-map";

/** The scheme by which MapLibre asks this module for tiles. */
const SCHEME = "basemap";
/** Archives by their address: what was read of one is known to all maps of a page. */
const archives = new Map<string, PMTiles>();

function openAt(address: string): PMTiles {
  const source = new FetchSource(new URL(address, location.href).href);
  // Chromium fails some requests for ranges of one file that its cache works on at the same time. The package leaves the cache out
  // where it knows of that, which is on Windows.
  source.chromeWindowsNoCache = true;
  return new PMTiles(source);
}

function archiveAt(address: string): PMTiles {
  const known = archives.get(address) ?? openAt(address);
  archives.set(address, known);
  return known;
}

/** A tile's bytes; none where the archive has no such tile. @throws Error where it cannot be had */
async function tileOf(url: string, signal: AbortSignal): Promise<{ data: ArrayBuffer }> {
  const [, address = "", z, x, y] = /^\w+:\/\/(.+)\/(\d+)\/(\d+)\/(\d+)$/.exec(url) ?? [];
  const tile = await archiveAt(address).getZxy(Number(z), Number(x), Number(y), signal);
  return { data: tile?.data ?? new ArrayBuffer(0) };
}

/** Has MapLibre take the tiles of `tileAddress` from archives, part by part. */
export function serveArchives(): void {
  addProtocol(SCHEME, ({ url }, { signal }) => tileOf(url, signal));
}

/** Address of the tiles of a place's archive, for a source of MapLibre's. An archive that was replaced has another. */
export function tileAddress(city: string, { kind, version }: BaseMap): string {
  return `${SCHEME}:///api/v1/cities/${city}/maps/${kind}.pmtiles?v=${version}/{z}/{x}/{y}`;
}
