import { z } from "zod";
import { textSchema } from "./city";
import { ID } from "./topics";

/** Where a tile stands: columns and rows of the grid, counted from 0. */
export const boxSchema = z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) });
export type Box = z.infer<typeof boxSchema>;

const gridSchema = z.strictObject({ columns: z.int().min(1).max(96), rows: z.int().min(1).max(96) });
export type Grid = z.infer<typeof gridSchema>;

export const tileSchema = z.strictObject({
  id: z.string().regex(ID),
  widget: z.string().regex(ID),
  title: textSchema.optional(),
  /** on walls up to about 2.6 : 1 */
  box: boxSchema,
  /** on wider walls (5760x1080, 7680x2160); `box` scaled when left out */
  wide: boxSchema.optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
});
export type Tile = z.infer<typeof tileSchema>;

export const screenSchema = z.strictObject({
  $schema: z.string().optional(),
  title: textSchema,
  /** zone of the center it belongs to: an id of city.json `zones` */
  zone: z.string().regex(ID).optional(),
  /** place in the list of screens, lowest first */
  order: z.int().default(100),
  grid: gridSchema.default({ columns: 24, rows: 12 }),
  wideGrid: gridSchema.default({ columns: 48, rows: 12 }),
  tiles: z.array(tileSchema).min(1).max(120),
});
export type Screen = z.infer<typeof screenSchema>;

/** Walls wider than this ratio use the `wide` boxes. */
export const WIDE_RATIO = 2.6;

/** An issue in a configuration file: `field` is a path such as `tiles[3].settings.metric`. */
export interface ValidationIssue {
  field: string;
  message: string;
}

/** `["tiles", 3, "box"]` as `tiles[3].box`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return (
    path.map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${String(part)}`)).join("") ||
    "(file)"
  );
}

/** Zod's issues as issues, unknown keys named by their own path. */
export function issuesOf(error: z.ZodError, prefix: readonly PropertyKey[] = []): ValidationIssue[] {
  return error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== "unrecognized_keys") return [{ field: fieldPath(path), message: issue.message }];
    return issue.keys.map((key) => ({ field: fieldPath([...path, key]), message: "is not a known setting" }));
  });
}

/** Where a tile stands on the wide grid. */
export function wideBox(tile: Tile, screen: Screen): Box {
  if (tile.wide) return tile.wide;
  const byX = screen.wideGrid.columns / screen.grid.columns;
  const byY = screen.wideGrid.rows / screen.grid.rows;
  const x = Math.round(tile.box.x * byX);
  const y = Math.round(tile.box.y * byY);
  return {
    x,
    y,
    w: Math.round((tile.box.x + tile.box.w) * byX) - x,
    h: Math.round((tile.box.y + tile.box.h) * byY) - y,
  };
}

/** Tiles that leave the grid, overlap or share an id, on either grid. */
export function layoutIssues(screen: Screen): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const ids = new Set<string>();
  screen.tiles.forEach((tile, i) => {
    if (ids.has(tile.id)) issues.push({ field: `tiles[${i}].id`, message: `"${tile.id}" is used twice` });
    ids.add(tile.id);
  });
  issues.push(
    ...boxIssues(
      screen.tiles.map((tile) => tile.box),
      screen.grid,
      "box",
    ),
  );
  issues.push(
    ...boxIssues(
      screen.tiles.map((tile) => wideBox(tile, screen)),
      screen.wideGrid,
      "wide",
    ),
  );
  return issues;
}

function boxIssues(boxes: Box[], grid: Grid, name: string): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  boxes.forEach((box, i) => {
    if (box.x + box.w > grid.columns || box.y + box.h > grid.rows) {
      issues.push({ field: `tiles[${i}].${name}`, message: `leaves the grid of ${grid.columns} x ${grid.rows}` });
    }
    const hit = boxes.findIndex((other, k) => k < i && overlaps(box, other));
    if (hit >= 0) issues.push({ field: `tiles[${i}].${name}`, message: `overlaps tiles[${hit}]` });
  });
  return issues;
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
