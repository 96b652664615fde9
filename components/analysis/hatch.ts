import { COLORS } from "@/components/ui/theme";
import type { Hatch } from "./map-option";

let made: Hatch | null = null;

/** The pattern of a place that nothing came from: told apart by its shape. */
export function hatch(): Hatch {
  if (made) return made;
  const size = 12;
  const image = document.createElement("canvas");
  image.width = size;
  image.height = size;
  const context = image.getContext("2d");
  if (context) {
    context.fillStyle = COLORS.background;
    context.fillRect(0, 0, size, size);
    context.strokeStyle = COLORS.faint;
    context.lineWidth = 1.5;
    for (const shift of [-size, 0, size]) {
      context.moveTo(shift, size);
      context.lineTo(shift + size, 0);
    }
    context.stroke();
  }
  made = { image, repeat: "repeat" };
  return made;
}
