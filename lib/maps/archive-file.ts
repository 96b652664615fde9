import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Compression, type Source } from "pmtiles";
import { MapFault } from "./map-fault";

/** Bytes that parts may have, packed or not: more is a bomb and no map. Of a directory's a reader makes many times as many. */
const LARGEST = { tile: 32 * 1024 * 1024, metadata: 4 * 1024 * 1024, directory: 2 * 1024 * 1024 } as const;

const unzip = promisify(gunzip);

/** Bytes of an open archive, as the package `pmtiles` asks for them. Less than asked for is given at the file's end only. */
export class ArchiveFile implements Source {
  constructor(
    private readonly handle: FileHandle,
    readonly size: number,
  ) {}

  getKey(): string {
    return "archive";
  }

  async getBytes(offset: number, length: number): Promise<{ data: ArrayBuffer }> {
    const wanted = Math.min(length, this.size - offset);
    if (!(offset >= 0) || !(wanted >= 0)) throw new MapFault("something in it points beyond its end");
    if (wanted > LARGEST.tile) throw new MapFault(`a part of it has ${wanted} bytes; ${LARGEST.tile} are the most`);
    const bytes = new Uint8Array(wanted);
    for (let at = 0; at < wanted;) {
      const { bytesRead } = await this.handle.read(bytes, at, wanted - at, offset + at);
      if (bytesRead === 0) throw new MapFault("ends before it should");
      at += bytesRead;
    }
    return { data: bytes.buffer };
  }
}

/** Unpacks a part of an archive. @throws MapFault where it is damaged, or grows too large */
export async function unpack(
  part: keyof typeof LARGEST,
  packed: ArrayBuffer,
  compression: Compression,
): Promise<ArrayBuffer> {
  const most = LARGEST[part];
  if (packed.byteLength > most) throw new MapFault(`has ${packed.byteLength} bytes; ${most} are the most`);
  if (compression !== Compression.Gzip) return packed;
  try {
    const bytes = await unzip(packed, { maxOutputLength: most });
    return new Uint8Array(bytes).buffer;
  } catch (error) {
    throw new MapFault(`cannot be unpacked: ${(error as Error).message}`);
  }
}
