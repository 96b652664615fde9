import type { Lang } from "@/lib/contract/city";

/** A moment as the reader's own clock has it: date and time to the minute, the year first. @param at ms since 1970 */
export function momentText(at: number, lang: Lang): string {
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "sv-SE", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}
