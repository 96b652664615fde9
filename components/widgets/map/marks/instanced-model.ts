import type { Device } from "@luma.gl/core";
import { Model, type ModelProps } from "@luma.gl/engine";

type Own = Pick<ModelProps, "id" | "vs" | "fs" | "modules" | "vertexCount" | "bufferLayout" | "attributes">;

/** A program that draws a strip of so many corners for each instance; none before it is told how many there are. */
export function instancedModel(device: Device, own: Own): Model {
  return new Model(device, {
    ...own,
    // Those of deck.gl's programs, which this one does without, are handed to it all the same.
    disableWarnings: true,
    topology: "triangle-strip",
    isInstanced: true,
    instanceCount: 0,
  });
}

/** How two colours of an instance lie in their buffer, four bytes each. */
export function colorPair(first: string, second: string) {
  return {
    name: "colors",
    stepMode: "instance" as const,
    byteStride: 8,
    attributes: [
      { attribute: first, format: "unorm8x4" as const, byteOffset: 0 },
      { attribute: second, format: "unorm8x4" as const, byteOffset: 4 },
    ],
  };
}
