import { worldPlace } from "../flat/flat-mesh";

/** Red, green, blue and opacity, 0 to 255; opaque where the last is left out. */
export type Color = readonly number[];

/** A round mark that stands upright, whatever way the map is tilted. */
export interface Disc {
  /** degrees of longitude and latitude */
  at: readonly [number, number];
  /** CSS pixels */
  radius: number;
  fill: Color;
  /** half of it lies within the radius, half without: CSS pixels, and its colour */
  rim?: { width: number; color: Color };
}

/** Where a picture lies in its atlas, 0 to 1: left, top, right, bottom. */
export type Frame = readonly [number, number, number, number];

/** A part of an atlas that stands upright. */
export interface Sprite {
  /** degrees of longitude and latitude */
  at: readonly [number, number];
  /** half its width and height, CSS pixels */
  half: readonly [number, number];
  frame: Frame;
  /** degrees counterclockwise */
  angle?: number;
  /** how far it stands from its place, to the right and up: CSS pixels, whatever the map's scale */
  shift?: readonly [number, number];
}

/** Marks as columns, as the graphics card takes them; `length` of them are drawn. */
export interface MarkColumns {
  length: number;
  /** Web Mercator place that all others are told from, in units of which the world has 512 */
  origin: [number, number];
  /** for each: x and y from the origin, radians counterclockwise */
  places: Float32Array;
  /** for each: half its width and height, and its rim, CSS pixels; a rim below 0 says that it is a sprite */
  extents: Float32Array;
  /** for each: left, top, right, bottom in the atlas */
  frames: Float32Array;
  /** for each: how far it stands from its place, to the right and up, CSS pixels */
  shifts: Float32Array;
  /** for each: colours of filling and rim, 0 to 255 */
  colors: Uint8Array;
}

export const SPRITE = -1;

/** Columns with room for `capacity` marks, of which there are none yet. @param origin degrees of longitude and latitude */
export function makeColumns(capacity: number, origin: readonly [number, number]): MarkColumns {
  return {
    length: 0,
    origin: worldPlace(origin),
    places: new Float32Array(capacity * 3),
    extents: new Float32Array(capacity * 3),
    frames: new Float32Array(capacity * 4),
    shifts: new Float32Array(capacity * 2),
    colors: new Uint8Array(capacity * 8).fill(255),
  };
}

function place(columns: MarkColumns, i: number, at: readonly [number, number], angle: number): void {
  const [x, y] = worldPlace(at);
  columns.places.set([x - columns.origin[0], y - columns.origin[1], (angle * Math.PI) / 180], i * 3);
}

/** The place that columns of some marks are told from: the first one's. */
const originOf = (marks: readonly { at: readonly [number, number] }[]): readonly [number, number] =>
  marks[0]?.at ?? [0, 0];

/** Discs as columns, the last on top. */
export function columnsOfDiscs(discs: readonly Disc[]): MarkColumns {
  const columns = makeColumns(discs.length, originOf(discs));
  columns.length = discs.length;
  discs.forEach(({ at, radius, fill, rim }, i) => {
    const outer = radius + (rim?.width ?? 0) / 2;
    place(columns, i, at, 0);
    columns.extents.set([outer, outer, rim?.width ?? 0], i * 3);
    const [edge, inner] = [rim?.color ?? fill, fill];
    [inner, edge].forEach((color, k) => columns.colors.set(color.slice(0, 4), i * 8 + k * 4));
  });
  return columns;
}

/** Sprites come and go with the digits of figures: room for some more keeps the graphics card's memory as it is. */
const ROOM = 64;

/** Sprites of one atlas as columns, the last on top. */
export function columnsOfSprites(sprites: readonly Sprite[]): MarkColumns {
  const columns = makeColumns(Math.ceil(sprites.length / ROOM) * ROOM, originOf(sprites));
  columns.length = sprites.length;
  sprites.forEach(({ at, half, frame, angle = 0, shift }, i) => {
    place(columns, i, at, angle);
    columns.extents.set([...half, SPRITE], i * 3);
    columns.frames.set(frame, i * 4);
    if (shift) columns.shifts.set(shift, i * 2);
  });
  return columns;
}
