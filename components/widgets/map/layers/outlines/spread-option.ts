import type { Room } from "../../layer";

/** A name that a figure may stand beside; all in CSS pixels, y growing downwards. */
export interface Wish {
  /** where its middle would stand if it were alone */
  x: number;
  y: number;
  /** widths of the name and of its figure; 0: it has none */
  name: number;
  figure: number;
}

/** What names keep clear of as far as they can, such as an event's mark. */
export interface Mark {
  x: number;
  y: number;
  radius: number;
}

/** Where it is written: the figure behind the name, in a second line, not at all, or nothing of either. */
export type Form = "beside" | "below" | "bare" | "none";

export interface Place {
  form: Form;
  /** how far its middle is moved, to the right and down */
  dx: number;
  dy: number;
}

/** From name to figure, and between two labels, of a line's height. */
export const GAP = 0.3;
/** How far a label may be moved from where it would stand, of a line's height: farther away it would be another place's. */
const REACH = 1.25;
/** Rounds in which labels push each other apart; they settle in a few. */
const ROUNDS = 16;
/** How much a form gives up, from the fullest to nothing. */
const FORMS: readonly Form[] = ["beside", "below", "bare", "none"];

interface Box {
  form: Form;
  x: number;
  y: number;
  home: number;
  w: number;
  h: number;
}

/** Width and height of a label in a form. @param line height of a line */
export function sizeOf({ name, figure }: Pick<Wish, "name" | "figure">, form: Form, line: number): [number, number] {
  if (form === "none") return [0, 0];
  if (form === "beside") return [name + GAP * line + figure, line];
  if (form === "below") return [Math.max(name, figure), 2 * line];
  return [name, line];
}

function within(value: number, half: number, low: number, high: number): number {
  return high - low < 2 * half ? (low + high) / 2 : Math.max(low + half, Math.min(high - half, value));
}

function boxOf(wish: Wish, form: Form, line: number, room: Room | null): Box {
  const [written, h] = sizeOf(wish, form, line);
  const w = written + (written > 0 ? GAP * line : 0);
  const x = room ? within(wish.x, w / 2, room.left, room.right) : wish.x;
  const home = room ? within(wish.y, h / 2, room.top, room.bottom) : wish.y;
  return { form, x, y: home, home, w, h };
}

/** By how much two labels lie on each other, upwards; 0 and less: not at all. */
function overlap(a: Box, b: Box): number {
  if (a.form === "none" || b.form === "none" || Math.abs(a.x - b.x) >= (a.w + b.w) / 2) return 0;
  return (a.h + b.h) / 2 - Math.abs(a.y - b.y);
}

/** Moves a label up or down, no farther than its reach nor out of the room. */
function move(box: Box, by: number, { line, room }: Bounds): void {
  const y = Math.max(box.home - REACH * line, Math.min(box.home + REACH * line, box.y + by));
  box.y = room ? within(y, box.h / 2, room.top, room.bottom) : y;
}

/** Moves two labels that lie on each other half the way each. True when it had to. */
function pushApart(a: Box, b: Box, bounds: Bounds): boolean {
  const over = overlap(a, b);
  if (over <= 1e-6) return false;
  const [upper, lower] = a.y <= b.y ? [a, b] : [b, a];
  move(upper, -over / 2, bounds);
  move(lower, over / 2, bounds);
  return true;
}

/** Moves a label off a mark, to the nearer side. */
function pushOff(box: Box, { x, y, radius }: Mark, bounds: Bounds): void {
  if (box.form === "none" || Math.abs(box.x - x) >= box.w / 2 + radius) return;
  const over = box.h / 2 + radius - Math.abs(box.y - y);
  if (over > 1e-6) move(box, box.y < y ? -over : over, bounds);
}

interface Bounds {
  line: number;
  room: Room | null;
  marks: readonly Mark[];
}

/** Labels in the forms given, off the marks and then pushed apart, as far as that goes. */
function settle(wishes: readonly Wish[], forms: readonly Form[], bounds: Bounds): Box[] {
  const boxes = wishes.map((wish, i) => boxOf(wish, forms[i] as Form, bounds.line, bounds.room));
  for (const box of boxes) for (const mark of bounds.marks) pushOff(box, mark, bounds);
  for (let round = 0, moved = true; moved && round < ROUNDS; round++) {
    moved = false;
    for (let i = 0; i < boxes.length; i++)
      for (let k = i + 1; k < boxes.length; k++) moved = pushApart(boxes[i] as Box, boxes[k] as Box, bounds) || moved;
  }
  return boxes;
}

/** Which label gives up something: of those that still lie on another the fullest, of these the last; null where none does. */
function yielding(boxes: readonly Box[]): number | null {
  let worst: number | null = null;
  const fuller = (i: number): boolean =>
    worst === null || FORMS.indexOf((boxes[i] as Box).form) <= FORMS.indexOf((boxes[worst] as Box).form);
  boxes.forEach((box, i) => {
    if (boxes.some((other, k) => k !== i && overlap(box, other) > 1e-3) && fuller(i)) worst = i;
  });
  return worst;
}

/** What is written of a label that has all the room it wants; nothing of one whose place is not in sight. */
function fullest({ x, y, figure }: Wish, room: Room | null): Form {
  if (room && (x < room.left || x > room.right || y < room.top || y > room.bottom)) return "none";
  return figure > 0 ? "beside" : "bare";
}

/**
 * Where names with their figures stand, so that none lies on another or leaves the room: they are moved up and down, by little more
 * than a line each, and where that is not enough figures go to a second line, then away, and at last a name. The first keep most.
 * @param line height of a line @param room what they have to lie in, where a label that is as wide as all of it may not; null: anything
 * @param marks what they keep off where they can
 */
export function spread(wishes: readonly Wish[], line: number, room: Room | null, marks: readonly Mark[] = []): Place[] {
  const bounds = { line, room, marks };
  const forms = wishes.map((wish) => fullest(wish, room));
  let boxes = settle(wishes, forms, bounds);
  for (let who = yielding(boxes); who !== null; who = yielding(boxes)) {
    forms[who] = FORMS[FORMS.indexOf(forms[who] as Form) + 1] as Form;
    boxes = settle(wishes, forms, bounds);
  }
  return boxes.map(({ form, x, y }, i) => ({ form, dx: x - (wishes[i] as Wish).x, dy: y - (wishes[i] as Wish).y }));
}
