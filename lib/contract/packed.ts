/** Lists shorter than this travel as they are. */
const LONG = 256;

/** The list as it lies in memory, a gap as NaN; null where it holds anything but numbers and gaps. */
function columnOf(list: unknown[]): Float64Array | null {
  const column = new Float64Array(list.length);
  // By its index: an iterator over so long a list costs ten times as much.
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (item !== null && (typeof item !== "number" || Number.isNaN(item))) return null;
    column[i] = item ?? NaN;
  }
  return column;
}

function listOf(column: Float64Array): (number | null)[] {
  const list = new Array<number | null>(column.length);
  for (let i = 0; i < column.length; i++) {
    const value = column[i] as number;
    list[i] = Number.isNaN(value) ? null : value;
  }
  return list;
}

/**
 * A value of plain lists and objects as it travels between processes: long lists of numbers go as they lie in memory, a
 * gap (null) as NaN. Read one by one they would keep the reader's event loop for as long as hundreds of questions.
 */
export function packed(value: unknown): unknown {
  if (Array.isArray(value)) return (value.length >= LONG && columnOf(value)) || (value as unknown[]).map(packed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, packed(member)]));
}

/** The same as `packed`, with a rest after each long list. */
export async function packedInStretches(value: unknown, rest: () => Promise<void>): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value) && value.length >= LONG) {
    const column = columnOf(value);
    await rest();
    if (column) return column;
  }
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value as unknown[]) items.push(isPlain(item) ? item : await packedInStretches(item, rest));
    return items;
  }
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value))
    members.push([name, isPlain(member) ? member : await packedInStretches(member, rest)]);
  return Object.fromEntries(members);
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

/** The value that was `packed`. */
export function unpacked(value: unknown): unknown {
  if (value instanceof Float64Array) return listOf(value);
  if (Array.isArray(value))
    return value.some((item) => typeof item === "object" && item !== null) ? value.map(unpacked) : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unpacked(member)]));
}
