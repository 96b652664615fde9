import { zoned } from "@/lib/clock";
import type { Lang } from "@/lib/contract/city";
import type { HourCompleteness } from "@/lib/contract/quality";
import { formatAge, formatNumber, formatSeconds, t, twoDigits } from "./i18n";

/** Readings that were due and that came. */
export interface Tally {
  due: number;
  met: number;
}

export interface DayRow {
  /** MM-DD */
  day: string;
  /** 24 hours; null where nothing was due. An hour that the clock shows twice is one cell. */
  cells: (Tally | null)[];
}

/** Hours by local day, oldest first. */
export function completenessRows(hours: HourCompleteness[], timeZone: string): DayRow[] {
  const rows = new Map<string, DayRow>();
  for (const { at, due, met } of hours) {
    const z = zoned(at, timeZone);
    const day = `${twoDigits(z.month)}-${twoDigits(z.day)}`;
    const row = rows.get(day) ?? { day, cells: Array.from({ length: 24 }, () => null) };
    const known = row.cells[z.hour];
    row.cells[z.hour] = { due: due + (known?.due ?? 0), met: met + (known?.met ?? 0) };
    rows.set(day, row);
  }
  return [...rows.values()];
}

/** All that was due and all that came. */
export function total(hours: HourCompleteness[]): Tally {
  return hours.reduce<Tally>((sum, { due, met }) => ({ due: sum.due + due, met: sum.met + met }), { due: 0, met: 0 });
}

/** The part that came as a percentage; 100 % is never said of a series with a gap. */
export function ratio({ due, met }: Tally): string {
  return due === 0 ? "–" : `${(Math.floor((met / due) * 1000) / 10).toFixed(1)} %`;
}

/** How many were due and how many came, in words. */
export function said({ due, met }: Tally, lang: Lang): string {
  return `${t(lang, "due")} ${formatNumber(due, 0, lang)} · ${t(lang, "came")} ${formatNumber(met, 0, lang)}`;
}

/** How long (ms) readings were on their way: under a minute with a decimal. */
export function formatLag(ms: number, lang: Lang): string {
  return ms < 60_000 ? formatSeconds(Number((ms / 1000).toFixed(1)), lang) : formatAge(ms, lang);
}
