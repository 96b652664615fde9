import type { Lang } from "@/lib/contract/city";
import { zoned } from "@/lib/clock";

const WEEKDAYS = { zh: ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"], en: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] } as const;
const two = (value: number): string => String(value).padStart(2, "0");

/** Time and date of an instant in a zone, as people there write them. */
export function clockText(at: number, timeZone: string, lang: Lang, seconds: boolean): { time: string; date: string } {
  const z = zoned(at, timeZone);
  const time = `${two(z.hour)}:${two(z.minute)}${seconds ? `:${two(z.second)}` : ""}`;
  const weekday = WEEKDAYS[lang][z.weekday] ?? "";
  return { time, date: lang === "zh" ? `${z.year}年${z.month}月${z.day}日 ${weekday}` : `${weekday} ${z.year}-${two(z.month)}-${two(z.day)}` };
}
