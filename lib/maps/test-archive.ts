/** Writes archives of PMTiles v3 for tests, after the specification and without the package that reads them, whole or damaged. */
import { deflateSync, gzipSync } from "node:zlib";

/** A whole number of 0 or more, as protocol buffers write it. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

export interface TestTile {
  z: number;
  x: number;
  y: number;
  bytes: Buffer;
}

/** Place of a tile on the Hilbert curve of its zoom, after all tiles of lower zooms. */
function tileId({ z, x, y }: TestTile): number {
  let [id, tx, ty] = [(4 ** z - 1) / 3, x, y];
  for (let side = 2 ** (z - 1); side >= 1; side /= 2) {
    const [rx, ry] = [tx & side ? 1 : 0, ty & side ? 1 : 0];
    id += side * side * ((3 * rx) ^ ry);
    if (ry === 0) {
      if (rx === 1) [tx, ty] = [side - 1 - (tx & (side - 1)), side - 1 - (ty & (side - 1))];
      [tx, ty] = [ty, tx];
    }
    [tx, ty] = [tx & (side - 1), ty & (side - 1)];
  }
  return id;
}

export interface DirectoryEntry {
  id: number;
  offset: number;
  length: number;
  run: number;
}

/** A directory (section 4.2 of the specification), not packed. */
export function directory(entries: DirectoryEntry[]): Buffer {
  const column = (of: (entry: DirectoryEntry, i: number) => number): Buffer[] =>
    entries.map((e, i) => varint(of(e, i)));
  return Buffer.concat([
    varint(entries.length),
    ...column(({ id }, i) => id - (entries[i - 1]?.id ?? 0)),
    ...column(({ run }) => run),
    ...column(({ length }) => length),
    ...column(({ offset }) => offset + 1),
  ]);
}

export interface TestArchive {
  tiles: TestTile[];
  /** 1 mvt, 2 png */
  type?: number;
  metadata?: object | string;
  bounds?: [number, number, number, number];
  /** 1 none, 2 gzip, 3 brotli, 4 zstd: what the header says */
  internal?: number;
  packing?: number;
  /** changes the entries of the directory before they are written */
  entries?: (entries: DirectoryEntry[]) => DirectoryEntry[];
  /** puts the entries into leaf directories of so many */
  leaves?: number;
}

export const OPENMAPTILES = { vector_layers: ["water", "transportation", "place"].map((id) => ({ id })) };

/** Entries behind a root directory that has only leaves. */
function inLeaves(entries: DirectoryEntry[], size: number): { root: DirectoryEntry[]; leaves: Buffer } {
  const root: DirectoryEntry[] = [];
  const leaves: Buffer[] = [];
  let offset = 0;
  for (let i = 0; i < entries.length; i += size) {
    const leaf = gzipSync(directory(entries.slice(i, i + size)));
    root.push({ id: (entries[i] as DirectoryEntry).id, offset, length: leaf.length, run: 0 });
    offset += leaf.length;
    leaves.push(leaf);
  }
  return { root, leaves: Buffer.concat(leaves) };
}

/** The bytes of an archive. */
export function archiveBytes(archive: TestArchive): Buffer {
  const { tiles, type = 1, metadata = OPENMAPTILES, bounds = [-180, -85, 180, 85] } = archive;
  const { internal = 2, packing = 2, entries: change = (entries) => entries, leaves = 0 } = archive;
  const sorted = tiles.map((tile) => ({ tile, id: tileId(tile) })).sort((a, b) => a.id - b.id);
  const packed = sorted.map(({ tile }) => (packing === 2 ? gzipSync(tile.bytes) : tile.bytes));
  let offset = 0;
  const entries = sorted.map(({ id }, i) => {
    const length = (packed[i] as Buffer).length;
    offset += length;
    return { id, offset: offset - length, length, run: 1 };
  });
  const pack = (bytes: Buffer): Buffer => (internal === 2 ? gzipSync(bytes) : bytes);
  const split = leaves > 0 ? inLeaves(change(entries), leaves) : { root: change(entries), leaves: Buffer.alloc(0) };
  const root = pack(directory(split.root));
  const json = pack(Buffer.from(typeof metadata === "string" ? metadata : JSON.stringify(metadata)));
  const data = Buffer.concat(packed);
  const header = Buffer.alloc(127);
  header.write("PMTiles\u0003", "latin1");
  let at = 127;
  [root, json, split.leaves, data].forEach((section, i) => {
    header.writeBigUInt64LE(BigInt(at), 8 + i * 16);
    header.writeBigUInt64LE(BigInt(section.length), 16 + i * 16);
    at += section.length;
  });
  for (const place of [72, 80, 88]) header.writeBigUInt64LE(BigInt(tiles.length), place);
  const zooms = tiles.map(({ z }) => z);
  header.set([1, internal, packing, type, Math.min(...zooms), Math.max(...zooms)], 96);
  bounds.forEach((degrees, i) => header.writeInt32LE(Math.round(degrees * 1e7), 102 + i * 4));
  return Buffer.concat([header, root, json, split.leaves, data]);
}

const field = (tag: number, bytes: Buffer): Buffer => Buffer.concat([varint(tag * 8 + 2), varint(bytes.length), bytes]);
const zigzag = (value: number): Buffer => varint(value < 0 ? -2 * value - 1 : 2 * value);

/** A layer of a vector tile with one shape and one property. @param points of a line or a ring, in 4096ths of the tile */
export function tileLayer(name: string, points: [number, number][], property: [string, string], type: 2 | 3): Buffer {
  const steps = points.map(([x, y], i) => {
    const [px, py] = points[i - 1] ?? [0, 0];
    return Buffer.concat([zigzag(x - px), zigzag(y - py)]);
  });
  const [first = Buffer.alloc(0), ...rest] = steps;
  const line = Buffer.concat([varint(9), first, varint((rest.length << 3) | 2), ...rest]);
  const geometry = type === 3 ? Buffer.concat([line, varint(15)]) : line;
  const shape = Buffer.concat([field(2, Buffer.from([0, 0])), varint(3 * 8), varint(type), field(4, geometry)]);
  const parts = [field(1, Buffer.from(name)), field(2, shape), field(3, Buffer.from(property[0]))];
  const value = field(4, field(1, Buffer.from(property[1])));
  return field(3, Buffer.concat([...parts, value, varint(5 * 8), varint(4096), varint(15 * 8), varint(2)]));
}

/** A tile that is water on its left, up to an edge (in 4096ths of the tile), with a motorway across. */
export function seaTile(edge = 2048): Buffer {
  const left: [number, number][] = [[0, 0], [edge, 0], [edge, 4096], [0, 4096]]; // prettier-ignore
  const road: [number, number][] = [[0, 2048], [4096, 2048]]; // prettier-ignore
  return Buffer.concat([
    tileLayer("water", left, ["class", "ocean"], 3),
    tileLayer("transportation", road, ["class", "motorway"], 2),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG of 256 pixels in one colour. */
export function plainPicture(red: number, green: number, blue: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(256, 0);
  head.writeUInt32BE(256, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.from([0, ...Array.from({ length: 256 }, () => [red, green, blue]).flat()]);
  const rows = Buffer.concat(Array.from({ length: 256 }, () => row));
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Tiles of the world down to a zoom, each with the same bytes. */
export function worldTiles(deepest: number, bytes: Buffer): TestTile[] {
  return Array.from({ length: deepest + 1 }, (_, z) => z).flatMap((z) =>
    Array.from({ length: 4 ** z }, (_, i) => ({ z, x: i % 2 ** z, y: Math.floor(i / 2 ** z), bytes })),
  );
}
