import { zoned } from "@/lib/clock";
import { twoDigits } from "@/components/ui/i18n";

/** An hour (its start, ms) and the part of the promised readings that came in it, 0 to 1. */
export interface Hour {
  at: number;
  complete: number;
}

export interface DayRow {
  /** MM-DD */
  day: string;
  /** 24 hours; null where nothing is known yet */
  cells: (number | null)[];
}

/** Hours by local day, oldest first. */
export function completenessRows(hours: Hour[], timeZone: string): DayRow[] {
  const rows = new Map<string, DayRow>();
  for (const { at, complete } of hours) {
    const z = zoned(at, timeZone);
    const day = `${twoDigits(z.month)}-${twoDigits(z.day)}`;
    const row = rows.get(day) ?? { day, cells: Array.from({ length: 24 }, () => null) };
    row.cells[z.hour] = complete;
    rows.set(day, row);
  }
  return [...rows.values()];
}

/** The mean of all hours as a percentage; 100 % is never said of a series with a gap. */
export function ratio(hours: Hour[]): string {
  if (hours.length === 0) return "–";
  const mean = hours.reduce((sum, { complete }) => sum + complete, 0) / hours.length;
  return `${(Math.floor(mean * 1000) / 10).toFixed(1)} %`;
}
