import { closedCount, openCount } from "@/lib/contract/event-counts";
import type { Lang } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import type { EventsState } from "@/lib/contract/reduce";
import { isChosen } from "@/lib/contract/widget-settings";
import { widest } from "@/components/ui/text-width";
import type { EventListSettings } from "./definition";

/** The city's day: its date, and its midnight in ms. */
export interface Today {
  date: string;
  midnight: number;
}

/** Events to list: open ones by severity, then newest first; behind them, if wanted, those closed today. */
export function listed(
  state: EventsState | undefined,
  settings: EventListSettings,
  today: Today,
  limit = 200,
): CityEvent[] {
  if (!state) return [];
  const wanted = (event: CityEvent): boolean => event.severity >= settings.minSeverity && isChosen(event, settings);
  const open = [...state.open.values()].filter(wanted).sort((a, b) => b.severity - a.severity || b.at - a.at);
  if (!settings.closed) return open.slice(0, limit);
  const closed = [...state.closed.values()]
    .filter((event) => event.updated >= today.midnight && wanted(event))
    .sort((a, b) => b.updated - a.updated);
  return [...open, ...closed].slice(0, limit);
}

/** How many events there are to list, those included that a wall does not hold. */
export function totalOf(state: EventsState | undefined, settings: EventListSettings, today: Today): number {
  if (!state) return 0;
  return openCount(state.counts, settings) + (settings.closed ? closedCount(state.counts, settings, today.date) : 0);
}

/** Events that stay in sight while the others take turns: the gravest, at most half of the rows. */
export function pinned(events: CityEvent[], rows: number): CityEvent[] {
  return events.length <= rows ? [] : events.filter((event) => event.severity >= 3).slice(0, Math.floor(rows / 2));
}

/** The page of a list that does not fit: whole pages in turn, each shown for `dwell` ms, never a moving line. */
export function pageOf<T>(
  items: T[],
  perPage: number,
  now: number,
  dwell: number,
): { items: T[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(items.length / Math.max(1, perPage)));
  const page = Math.floor(now / dwell) % pages;
  return { items: items.slice(page * perPage, page * perPage + perPage), page, pages };
}

/** Height of a row whose title has one line or two, and of the pager under the rows, rem. */
const ROW = { 1: 3.3, 2: 4.5 } as const;
const PAGER = 1.5;
/** A list narrower than this has no room for a title and its stage beside each other, rem. */
const NARROW: Readonly<Record<Lang, number>> = { zh: 24, en: 30 };

/** How a list is laid out: whether titles have its whole width, in how many lines, and how many rows there is room for. */
export interface Rows {
  narrow: boolean;
  lines: 1 | 2;
  fits: number;
}

/** @param room of the list, rem; null while it is not known */
export function rowsIn(room: { width: number; height: number } | null, lang: Lang): Rows {
  const narrow = room !== null && room.width < NARROW[lang];
  // English titles are twice as long.
  const lines = narrow && lang === "en" ? 2 : 1;
  return { narrow, lines, fits: room ? Math.max(1, Math.floor((room.height - PAGER) / ROW[lines])) : 6 };
}

/** Pages told by a dot each; of more the count alone says it. */
const MOST_DOTS = 12;
/** In the line under the rows, rem: the size of its type, a dot with its gap, what is left at the ends. */
const [COUNT, DOT, ENDS] = [0.95, 0.8, 2.2];

/** How many dots tell the pages: one each; none where there is one page, or no room for all of them. @param width of the list, rem */
export function dotsFor(pages: number, count: string, width: number): number {
  if (pages < 2 || pages > MOST_DOTS) return 0;
  return COUNT * widest([count]) + pages * DOT + ENDS <= width ? pages : 0;
}

/** Size of a title's type, and what lies beside it: the mark, its gap and the list's edges, rem. */
const [TITLE, BESIDE] = [1.05, 4.3];

/**
 * A title that a narrow list has room for in one line: where it is too long, as many of its clauses as there is room for, whole, as a
 * cut word says less than none. Of English, whose places stand behind a comma, nothing is left out.
 * @param width of the list, rem
 */
export function fitted(title: string, width: number): string {
  const fits = (text: string): boolean => TITLE * widest([text]) <= width - BESIDE;
  const clauses = title.split("，");
  const shorter = clauses.map((_, i) => clauses.slice(0, clauses.length - i).join("，"));
  return shorter.find(fits) ?? title;
}
