import type { Lang } from "@/lib/contract/city";

export { momentText } from "@/components/ui/reader-moment";

/** A moment as the reader's own clock has it, to the second. @param at ms since 1970 */
export function secondText(at: number, lang: Lang): string {
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "sv-SE", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(at);
}
