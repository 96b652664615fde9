import { Layer, type LayerProps, type UpdateParameters } from "@deck.gl/core";
import type { RenderPass } from "@luma.gl/core";
import { Model } from "@luma.gl/engine";
import { colorsOf, FLOATS, type FlatMesh } from "./flat-mesh";

interface OwnProps {
  mesh: FlatMesh;
  /** CSS pixels of one rem */
  unit: number;
  /** red, green, blue and opacity of a shape, 0 to 255 */
  colorOf: (shape: number) => readonly number[];
  /** changes when a colour does */
  colorKey: string;
}

export type FlatLayerProps = OwnProps & LayerProps;

const FLOAT_BYTES = 4;

/** What the program is told with each drawing: GLSL names it `mesh`. */
const meshUniforms = {
  name: "mesh",
  vs: `\
layout(std140) uniform meshUniforms {
  mat4 matrix;
  float unit;
  float placePerPixel;
} mesh;
`,
  uniformTypes: { matrix: "mat4x4<f32>", unit: "f32", placePerPixel: "f32" },
} as const;

/** Half a pixel more to each side fades out, so that edges are smooth. */
const VERTEX = `\
#version 300 es
#define SHADER_NAME flat-layer-vertex
in vec2 places;
in vec2 toEdge;
in vec2 edge;
in vec4 colors;
out vec4 color;
out float side;
out float reach;
void main() {
  reach = edge.x * mesh.unit + 0.5;
  side = edge.y * reach;
  color = colors;
  gl_Position = mesh.matrix * vec4(places + toEdge * (reach * mesh.placePerPixel), 0.0, 1.0);
}
`;

const FRAGMENT = `\
#version 300 es
#define SHADER_NAME flat-layer-fragment
precision highp float;
in vec4 color;
in float side;
in float reach;
out vec4 fragColor;
void main() {
  fragColor = vec4(color.rgb, color.a * min(1.0, reach - abs(side)));
}
`;

/** The map's matrix for places told from the mesh's origin: added up in double precision, of which the program has none. */
export function matrixFrom(matrix: number[], [x, y]: [number, number]): number[] {
  const moved = [...matrix];
  for (let row = 0; row < 4; row++)
    moved[12 + row] = (matrix[row] as number) * x + (matrix[4 + row] as number) * y + (matrix[12 + row] as number);
  return moved;
}

/**
 * Draws a `FlatMesh`. deck.gl's own layers of lines and polygons do the same with programs a hundred times as long, which a
 * machine without a graphics card compiles for one and a half seconds and runs for a tenth of a second in each frame.
 */
export class FlatLayer extends Layer<FlatLayerProps> {
  static override layerName = "FlatLayer";
  static override defaultProps = {
    mesh: { type: "object", value: null, compare: false },
    unit: 16,
    colorOf: { type: "function", value: () => [0, 0, 0, 0], compare: false },
    colorKey: "",
    // What lies flat hides nothing but by being drawn later. The program's colours are not multiplied by their opacity.
    parameters: { depthWriteEnabled: false, blendColorSrcFactor: "src-alpha" },
  } as never;

  declare state: { model: Model; colors: ReturnType<Model["device"]["createBuffer"]> } | Record<string, never>;

  initializeState(): void {}

  override shouldUpdateState({ changeFlags }: UpdateParameters<this>): boolean {
    return changeFlags.propsOrDataChanged;
  }

  override updateState({ props, oldProps }: UpdateParameters<this>): void {
    if (props.mesh !== oldProps.mesh) this.makeModel(props);
    else if (props.colorKey !== oldProps.colorKey) this.state.colors?.write(colorsOf(props.mesh, props.colorOf));
  }

  override finalizeState(): void {
    this.dropModel();
  }

  override getModels(): Model[] {
    return this.state.model ? [this.state.model] : [];
  }

  override draw({ renderPass }: { renderPass: RenderPass }): void {
    const { model } = this.state;
    if (!model) return;
    const { viewport } = this.context;
    const matrix = matrixFrom(viewport.viewProjectionMatrix, this.props.mesh.origin);
    model.shaderInputs.setProps({ mesh: { matrix, unit: this.props.unit, placePerPixel: 1 / viewport.scale } });
    model.draw(renderPass);
  }

  private makeModel({ mesh, colorOf, id }: FlatLayerProps): void {
    this.dropModel();
    if (mesh.triangles.length === 0) return;
    const { device } = this.context;
    const corners = device.createBuffer({ data: mesh.corners });
    const colors = device.createBuffer({ data: colorsOf(mesh, colorOf) });
    const model = new Model(device, {
      id,
      vs: VERTEX,
      fs: FRAGMENT,
      modules: [meshUniforms],
      // Those of deck.gl's programs, which this one does without, are handed to it all the same.
      disableWarnings: true,
      topology: "triangle-list",
      vertexCount: mesh.triangles.length,
      bufferLayout: [
        {
          name: "corners",
          byteStride: FLOATS * FLOAT_BYTES,
          attributes: [
            { attribute: "places", format: "float32x2", byteOffset: 0 },
            { attribute: "toEdge", format: "float32x2", byteOffset: 2 * FLOAT_BYTES },
            { attribute: "edge", format: "float32x2", byteOffset: 4 * FLOAT_BYTES },
          ],
        },
        { name: "colors", format: "unorm8x4" },
      ],
      attributes: { corners, colors },
      indexBuffer: device.createBuffer({ usage: 0x10, data: mesh.triangles }),
    });
    this.setState({ model, colors });
  }

  private dropModel(): void {
    const { model } = this.state;
    if (!model) return;
    const buffers = [...Object.values(model.vertexArray.attributes), model.vertexArray.indexBuffer];
    model.destroy();
    for (const buffer of buffers) if (buffer && "destroy" in buffer) buffer.destroy();
    this.setState({ model: undefined, colors: undefined });
  }
}
