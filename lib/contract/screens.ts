import { z } from "zod";
import { displaySchema, textSchema, type CityFacts, type Display } from "./city";
import { ID } from "./topics";
import type { SafeArea } from "./widget";

/** Where a tile stands: columns and rows of the grid, counted from 0. */
export const boxSchema = z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) });
export type Box = z.infer<typeof boxSchema>;

const gridSchema = z.strictObject({ columns: z.int().min(1).max(96), rows: z.int().min(1).max(96) });
export type Grid = z.infer<typeof gridSchema>;

export const tileSchema = z.strictObject({
  id: z.string().regex(ID),
  widget: z.string().regex(ID),
  title: textSchema.optional(),
  /** on walls up to about 2.6 : 1; of a backdrop the part that no other tile covers, in which it shows what matters */
  box: boxSchema,
  /** on wider walls (5760x1080, 7680x2160); `box` scaled when left out */
  wide: boxSchema.optional(),
  /** it fills the whole screen, and the other tiles lie on it: one tile of a screen at the most */
  backdrop: z.boolean().optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
});
export type Tile = z.infer<typeof tileSchema>;

export const screenSchema = z.strictObject({
  $schema: z.string().optional(),
  title: textSchema,
  /** zone of the center it belongs to: an id of city.json `zones` */
  zone: z.string().regex(ID).optional(),
  /** the display it is made for; that of its zone when left out */
  display: displaySchema.optional(),
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

/** The part of a backdrop that its box names. */
export function safeArea({ x, y, w, h }: Box, { columns, rows }: Grid): SafeArea {
  return { left: x / columns, top: y / rows, right: 1 - (x + w) / columns, bottom: 1 - (y + h) / rows };
}

/** Tiles that leave the grid, overlap or share an id, on either grid. */
export function layoutIssues(screen: Screen): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const ids = new Set<string>();
  const backdrop = screen.tiles.findIndex((tile) => tile.backdrop);
  screen.tiles.forEach((tile, i) => {
    if (tile.backdrop && i > backdrop)
      issues.push({ field: `tiles[${i}].backdrop`, message: `tiles[${backdrop}] is the backdrop already` });
    if (ids.has(tile.id)) issues.push({ field: `tiles[${i}].id`, message: `"${tile.id}" is used twice` });
    ids.add(tile.id);
  });
  issues.push(
    ...boxIssues(
      screen.tiles.map((tile) => tile.box),
      screen.grid,
      "box",
    ),
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

/** Height of type that one rem stands for, arc minutes: the smallest type of a wall, 0.85 rem, then fills the 16 that are asked for. */
const REM_ARC_MINUTES = 18.85;
/** A rem is this part of a display's height where nothing larger is needed. */
const REM_OF_HEIGHT = 67.5;
/** Steps in which type grows, so that style sheets can name them. */
const TYPE_STEP = 0.05;
const MOST_TYPE = 3;

/** The display that a screen is made for; null: a desk's, or none that was told. */
export function displayOf(screen: Pick<Screen, "display" | "zone">, city: Pick<CityFacts, "zones">): Display | null {
  return screen.display ?? city.zones?.find(({ id }) => id === screen.zone)?.display ?? null;
}

/**
 * How many times larger than on a desk a display's type has to be, so that it is read from where people sit: 1 to 3, in steps of 0.05.
 * The angle follows ISO 9241-303:2011, which asks for 16 arc minutes at least and recommends 20 to 22.
 */
export function typeScale(display: Display | null): number {
  if (!display) return 1;
  const rem = display.distance * 2 * Math.tan((REM_ARC_MINUTES / 60 / 2) * (Math.PI / 180));
  const needed = (rem / display.height) * REM_OF_HEIGHT;
  const steps = Math.ceil(needed / TYPE_STEP - 1e-9);
  return Math.min(MOST_TYPE, Math.max(1, Number((steps * TYPE_STEP).toFixed(2))));
}
