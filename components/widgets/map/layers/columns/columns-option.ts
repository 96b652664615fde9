/** Height in metres: the largest value stands `highest` high; nothing known stands flat. */
export function columnHeight(value: number | null, largest: number, highest: number): number {
  return value === null || largest <= 0 ? 0 : (Math.max(0, value) / largest) * highest;
}
