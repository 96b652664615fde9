const formats = new Map<string, Intl.DateTimeFormat>();
/** the one used last, which needs no new place among them */
let newest: Intl.DateTimeFormat | null = null;
/** Zones whose format is kept, those used last: each is about 50 KB. */
const FORMATS_KEPT = 64;

/** Calendar fields of an instant in a time zone, whatever the machine's own zone is. */
export interface ZonedTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** 0 = Monday .. 6 = Sunday */
  weekday: number;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** The format of a zone. @throws RangeError for a zone that is not known */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  const format =
    known ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      weekday: "short",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  if (format === newest) return format;
  // The one used longest ago stands first.
  formats.delete(timeZone);
  formats.set(timeZone, format);
  newest = format;
  const [oldest] = formats.keys();
  if (formats.size > FORMATS_KEPT && oldest !== undefined) formats.delete(oldest);
  return format;
}

/** Midnight (UTC) before the year 1, ms. */
const YEAR_ONE = -62_135_596_800_000;
const DAY = 86_400_000;

/**
 * The year as ISO 8601 counts it, in which 0 comes before 1: the platform writes both as 1, and counts back from there.
 */
function isoYear(at: number, year: number, month: number): number {
  const isBefore = Math.abs(at - YEAR_ONE) < DAY ? month === 12 : at < YEAR_ONE;
  return isBefore ? 1 - year : year;
}

/**
 * Splits `at` (ms) into the calendar fields of `timeZone` (IANA name).
 * @throws RangeError for a zone that is not known
 */
export function zoned(at: number, timeZone: string): ZonedTime {
  const parts: Record<string, string> = {};
  for (const part of formatOf(timeZone).formatToParts(at)) parts[part.type] = part.value;
  const month = Number(parts.month);
  return {
    year: isoYear(at, Number(parts.year), month),
    month,
    day: Number(parts.day),
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    second: Number(parts.second),
    weekday: WEEKDAYS.indexOf(parts.weekday ?? ""),
  };
}
