import { layoutIssues, wideBox, type Box, type Grid, type Screen, type Tile } from "../lib/contract/screens";

interface Size {
  w: number;
  h: number;
}

/**
 * A tile is not made smaller than this, nor than half the size its widget is shown in: it could not be read from afar.
 */
const LEAST: Size = { w: 3, h: 2 };

/** Sizes to try, largest first: the widget's own, down to the least that can be read. */
function sizes({ w, h }: Size, least = leastOf({ w, h })): Size[] {
  const all: Size[] = [];
  for (let width = w; width >= least.w; width--)
    for (let height = h; height >= least.h; height--) all.push({ w: width, h: height });
  return all.sort((a, b) => b.w * b.h - a.w * a.h || b.w - a.w);
}

/** The least size of a tile whose widget is shown in this one. */
export function leastOf({ w, h }: Size): Size {
  return { w: Math.min(w, Math.max(LEAST.w, Math.ceil(w / 2))), h: Math.min(h, Math.max(LEAST.h, Math.ceil(h / 2))) };
}

/** Every place of a size on a grid, from the top left, line by line. */
function* places({ w, h }: Size, grid: Grid): Generator<Box> {
  for (let y = 0; y + h <= grid.rows; y++) for (let x = 0; x + w <= grid.columns; x++) yield { x, y, w, h };
}

/** The first free place of the first of these sizes that has one; null where all are taken. */
function place(taken: Box[], grid: Grid, wanted: Size[]): Box | null {
  const free = (box: Box): boolean =>
    taken.every(
      (other) =>
        box.x >= other.x + other.w ||
        other.x >= box.x + box.w ||
        box.y >= other.y + other.h ||
        other.y >= box.y + box.h,
    );
  for (const size of wanted) for (const box of places(size, grid)) if (free(box)) return box;
  return null;
}

/** The largest free rectangle of a screen's grid; null where it is full. */
export function largestRoom(screen: Screen): Box | null {
  return place(
    screen.tiles.map(({ box }) => box),
    screen.grid,
    sizes({ w: screen.grid.columns, h: screen.grid.rows }, { w: 1, h: 1 }),
  );
}

/**
 * Where a new tile fits on a screen and on its wide form; `wide` only where the scaled box is taken there. Null where
 * there is no room in one of them.
 */
export function roomFor(screen: Screen, size: Size): Pick<Tile, "box" | "wide"> | null {
  const box = place(
    screen.tiles.map((tile) => tile.box),
    screen.grid,
    sizes(size),
  );
  return box && withWide(screen, box, size);
}

/** A given box, with a wide one where the scaled box is taken on the wide form; null where there is no room on that. */
export function withWide(screen: Screen, box: Box, size: Size): Pick<Tile, "box" | "wide"> | null {
  const tile: Tile = { id: "new", widget: "new", box, settings: {} };
  const issues = layoutIssues({ ...screen, tiles: [...screen.tiles, tile] });
  if (!issues.some(({ field }) => field.endsWith(".wide"))) return { box };
  const scale = screen.wideGrid.columns / screen.grid.columns;
  const wideSize = { w: Math.max(box.w, Math.round(size.w * scale)), h: size.h };
  const wide = place(
    screen.tiles.map((other) => wideBox(other, screen)),
    screen.wideGrid,
    sizes(wideSize, leastOf(size)),
  );
  return wide && { box, wide };
}
