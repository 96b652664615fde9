import { bytesToHeader, Compression, TileType, type Header } from "pmtiles";
import type { ArchiveFile } from "./archive-file";
import { MapFault } from "./map-fault";

/** PMTiles v3, section 3: the header's length; the root directory ends within the first 16 KiB. */
const HEADER = 127;
const ROOT_END = 16_384;
/** Beyond this zoom readers of the format cannot count tiles. */
const DEEPEST_ZOOM = 26;

/** What a file begins with that people take for an archive of this kind. */
const FOREIGN: [string, string][] = [
  ["SQLite format 3", "is an MBTiles archive (SQLite); `pmtiles convert` makes one of it that can be used"],
  ["PK\u0003\u0004", "is a ZIP archive"],
  ["\u001f\u008b", "is packed with gzip as a whole; unpack it first"],
  ["<", "is a text of HTML or XML, such as a page that told of a failed download"],
  ["{", "is a JSON text"],
];

function checkMagic(begin: Buffer): void {
  const text = begin.toString("latin1");
  if (text.startsWith("PMTiles")) {
    const version = begin[7];
    if (version !== 3) throw new MapFault(`is PMTiles of version ${version}; version 3 is needed`);
    return;
  }
  if (text.startsWith("PM")) throw new MapFault("is PMTiles of version 1 or 2; version 3 is needed");
  const foreign = FOREIGN.find(([mark]) => text.startsWith(mark));
  throw new MapFault(foreign?.[1] ?? 'does not begin with "PMTiles": it is no PMTiles archive');
}

function sectionsOf(header: Header): [string, number, number][] {
  return [
    ["root directory", header.rootDirectoryOffset, header.rootDirectoryLength],
    ["metadata", header.jsonMetadataOffset, header.jsonMetadataLength],
    ["leaf directories", header.leafDirectoryOffset, header.leafDirectoryLength ?? 0],
    ["tile data", header.tileDataOffset, header.tileDataLength ?? 0],
  ];
}

function checkSections(header: Header, size: number): void {
  for (const [name, offset, length] of sectionsOf(header)) {
    const end = offset + length;
    if (!Number.isSafeInteger(end) || end > size)
      throw new MapFault(
        `header: the ${name} would end at byte ${end}, and the file has ${size}: it is cut off or damaged`,
      );
    if (length > 0 && offset < HEADER) throw new MapFault(`header: the ${name} lies over the header`);
  }
  if (header.rootDirectoryLength === 0 || header.tileDataLength === 0)
    throw new MapFault("header: it has no directory or no tile");
  if (header.rootDirectoryOffset + header.rootDirectoryLength > ROOT_END)
    throw new MapFault(`header: the root directory does not end within the first ${ROOT_END} bytes`);
}

function checkCompression(name: string, compression: number): void {
  if (compression === Compression.None || compression === Compression.Gzip) return;
  const known = Compression[compression]?.toLowerCase();
  throw new MapFault(
    `header: ${name} compression is ${known ?? `of the unknown kind ${compression}`}; none and gzip can be unpacked`,
  );
}

function checkTiles({ tileType, minZoom, maxZoom, ...box }: Header): void {
  if (tileType < TileType.Mvt || tileType > TileType.Avif)
    throw new MapFault(
      `header: tiles are ${TileType[tileType]?.toLowerCase() ?? `of the unknown type ${tileType}`}; ` +
        "mvt, png, jpeg, webp and avif can be drawn",
    );
  if (minZoom > maxZoom || maxZoom > DEEPEST_ZOOM)
    throw new MapFault(`header: zooms ${minZoom} to ${maxZoom} are no range from 0 to ${DEEPEST_ZOOM}`);
  const { minLon, minLat, maxLon, maxLat } = box;
  if (!(minLon >= -180 && minLon < maxLon && maxLon <= 180 && minLat >= -90 && minLat < maxLat && maxLat <= 90))
    throw new MapFault(`header: bounds ${minLon},${minLat},${maxLon},${maxLat} are no box of longitudes and latitudes`);
}

/** Reads and checks the header of an archive. @throws MapFault */
export async function readHeader(file: ArchiveFile): Promise<Header> {
  const begin = Buffer.from((await file.getBytes(0, HEADER)).data);
  checkMagic(begin);
  if (begin.length < HEADER) throw new MapFault(`has ${begin.length} bytes; the header alone has ${HEADER}`);
  const header = bytesToHeader(new Uint8Array(begin).buffer);
  checkSections(header, file.size);
  checkCompression("internal", header.internalCompression);
  checkCompression("tile", header.tileCompression);
  checkTiles(header);
  return header;
}
