import type { Rgb } from "@/components/ui/theme";
import { worldPlace } from "../../flat/flat-mesh";
import type { Arc } from "./arcs-option";

/** Flows as columns, as the graphics card takes them; `length` of them are drawn. */
export interface FlowColumns {
  length: number;
  /** Web Mercator place that all others are told from, in units of which the world has 512 */
  origin: [number, number];
  /** for each: x and y of where it begins, and of where it ends, from the origin */
  ends: Float32Array;
  /** for each: half its width, rem, and by how much of a period its pulses go ahead, 0 to 1 */
  looks: Float32Array;
  /** for each: colours of where it begins and of where it ends, 0 to 255 */
  colors: Uint8Array;
}

/** From one pulse of a flow to its next, and how far one goes in a second: rem. Slow enough to be followed with the eye. */
export const PERIOD = 3.6;
const SPEED = 1;
/** ms that one step may stand for: in a replay, where minutes pass between two frames, pulses go as fast as ever. */
const LONGEST = 250;

/** How far pulses have gone since they began, of a period: rem. @param since ms that have passed on the page's clock */
export function travel(gone: number, since: number): number {
  return (gone + (SPEED * Math.max(0, Math.min(LONGEST, since))) / 1_000) % PERIOD;
}

/** Whether two drawings have the same flows of the same size: then nothing has to be sent again. */
export function sameArcs(one: readonly Arc[], other: readonly Arc[]): boolean {
  return (
    one.length === other.length && one.every(({ id, value }, i) => id === other[i]?.id && value === other[i]?.value)
  );
}

/** A part of a whole, always the same of the same text, so that pulses do not all set out at once nor jump when others come. */
function partOf(id: string): number {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = Math.imul(sum, 31) + id.charCodeAt(i);
  return (((sum >>> 0) % 997) * 0.618034) % 1;
}

/** @param capacity how many there is room for: columns of one capacity take each other's place */
export function flowColumns(
  arcs: readonly Arc[],
  capacity: number,
  source: Rgb | number[],
  target: Rgb | number[],
): FlowColumns {
  const origin = worldPlace(arcs[0]?.from ?? [0, 0]);
  const columns: FlowColumns = {
    length: arcs.length,
    origin,
    ends: new Float32Array(capacity * 4),
    looks: new Float32Array(capacity * 2),
    colors: new Uint8Array(capacity * 8),
  };
  arcs.forEach(({ id, from, to, weight }, i) => {
    const ends = [worldPlace(from), worldPlace(to)].flatMap(([x, y]) => [x - origin[0], y - origin[1]]);
    columns.ends.set(ends, i * 4);
    columns.looks.set([0.055 + weight * 0.16, partOf(id)], i * 2);
    columns.colors.set([...source, 70 + weight * 160], i * 8);
    columns.colors.set([...target, 90 + weight * 165], i * 8 + 4);
  });
  return columns;
}
