import { palette } from "@/components/ui/theme";
import type { Hatch } from "./map-option";

let made: { key: string; hatch: Hatch } | null = null;

/** The pattern of a place that nothing came from: told apart by its shape. */
export function hatch(): Hatch {
  const { key, ground, rule } = palette();
  if (made?.key === key) return made.hatch;
  const size = 12;
  const image = document.createElement("canvas");
  image.width = size;
  image.height = size;
  const context = image.getContext("2d");
  if (context) {
    context.fillStyle = ground;
    context.fillRect(0, 0, size, size);
    context.strokeStyle = rule;
    context.lineWidth = 1.5;
    for (const shift of [-size, 0, size]) {
      context.moveTo(shift, size);
      context.lineTo(shift + size, 0);
    }
    context.stroke();
  }
  made = { key, hatch: { image, repeat: "repeat" } };
  return made.hatch;
}
