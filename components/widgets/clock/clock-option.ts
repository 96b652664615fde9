import type { Lang } from "@/lib/contract/city";
import { zoned } from "@/lib/clock";
import { twoDigits } from "@/components/ui/i18n";

const WEEKDAYS = {
  zh: ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"],
  en: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
} as const;

/** Time and date of an instant in a zone, as people there write them. */
export function clockText(at: number, timeZone: string, lang: Lang, seconds: boolean): { time: string; date: string } {
  const z = zoned(at, timeZone);
  const time = `${twoDigits(z.hour)}:${twoDigits(z.minute)}${seconds ? `:${twoDigits(z.second)}` : ""}`;
  const weekday = WEEKDAYS[lang][z.weekday] ?? "";
  return {
    time,
    date:
      lang === "zh"
        ? `${z.year}年${z.month}月${z.day}日 ${weekday}`
        : `${weekday} ${z.year}-${twoDigits(z.month)}-${twoDigits(z.day)}`,
  };
}
