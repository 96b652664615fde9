import type { Frame } from "./mark-columns";

export interface Picture {
  frame: Frame;
  half: [number, number];
  advance: number;
}

/** A canvas with pictures below each other, and where each lies. */
export interface Atlas {
  canvas: HTMLCanvasElement;
  /** by text: where it lies, half its size, and how wide the text itself is without the room around it, CSS pixels */
  pictures: Map<string, Picture>;
}

export interface Lettering {
  /** a canvas font without its size, such as `500 "Noto Sans SC"` */
  weight: number;
  family: string;
  /** CSS pixels */
  size: number;
  color: string;
  /** drawn around each letter: CSS pixels to each side */
  outline?: { width: number; color: string };
}

/** Device pixels around each picture, so that none bleeds into the next. */
const GAP = 2;
/** Of the size of a type, from its middle to where lines of it begin. */
const LINE = 1.3;

function canvasOf(width: number, height: number): HTMLCanvasElement {
  return Object.assign(document.createElement("canvas"), { width: Math.max(1, width), height: Math.max(1, height) });
}

/** Pictures of texts, each as sharp as the screen is: one that moves to a screen of another density is to be written anew. */
export function writeTexts(texts: readonly string[], { weight, family, size, color, outline }: Lettering): Atlas {
  const ratio = devicePixelRatio;
  const font = `${weight} ${size * ratio}px ${family}`;
  const margin = Math.ceil((outline?.width ?? 0) * ratio) + GAP;
  const measuring = canvasOf(1, 1).getContext("2d");
  if (measuring) measuring.font = font;
  const widths = texts.map((text) => Math.ceil(measuring?.measureText(text).width ?? 0) + 2 * margin);
  const height = Math.ceil(size * ratio * LINE) + 2 * margin;
  const canvas = canvasOf(Math.max(0, ...widths), height * texts.length);
  const context = canvas.getContext("2d");
  const pictures: Atlas["pictures"] = new Map();
  if (!context) return { canvas, pictures };
  Object.assign(context, { font, textBaseline: "middle", lineJoin: "round", fillStyle: color });
  texts.forEach((text, row) => {
    const width = widths[row] as number;
    const middle = (row + 0.5) * height;
    if (outline) {
      Object.assign(context, { lineWidth: 2 * outline.width * ratio, strokeStyle: outline.color });
      context.strokeText(text, margin, middle);
    }
    context.fillText(text, margin, middle);
    const frame: Frame = [
      0,
      (row * height) / canvas.height,
      width / canvas.width,
      ((row + 1) * height) / canvas.height,
    ];
    pictures.set(text, {
      frame,
      half: [width / ratio / 2, height / ratio / 2],
      advance: (width - 2 * margin) / ratio,
    });
  });
  return { canvas, pictures };
}

/**
 * Pictures beside each other, each so many CSS pixels wide.
 * @param paint draws the i-th into a box 64 wide @param tall how many times as high they are
 */
export function paintRow(
  count: number,
  size: number,
  paint: (context: CanvasRenderingContext2D, i: number) => void,
  tall = 1,
): { canvas: HTMLCanvasElement; frames: Frame[] } {
  const pixels = Math.max(1, Math.round(size * devicePixelRatio));
  const canvas = canvasOf((pixels + GAP) * count, pixels * tall);
  const context = canvas.getContext("2d");
  const frames: Frame[] = [];
  for (let i = 0; i < count; i++) {
    const left = i * (pixels + GAP);
    frames.push([left / canvas.width, 0, (left + pixels) / canvas.width, 1]);
    context?.setTransform(pixels / 64, 0, 0, pixels / 64, left, 0);
    if (context) paint(context, i);
  }
  return { canvas, frames };
}
