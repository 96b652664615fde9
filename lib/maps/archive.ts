import { open } from "node:fs/promises";
import { TileType, type Header } from "pmtiles";
import { RELIEF_ENCODINGS, type BaseMap, type ReliefEncoding } from "../contract/base-map";
import { ArchiveFile, unpack } from "./archive-file";
import { readHeader } from "./archive-header";
import { walkDirectories, type TilePlace } from "./directories";
import { schemaOf } from "./known-schema";
import { MapFault } from "./map-fault";
import { pictureWidth } from "./picture-size";
import { plainAttribution } from "./plain-attribution";
import { layersOfTile } from "./vector-tile";

/** What an archive says of itself, checked. */
export type ArchiveFacts = Omit<BaseMap, "version"> & {
  /** entries of its directories: about as many tiles */
  entries: number;
  bytes: number;
};

const PICTURES = {
  [TileType.Png]: "png",
  [TileType.Jpeg]: "jpeg",
  [TileType.Webp]: "webp",
  [TileType.Avif]: "avif",
} as const;

async function readMetadata(file: ArchiveFile, header: Header): Promise<Record<string, unknown>> {
  if (header.jsonMetadataLength === 0) return {};
  const { data } = await file.getBytes(header.jsonMetadataOffset, header.jsonMetadataLength);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(await unpack("metadata", data, header.internalCompression)).toString("utf8"));
  } catch (error) {
    throw new MapFault(`metadata: ${error instanceof MapFault ? error.message : "is no JSON"}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new MapFault("metadata: is no JSON object");
  return value as Record<string, unknown>;
}

/** Reads the tiles that were chosen. @returns how many pixels wide they are, where they are pictures @throws MapFault */
async function readTiles(file: ArchiveFile, header: Header, samples: TilePlace[]): Promise<number | undefined> {
  let width: number | undefined;
  for (const { z, offset, length } of samples) {
    try {
      const { data } = await file.getBytes(header.tileDataOffset + offset, length);
      const tile = new Uint8Array(await unpack("tile", data, header.tileCompression));
      if (header.tileType === TileType.Mvt) layersOfTile(tile);
      else width = pictureWidth(tile, PICTURES[header.tileType as keyof typeof PICTURES]);
    } catch (error) {
      throw new MapFault(`tile of zoom ${z} at byte ${header.tileDataOffset + offset}: ${(error as Error).message}`);
    }
  }
  return width;
}

function encodingIn({ encoding }: Record<string, unknown>): ReliefEncoding | undefined {
  return RELIEF_ENCODINGS.find((known) => known === encoding);
}

/** What of an archive depends on what kind it is. @throws MapFault */
function kindOf(header: Header, metadata: Record<string, unknown>, relief: boolean) {
  const { tileType } = header;
  const encoding = encodingIn(metadata);
  if (!relief && tileType === TileType.Mvt) return { kind: "vector", schema: schemaOf(metadata) } as const;
  if (!relief && !encoding) return { kind: "raster" } as const;
  // Heights do not survive what JPEG and AVIF leave out.
  if (tileType !== TileType.Png && tileType !== TileType.Webp)
    throw new MapFault(`header: tiles are ${TileType[tileType]?.toLowerCase()}; heights are written as png or webp`);
  return { kind: "relief", encoding: encoding ?? "terrarium" } as const;
}

async function factsOf(file: ArchiveFile, relief: boolean): Promise<ArchiveFacts> {
  const header = await readHeader(file);
  const metadata = await readMetadata(file, header);
  const kind = kindOf(header, metadata, relief);
  const { entries, samples } = await walkDirectories(file, header);
  const tileSize = await readTiles(file, header, samples);
  const { minZoom, maxZoom, minLon, minLat, maxLon, maxLat } = header;
  return {
    ...kind,
    attribution: plainAttribution(metadata.attribution),
    bounds: [minLon, minLat, maxLon, maxLat],
    minZoom,
    maxZoom,
    ...(tileSize === undefined ? {} : { tileSize }),
    entries,
    bytes: file.size,
  };
}

/**
 * Checks an archive of PMTiles v3: header, all directories, metadata, and some of its tiles.
 * @param relief whether its pictures are heights, which only some archives say themselves (`encoding` in their metadata)
 * @throws MapFault that says what is wrong with it, whatever the file's bytes are
 */
export async function checkArchive(name: string, relief = false): Promise<ArchiveFacts> {
  const handle = await open(name, "r").catch((error: NodeJS.ErrnoException) => {
    throw new MapFault(error.code === "ENOENT" ? "is not there" : `cannot be read: ${error.code}`);
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new MapFault("is no file");
    return await factsOf(new ArchiveFile(handle, info.size), relief);
  } catch (error) {
    if (error instanceof MapFault) throw error;
    throw new MapFault(`cannot be read: ${(error as Error).message}`);
  } finally {
    await handle.close();
  }
}
