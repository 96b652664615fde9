import { ResolvedValueCache, tileIdToZxy, type Entry, type Header } from "pmtiles";
import { unpack, type ArchiveFile } from "./archive-file";
import { MapFault } from "./map-fault";

/** How deep directories may lie within each other: as deep as readers of the format look for a tile. */
const DEEPEST = 3;
/** Directories and entries at most: what is larger is a continent and not a place. */
const MOST = { directories: 50_000, entries: 10_000_000 };

/** A tile of an archive: where it lies in the world, and its bytes from the beginning of the tiles' data. */
export interface TilePlace {
  z: number;
  offset: number;
  length: number;
}

/** What the directories of an archive say. */
export interface Directories {
  entries: number;
  /** the first tile and the last one, and one between */
  samples: TilePlace[];
}

interface Walk {
  file: ArchiveFile;
  header: Header;
  cache: ResolvedValueCache;
  directories: number;
  entries: number;
  first: Entry | null;
  middle: Entry | null;
  last: Entry | null;
}

function note(walk: Walk, entry: Entry): void {
  walk.entries++;
  walk.first ??= entry;
  walk.last = entry;
  // One of every entries that are a power of two, so that the last that was taken lies about in the middle.
  if ((walk.entries & (walk.entries - 1)) === 0) walk.middle = entry;
}

function placeOf({ tileId, offset, length }: Entry): TilePlace {
  const [z] = tileIdToZxy(tileId);
  return { z, offset, length };
}

function checkEntry(entry: Entry, before: number, header: Header): void {
  const { tileId, offset, length, runLength } = entry;
  const named = `entry of tile ${tileId}`;
  if (!Number.isSafeInteger(tileId) || tileId <= before) throw new MapFault(`directory: the ${named} is out of order`);
  if (length === 0 || !Number.isSafeInteger(offset + length) || offset < 0)
    throw new MapFault(`directory: the ${named} has no length or no place`);
  const [room, what] =
    runLength === 0 ? [header.leafDirectoryLength ?? 0, "leaf directories"] : [header.tileDataLength ?? 0, "tile data"];
  if (offset + length > room) throw new MapFault(`directory: the ${named} points beyond the end of the ${what}`);
  if (runLength > 0) {
    const [z] = tileIdToZxy(tileId + runLength - 1);
    if (z > header.maxZoom) throw new MapFault(`directory: the ${named} is of zoom ${z}, beyond ${header.maxZoom}`);
  }
}

async function read(walk: Walk, offset: number, length: number): Promise<Entry[]> {
  if (++walk.directories > MOST.directories) throw new MapFault(`has more than ${MOST.directories} directories`);
  try {
    return await walk.cache.getDirectory(walk.file, offset, length, walk.header);
  } catch (error) {
    throw new MapFault(`directory at byte ${offset}: ${(error as Error).message}`);
  }
}

async function follow(walk: Walk, offset: number, length: number, depth: number): Promise<void> {
  let before = -1;
  for (const entry of await read(walk, offset, length)) {
    checkEntry(entry, before, walk.header);
    before = entry.tileId + Math.max(0, entry.runLength - 1);
    if (entry.runLength > 0) note(walk, entry);
    else if (depth >= DEEPEST) throw new MapFault(`directories lie deeper than ${DEEPEST} in each other`);
    else await follow(walk, walk.header.leafDirectoryOffset + entry.offset, entry.length, depth + 1);
    if (walk.entries > MOST.entries) throw new MapFault(`has more than ${MOST.entries} entries`);
  }
}

/** Reads all directories of an archive whose header was checked. @throws MapFault that says which one is damaged */
export async function walkDirectories(file: ArchiveFile, header: Header): Promise<Directories> {
  const cache = new ResolvedValueCache(2, false, (packed, how) => unpack("directory", packed, how));
  const walk: Walk = { file, header, cache, directories: 0, entries: 0, first: null, middle: null, last: null };
  await follow(walk, header.rootDirectoryOffset, header.rootDirectoryLength, 0);
  if (walk.entries === 0) throw new MapFault("has no tile");
  const found = [walk.first, walk.middle, walk.last].filter((entry) => entry !== null);
  return { entries: walk.entries, samples: [...new Set(found)].map(placeOf) };
}
