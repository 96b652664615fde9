import type { Lang } from "@/lib/contract/city";
import { formatValue, several, t } from "@/components/ui/i18n";
import { batches, type Outlook } from "./capacity-option";

/** A countdown as it is read: minutes and seconds, from an hour on hours and minutes. */
export function countdown(seconds: number, lang: Lang): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const [h, min, s] = lang === "zh" ? ["小时", "分", "秒"] : [" h ", " min ", " s"];
  return hours > 0 ? `${hours}${h}${two(minutes)}${min}`.trim() : `${minutes}${min}${two(seconds % 60)}${s}`;
}

/** A whole number; a dash for what is not known. */
export function countText(value: number | null, lang: Lang): string {
  return value === null ? "–" : formatValue(value, 0, lang);
}

/** Expected demand over capacity: two decimals while they can be told apart. */
export function ratioText(ratio: number | null): string {
  return ratio === null ? "–" : ratio.toFixed(ratio >= 10 ? 0 : 2);
}

/** When it comes: the opening, while it is ahead (`opensIn` in seconds), else when growth meets capacity. */
export function whenText({ reachedIn }: Outlook, opensIn: number | null, lang: Lang): string {
  if (opensIn !== null) return `${t(lang, "opensIn")} ${countdown(opensIn, lang)}`;
  return reachedIn === null ? "" : `${countdown(reachedIn, lang)} ${t(lang, "reachedIn")}`;
}

/** What would be needed where capacity will not do, and before an opening into how many it would have to be split. */
export function adviceText({ state, expected, ratio, opensIn }: Outlook, unit: string, lang: Lang): string {
  if ((state !== "short" && state !== "over") || expected === null || ratio === null) return "";
  const needed = `${t(lang, "needed")} ${formatValue(Math.ceil(expected / 100) * 100, 0, lang)} ${unit}`;
  if (opensIn === null) return needed;
  const split = batches(ratio);
  return lang === "zh"
    ? `${needed}，或分${split}批开放`
    : `${needed}, or open in ${several(split, "batch", "batches")}`;
}
