import type { Room } from "./layer";

/** Where a map looks: the middle in Web Mercator, in units of which the world has 512, and its zoom. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

/** How much nearer than the whole a hand may come, in zooms: an eighth, a street's width of a city. */
export const NEAREST = 6;

/**
 * A view as near to the one wished for as may be: no farther out than the whole, and nowhere that the whole does not show.
 * @param whole the view of all of the place @param size of the canvas, CSS pixels
 */
export function heldWithin(whole: View, size: { width: number; height: number }, wished: View): View {
  const zoom = Math.max(whole.zoom, Math.min(whole.zoom + NEAREST, wished.zoom));
  // Half of what the whole shows, less half of what is shown now: so far may the middle go.
  const spare = (1 - 2 ** (whole.zoom - zoom)) / 2 / 2 ** whole.zoom;
  const hold = (wish: number, middle: number, length: number): number =>
    Math.max(middle - length * spare, Math.min(middle + length * spare, wish));
  return { zoom, x: hold(wished.x, whole.x, size.width), y: hold(wished.y, whole.y, size.height) };
}

interface Size {
  width: number;
  height: number;
}

/**
 * Where a card stands: inside the room, beside its target and never over it; to the right where it fits, else left, below, above.
 * @param target CSS pixels @param gap to the target @returns its left and top; null where it fits nowhere
 */
export function cardPlace(
  target: { x: number; y: number },
  { width, height }: Size,
  room: Room,
  gap: number,
): { left: number; top: number } | null {
  if (room.right - room.left < width || room.bottom - room.top < height) return null;
  const left = Math.max(room.left, Math.min(room.right - width, target.x - width / 2));
  const top = Math.max(room.top, Math.min(room.bottom - height, target.y - height / 2));
  const places = [
    { left: target.x + gap, top },
    { left: target.x - gap - width, top },
    { left, top: target.y + gap },
    { left, top: target.y - gap - height },
  ];
  const inside = (place: { left: number; top: number }): boolean =>
    place.left >= room.left &&
    place.top >= room.top &&
    place.left + width <= room.right &&
    place.top + height <= room.bottom;
  return places.find(inside) ?? null;
}
