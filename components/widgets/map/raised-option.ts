import { worldPlace } from "./flat/flat-mesh";
import type { Bounds, Padding } from "./map-option";

/**
 * The same room with a place at its upper end, as far as that makes it no smaller: a place that is wider than high would else have
 * its legend on its own land.
 * @param most how far it is raised, px
 */
export function raised(
  padding: Padding,
  size: { width: number; height: number },
  [lower, upper]: Bounds,
  most: number,
): Padding {
  const [[west, south], [east, north]] = [worldPlace(lower), worldPlace(upper)];
  const width = size.width - padding.left - padding.right;
  const height = size.height - padding.top - padding.bottom;
  const free = Math.floor(height - (Math.abs(north - south) / Math.abs(east - west)) * width);
  return { ...padding, bottom: padding.bottom + Math.max(0, Math.min(free, most)) };
}
