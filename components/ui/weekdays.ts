import type { Lang } from "@/lib/contract/city";

/**
 * How a weekday is written: `long` 星期一, Monday; `short` 星期一, Mon; `column` 一, Mon: as little as a column of them needs.
 */
export type WeekdayForm = "long" | "short" | "column";

/** What `Intl` calls the forms: Chinese has none between 周一 and 一, and a wall writes it out. */
const STYLES = {
  zh: { long: "long", short: "long", column: "narrow" },
  en: { long: "long", short: "short", column: "short" },
} as const;

/** A Monday, so that a weekday's number is a count of days from here. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;
const written = new Map<string, readonly string[]>();

/** The seven weekdays from Monday on, in the order of `zoned().weekday`. */
export function weekdays(lang: Lang, form: WeekdayForm): readonly string[] {
  const key = `${lang} ${form}`;
  const known = written.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-US", {
    weekday: STYLES[lang][form],
    timeZone: "UTC",
  });
  const made = Array.from({ length: 7 }, (_, i) => format.format(MONDAY + i * DAY));
  written.set(key, made);
  return made;
}

/** One weekday. @param day 0 = Monday .. 6 = Sunday */
export function weekday(day: number, lang: Lang, form: WeekdayForm): string {
  return weekdays(lang, form)[day] ?? "";
}
