/**
 * Reads a tile of Mapbox Vector Tile 2.1 as far as it takes to know that it is one. Every length is held to what is there, so that
 * the time it takes depends on the tile's bytes alone, whatever they say.
 */
import { MapFault } from "./map-fault";

/** Wire types of protocol buffers. */
const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5];
const [MOVE_TO, LINE_TO, CLOSE_PATH] = [1, 2, 7];

function fault(what: string): MapFault {
  return new MapFault(`is no vector tile: ${what}`);
}

/** A part of a tile's bytes, read from its start to its end. */
class Part {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw fault("a number is cut off");
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw fault("a number is too long");
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw fault("a field reaches beyond its end");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

interface Field {
  tag: number;
  /** of a field that holds bytes */
  bytes: Uint8Array | null;
  /** of one that holds a number */
  value: number;
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const part = new Part(bytes);
  while (!part.ended) {
    const key = part.varint();
    const [tag, type] = [Math.floor(key / 8), key % 8];
    if (type === VARINT) yield { tag, bytes: null, value: part.varint() };
    else if (type === LENGTH) yield { tag, bytes: part.take(part.varint()), value: 0 };
    else if (type === FIXED32 || type === FIXED64) yield { tag, bytes: part.take(type === FIXED32 ? 4 : 8), value: 0 };
    else throw fault(`a field has the wire type ${type}`);
  }
}

/** Commands of a geometry (4.3 of the specification), with as many parameters as they say. */
function checkGeometry(bytes: Uint8Array): void {
  const part = new Part(bytes);
  while (!part.ended) {
    const command = part.varint();
    const [id, count] = [command % 8, Math.floor(command / 8)];
    if (id === CLOSE_PATH && count === 1) continue;
    if (id !== MOVE_TO && id !== LINE_TO) throw fault(`a geometry has the command ${id}`);
    // A parameter has a byte at least: a count beyond what is there ends at the first that is missing.
    for (let i = 0; i < count * 2; i++) part.varint();
  }
}

function checkFeature(bytes: Uint8Array): void {
  for (const field of fieldsOf(bytes)) if (field.tag === 4 && field.bytes) checkGeometry(field.bytes);
}

function layerOf(bytes: Uint8Array): { name: string; features: number } {
  let [name, features] = ["", 0];
  for (const field of fieldsOf(bytes)) {
    if (field.tag === 1 && field.bytes) name = new TextDecoder().decode(field.bytes);
    if (field.tag !== 2 || !field.bytes) continue;
    checkFeature(field.bytes);
    features++;
  }
  if (name === "") throw fault("a layer has no name");
  return { name, features };
}

/** How many features each layer of a tile has, by the layer's name. @throws MapFault where it is no vector tile */
export function layersOfTile(tile: Uint8Array): Map<string, number> {
  const layers = new Map<string, number>();
  for (const { tag, bytes } of fieldsOf(tile)) {
    if (tag !== 3 || !bytes) continue;
    const { name, features } = layerOf(bytes);
    layers.set(name, features);
  }
  return layers;
}
