import { Layer, type LayerProps, type UpdateParameters } from "@deck.gl/core";
import type { Buffer, RenderPass, Texture } from "@luma.gl/core";
import type { Model } from "@luma.gl/engine";
import { matrixFrom } from "../flat/flat-layer";
import type { MarkColumns } from "./mark-columns";
import { colorPair, instancedModel } from "./instanced-model";

interface OwnProps {
  marks: MarkColumns;
  /** changes when anything of the marks but their places and number does; these are sent with each drawing */
  marksKey: string;
  /** changes when a place or the number does where `marks` stays the same object: else nothing would be drawn anew */
  placesKey?: number;
  /** what sprites are cut out of; drawn anew, it is another canvas */
  atlas?: HTMLCanvasElement | null;
}

export type MarkLayerProps = OwnProps & LayerProps;

const markUniforms = {
  name: "mark",
  vs: `\
layout(std140) uniform markUniforms {
  mat4 matrix;
  vec2 pixel;
  float ratio;
} mark;
`,
  uniformTypes: { matrix: "mat4x4<f32>", pixel: "vec2<f32>", ratio: "f32" },
} as const;

const VERTEX = `\
#version 300 es
#define SHADER_NAME mark-layer-vertex
in vec3 places;
in vec3 extents;
in vec4 frames;
in vec2 shifts;
in vec4 fills;
in vec4 rims;
out vec4 fill;
out vec4 rimColor;
out vec2 offset;
out vec2 place;
out float radius;
out float rim;
void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0;
  rim = extents.z;
  radius = extents.x;
  // Half a pixel more for a disc, whose edge fades out there.
  offset = corner * (extents.xy + (rim < 0.0 ? 0.0 : 0.5));
  place = mix(frames.xw, frames.zy, corner * 0.5 + 0.5);
  fill = fills;
  rimColor = rims;
  float c = cos(places.z);
  float s = sin(places.z);
  vec2 turned = vec2(c * offset.x - s * offset.y, s * offset.x + c * offset.y);
  vec4 middle = mark.matrix * vec4(places.xy, 0.0, 1.0);
  middle.xy += shifts * mark.pixel * middle.w;
  vec2 nudge = vec2(0.0);
  if (rim < 0.0 && places.z == 0.0) {
    // A name's pixels lie on the screen's, or it would be blurred.
    vec2 device = mark.pixel / mark.ratio;
    vec2 start = (middle.xy / middle.w - extents.xy * mark.pixel + 1.0) / device;
    nudge = (floor(start + 0.5) - start) * device;
  }
  gl_Position = middle + vec4((turned * mark.pixel + nudge) * middle.w, 0.0, 0.0);
}
`;

const FRAGMENT = `\
#version 300 es
#define SHADER_NAME mark-layer-fragment
precision highp float;
uniform sampler2D atlas;
in vec4 fill;
in vec4 rimColor;
in vec2 offset;
in vec2 place;
in float radius;
in float rim;
out vec4 fragColor;
void main() {
  if (rim < 0.0) {
    fragColor = texture(atlas, place) * fill;
  } else {
    float within = radius + 0.5 - length(offset);
    vec4 color = mix(rimColor, fill, clamp(within - rim, 0.0, 1.0));
    fragColor = vec4(color.rgb, color.a * clamp(within, 0.0, 1.0));
  }
}
`;

interface MarkState {
  model: Model;
  buffers: { places: Buffer; extents: Buffer; frames: Buffer; shifts: Buffer; colors: Buffer };
  capacity: number;
  atlas: Texture;
}

/**
 * Draws `MarkColumns`: discs, and parts of an atlas such as names and trails. One program for all of them, a tenth as long as deck.gl's
 * own for points, icons and text; names are written by the canvas, which hints them, and not cut out of fields of distances.
 */
export class MarkLayer extends Layer<MarkLayerProps> {
  static override layerName = "MarkLayer";
  static override defaultProps = {
    marks: { type: "object", value: null, compare: false },
    marksKey: "",
    placesKey: 0,
    atlas: { type: "object", value: null, compare: false },
    // Marks hide nothing but by being drawn later. The program's colours are not multiplied by their opacity.
    parameters: { depthWriteEnabled: false, depthCompare: "always", blendColorSrcFactor: "src-alpha" },
  } as never;

  declare state: Partial<MarkState>;

  initializeState(): void {}

  override shouldUpdateState({ changeFlags }: UpdateParameters<this>): boolean {
    return changeFlags.propsOrDataChanged;
  }

  override updateState({ props, oldProps }: UpdateParameters<this>): void {
    const { marks, marksKey, atlas } = props;
    const capacity = marks.places.length / 3;
    const grown = capacity > (this.state.capacity ?? 0);
    if (grown) this.makeModel(capacity);
    if (capacity > 0 && (grown || marks !== oldProps.marks || marksKey !== oldProps.marksKey)) this.send(marks);
    if (atlas && atlas !== oldProps.atlas) this.takeAtlas(atlas);
  }

  override finalizeState(): void {
    this.dropModel();
    this.state.atlas?.destroy();
  }

  override getModels(): Model[] {
    return this.state.model ? [this.state.model] : [];
  }

  override draw({ renderPass }: { renderPass: RenderPass }): void {
    const { model, buffers, atlas } = this.state;
    const { marks } = this.props;
    if (!model || !buffers || marks.length === 0) return;
    const { viewport } = this.context;
    buffers.places.write(marks.places.subarray(0, marks.length * 3));
    const matrix = matrixFrom(viewport.viewProjectionMatrix, marks.origin);
    const pixel = [2 / viewport.width, 2 / viewport.height];
    model.shaderInputs.setProps({ mark: { matrix, pixel, ratio: devicePixelRatio } });
    if (atlas) model.setBindings({ atlas });
    model.setInstanceCount(marks.length);
    model.draw(renderPass);
  }

  /** Sends all that there is room for: how many are drawn may change without a change of theirs. */
  private send({ extents, frames, shifts, colors }: MarkColumns): void {
    const { buffers } = this.state;
    buffers?.extents.write(extents);
    buffers?.frames.write(frames);
    buffers?.shifts.write(shifts);
    buffers?.colors.write(colors);
  }

  private takeAtlas(canvas: HTMLCanvasElement): void {
    this.state.atlas?.destroy();
    const { width, height } = canvas;
    const atlas = this.context.device.createTexture({
      width,
      height,
      format: "rgba8unorm",
      sampler: { minFilter: "linear", magFilter: "linear" },
    });
    atlas.copyExternalImage({ image: canvas });
    this.setState({ atlas });
  }

  private makeModel(capacity: number): void {
    this.dropModel();
    const { device } = this.context;
    const buffers = {
      places: device.createBuffer({ byteLength: capacity * 12 }),
      extents: device.createBuffer({ byteLength: capacity * 12 }),
      frames: device.createBuffer({ byteLength: capacity * 16 }),
      shifts: device.createBuffer({ byteLength: capacity * 8 }),
      colors: device.createBuffer({ byteLength: capacity * 8 }),
    };
    const model = instancedModel(device, {
      id: this.props.id,
      vs: VERTEX,
      fs: FRAGMENT,
      modules: [markUniforms],
      vertexCount: 4,
      bufferLayout: [
        { name: "places", format: "float32x3", stepMode: "instance" },
        { name: "extents", format: "float32x3", stepMode: "instance" },
        { name: "frames", format: "float32x4", stepMode: "instance" },
        { name: "shifts", format: "float32x2", stepMode: "instance" },
        colorPair("fills", "rims"),
      ],
      attributes: buffers,
    });
    // A program samples its atlas whether or not it draws sprites.
    const atlas = this.state.atlas ?? device.createTexture({ width: 1, height: 1, format: "rgba8unorm" });
    this.setState({ model, buffers, capacity, atlas });
  }

  private dropModel(): void {
    const { model, buffers } = this.state;
    model?.destroy();
    for (const buffer of Object.values(buffers ?? {})) buffer.destroy();
  }
}
