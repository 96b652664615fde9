import type { Lang } from "@/lib/contract/city";
import { zoned } from "@/lib/clock";
import { twoDigits } from "@/components/ui/i18n";
import { weekday } from "@/components/ui/weekdays";

/** Time and date of an instant in a zone, as people there write them. */
export function clockText(at: number, timeZone: string, lang: Lang, seconds: boolean): { time: string; date: string } {
  const z = zoned(at, timeZone);
  const time = `${twoDigits(z.hour)}:${twoDigits(z.minute)}${seconds ? `:${twoDigits(z.second)}` : ""}`;
  const day = weekday(z.weekday, lang, "long");
  return {
    time,
    date:
      lang === "zh"
        ? `${z.year}年${z.month}月${z.day}日 ${day}`
        : `${day} ${z.year}-${twoDigits(z.month)}-${twoDigits(z.day)}`,
  };
}
