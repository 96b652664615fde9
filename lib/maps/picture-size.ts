/** What begins a picture, and how wide the picture says it is: enough to know that a tile is one. */
import { MapFault } from "./map-fault";

type PictureType = "png" | "jpeg" | "webp" | "avif";

const text = (bytes: Buffer, at: number, length: number): string => bytes.toString("latin1", at, at + length);

/** Of a JPEG: the width stands in the first frame header, which other segments come before. */
function jpegWidth(bytes: Buffer): number {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return bytes.readUInt16BE(at + 7);
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return 0;
}

function webpWidth(bytes: Buffer): number {
  const form = text(bytes, 12, 4);
  if (form === "VP8 ") return bytes.readUInt16LE(26) & 0x3fff;
  if (form === "VP8L") return (bytes.readUInt16LE(21) & 0x3fff) + 1;
  return form === "VP8X" ? bytes.readUIntLE(24, 3) + 1 : 0;
}

/** Of an AVIF: in its `ispe` property (ISO/IEC 23008-12, 6.5.3). */
function avifWidth(bytes: Buffer): number {
  const at = bytes.indexOf("ispe", 0, "latin1");
  return at >= 0 && at + 12 <= bytes.length ? bytes.readUInt32BE(at + 8) : 0;
}

const FORMS: Record<PictureType, { begins: (bytes: Buffer) => boolean; width: (bytes: Buffer) => number }> = {
  png: {
    begins: (bytes) => text(bytes, 0, 8) === "\x89PNG\r\n\x1a\n" && text(bytes, 12, 4) === "IHDR",
    width: (bytes) => bytes.readUInt32BE(16),
  },
  jpeg: { begins: (bytes) => bytes.readUInt16BE(0) === 0xffd8, width: jpegWidth },
  webp: { begins: (bytes) => text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 4) === "WEBP", width: webpWidth },
  avif: { begins: (bytes) => text(bytes, 4, 4) === "ftyp", width: avifWidth },
};

/** How many pixels wide a picture is. @throws MapFault where it is none of that type, or none that a map is made of */
export function pictureWidth(tile: Uint8Array, type: PictureType): number {
  const bytes = Buffer.from(tile.buffer, tile.byteOffset, tile.byteLength);
  const { begins, width } = FORMS[type];
  const wide = bytes.length >= 32 && begins(bytes) ? width(bytes) : 0;
  if (wide !== 256 && wide !== 512 && wide !== 1_024) throw new MapFault(`is no ${type} of 256, 512 or 1024 pixels`);
  return wide;
}
