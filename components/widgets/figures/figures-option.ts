/**
 * Rows and characters a cell can show decide its type size: as large as the tile lets it be, in rem.
 * @param lines under the value: its name, and what it is compared with
 */
export function figureSize(
  width: number,
  height: number,
  columns: number,
  rows: number,
  longest: number,
  lines: 1 | 2 = 1,
): { value: number; name: number } {
  const cell = { w: width / columns - 1.2, h: height / rows };
  // Barlow Condensed is about 0.46 em wide a digit; a unit beside it takes about two more.
  const byWidth = cell.w / (Math.max(3, longest) * 0.48 + 1);
  // Beside others of its kind a figure stays calm; alone in much room it would be lost.
  const calm = Math.min(4.4, Math.max(2.9, cell.h * 0.22));
  const value = Math.max(1.1, Math.min(calm, byWidth, (cell.h - 0.5) * (lines === 1 ? 0.56 : 0.42)));
  return { value, name: Math.max(0.8, Math.min(1.05, value * 0.44), value * 0.3) };
}
