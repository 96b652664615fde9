import type { Lang } from "@/lib/contract/city";

/**
 * A moment as date and time to the minute, the year first. @param at ms since 1970 @param timeZone by whose clock; left out, by the
 * reader's own
 */
export function momentText(at: number, lang: Lang, timeZone?: string): string {
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "sv-SE", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(at);
}
