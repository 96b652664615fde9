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
  /** it lies on a mark, as there is no place beside it */
  covers?: true;
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

/** How high and how low a label may be moved: no farther than its reach, nor out of the room. */
function waysOf(box: Box, { line, room }: Bounds): [number, number] {
  const ends = [box.home - REACH * line, box.home + REACH * line] as const;
  const [high, low] = ends.map((y) => (room ? within(y, box.h / 2, room.top, room.bottom) : y));
  return [high ?? box.home, low ?? box.home];
}

function move(box: Box, by: number, bounds: Bounds): void {
  const [high, low] = waysOf(box, bounds);
  box.y = Math.max(high, Math.min(low, box.y + by));
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

/** How much of some marks a label would cover with its middle at a height. */
function covered({ x, w, h }: Box, y: number, marks: readonly Mark[]): number {
  return marks.reduce((sum, mark) => {
    const high = Math.min(h, 2 * mark.radius, h / 2 + mark.radius - Math.abs(mark.y - y));
    const wide = Math.min(w, 2 * mark.radius, w / 2 + mark.radius - Math.abs(mark.x - x));
    return high > 1e-6 && wide > 1e-6 ? sum + high * wide : sum;
  }, 0);
}

/** Moves a label to where it covers least of all marks, and of such places to the nearest. */
function pushOff(box: Box, bounds: Bounds): void {
  const near = bounds.marks.filter(({ x, radius }) => Math.abs(box.x - x) < box.w / 2 + radius);
  if (box.form === "none" || near.length === 0) return;
  const [high, low] = waysOf(box, bounds);
  // What is covered grows and shrinks evenly between these heights, so the least of it is at one of them.
  const turns = near.flatMap(({ y, radius }) =>
    [box.h / 2 + radius, Math.abs(box.h / 2 - radius)].flatMap((off) => [y - off, y + off]),
  );
  const ways = [box.home, high, low, ...turns].filter((y) => y >= high && y <= low);
  const told = ways.map((y) => ({ y, over: covered(box, y, near), off: Math.abs(y - box.home) }));
  box.y = told.reduce((a, b) => (b.over < a.over - 1e-3 || (b.over <= a.over + 1e-3 && b.off < a.off) ? b : a)).y;
}

interface Bounds {
  line: number;
  room: Room | null;
  marks: readonly Mark[];
}

/** Labels in the forms given, off the marks and then pushed apart, as far as that goes. @param loose those that keep off no mark */
function settle(
  wishes: readonly Wish[],
  forms: readonly Form[],
  bounds: Bounds,
  loose: ReadonlySet<number> = new Set(),
): Box[] {
  const boxes = wishes.map((wish, i) => boxOf(wish, forms[i] as Form, bounds.line, bounds.room));
  boxes.forEach((box, i) => !loose.has(i) && pushOff(box, bounds));
  for (let round = 0, moved = true; moved && round < ROUNDS; round++) {
    moved = false;
    for (let i = 0; i < boxes.length; i++)
      for (let k = i + 1; k < boxes.length; k++) moved = pushApart(boxes[i] as Box, boxes[k] as Box, bounds) || moved;
  }
  return boxes;
}

/** Which labels still lie on another one. */
function lying(boxes: readonly Box[]): number[] {
  return boxes.flatMap((box, i) => (boxes.some((other, k) => k !== i && overlap(box, other) > 1e-3) ? [i] : []));
}

/** Which label gives up something: of those that still lie on another the fullest, of these the last; null where none does. */
function yielding(boxes: readonly Box[]): number | null {
  const fullness = (i: number): number => FORMS.indexOf((boxes[i] as Box).form);
  return lying(boxes).reduce<number | null>(
    (worst, i) => (worst === null || fullness(i) <= fullness(worst) ? i : worst),
    null,
  );
}

/** Labels in forms in which all of them have room, off the marks: those that lie on another for that do not keep off marks. */
function settleOff(wishes: readonly Wish[], forms: readonly Form[], bounds: Bounds): Box[] {
  const loose = new Set<number>();
  for (;;) {
    const boxes = settle(wishes, forms, bounds, loose);
    const meeting = lying(boxes);
    if (meeting.length === 0 || loose.size === wishes.length) return boxes;
    const more = meeting.filter((i) => !loose.has(i));
    for (const i of more.length > 0 ? more : wishes.keys()) loose.add(i);
  }
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
 * @param marks what they keep off where they can: for a mark nothing is given up, nor does one name lie on another
 */
export function spread(wishes: readonly Wish[], line: number, room: Room | null, marks: readonly Mark[] = []): Place[] {
  const alone = { line, room, marks: [] };
  const forms = wishes.map((wish) => fullest(wish, room));
  for (let boxes = settle(wishes, forms, alone), who = yielding(boxes); who !== null; who = yielding(boxes)) {
    forms[who] = FORMS[FORMS.indexOf(forms[who] as Form) + 1] as Form;
    boxes = settle(wishes, forms, alone);
  }
  return settleOff(wishes, forms, { line, room, marks }).map((box, i) => ({
    form: box.form,
    dx: box.x - (wishes[i] as Wish).x,
    dy: box.y - (wishes[i] as Wish).y,
    // What is less than half a square of a line's height is the room around a label.
    ...(box.form !== "none" && covered(box, box.y, marks) > (line * line) / 2 && { covers: true as const }),
  }));
}
