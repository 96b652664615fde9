import { Layer, type LayerProps, type UpdateParameters } from "@deck.gl/core";
import type { Buffer, RenderPass } from "@luma.gl/core";
import type { Model } from "@luma.gl/engine";
import type { Rgb } from "@/components/ui/theme";
import { matrixFrom } from "../../flat/flat-layer";
import { FRAGMENT, flowUniforms, VERTEX, VERTICES } from "./flow-program";
import { PERIOD, type FlowColumns } from "./flow-option";
import { colorPair, instancedModel } from "../../marks/instanced-model";

interface OwnProps {
  flows: FlowColumns;
  /** CSS pixels of one rem */
  unit: number;
  /** what lies around each flow, so that it is seen on any ground */
  edge: Rgb;
  /** how far pulses have gone, rem */
  travelled: number;
  /** pulses are drawn; else lines without any */
  moving: boolean;
}

export type FlowLayerProps = OwnProps & LayerProps;

interface FlowState {
  model: Model;
  buffers: { ends: Buffer; looks: Buffer; colors: Buffer };
  capacity: number;
}

/** Opacity of the edge, 0 to 1. */
const EDGE = 0.85;

/**
 * Draws `FlowColumns`: bent lines with a head where they end, and pulses that travel along them. What is sent for each is sent once;
 * between two frames one number is another.
 */
export class FlowLayer extends Layer<FlowLayerProps> {
  static override layerName = "FlowLayer";
  static override defaultProps = {
    flows: { type: "object", value: null, compare: false },
    unit: 16,
    edge: { type: "array", value: [0, 0, 0], compare: true },
    travelled: 0,
    moving: true,
    // Flows hide nothing but by being drawn later. The program's colours are not multiplied by their opacity.
    parameters: { depthWriteEnabled: false, blendColorSrcFactor: "src-alpha" },
  } as never;

  declare state: Partial<FlowState>;

  initializeState(): void {}

  override shouldUpdateState({ changeFlags }: UpdateParameters<this>): boolean {
    return changeFlags.propsOrDataChanged;
  }

  override updateState({ props: { flows }, oldProps }: UpdateParameters<this>): void {
    if (flows === oldProps.flows) return;
    const capacity = flows.looks.length / 2;
    if (capacity !== this.state.capacity) this.makeModel(capacity);
    const { buffers } = this.state;
    buffers?.ends.write(flows.ends);
    buffers?.looks.write(flows.looks);
    buffers?.colors.write(flows.colors);
  }

  override finalizeState(): void {
    this.dropModel();
  }

  override getModels(): Model[] {
    return this.state.model ? [this.state.model] : [];
  }

  override draw({ renderPass }: { renderPass: RenderPass }): void {
    const { model } = this.state;
    const { flows, unit, edge, travelled, moving } = this.props;
    if (!model || flows.length === 0) return;
    const { viewport } = this.context;
    model.shaderInputs.setProps({
      flow: {
        matrix: matrixFrom(viewport.viewProjectionMatrix, flows.origin),
        edge: [...edge.map((part) => part / 255), EDGE],
        pixel: [2 / viewport.width, 2 / viewport.height],
        unit,
        travelled: travelled * unit,
        period: PERIOD * unit,
        moving: Number(moving),
      },
    });
    model.setInstanceCount(flows.length);
    model.draw(renderPass);
  }

  private makeModel(capacity: number): void {
    this.dropModel();
    const { device } = this.context;
    const buffers = {
      ends: device.createBuffer({ byteLength: capacity * 16 }),
      looks: device.createBuffer({ byteLength: capacity * 8 }),
      colors: device.createBuffer({ byteLength: capacity * 8 }),
    };
    const model = instancedModel(device, {
      id: this.props.id,
      vs: VERTEX,
      fs: FRAGMENT,
      modules: [flowUniforms],
      vertexCount: VERTICES,
      bufferLayout: [
        { name: "ends", format: "float32x4", stepMode: "instance" },
        { name: "looks", format: "float32x2", stepMode: "instance" },
        colorPair("sources", "targets"),
      ],
      attributes: buffers,
    });
    this.setState({ model, buffers, capacity });
  }

  private dropModel(): void {
    const { model, buffers } = this.state;
    model?.destroy();
    for (const buffer of Object.values(buffers ?? {})) buffer.destroy();
  }
}
