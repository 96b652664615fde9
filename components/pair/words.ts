import type { Lang, Text } from "@/lib/contract/city";

const WORDS = {
  title: { zh: "配对此屏", en: "Pair this display" },
  open: { zh: "在另一台设备上打开", en: "On another device, open" },
  enter: { zh: "然后输入此码", en: "and enter this code" },
  left: { zh: "有效期还有", en: "Holds for another" },
  turns: { zh: "到期自动换新码", en: "then there is a new one" },
  asking: { zh: "正在获取配对码…", en: "Getting a code…" },
  away: { zh: "连接不上服务器，正在重试", en: "The gateway cannot be reached, trying again" },
  many: { zh: "此网络内待配对的屏太多，请稍候", en: "Too many displays wait in this network, trying again soon" },
  found: { zh: "已配对，正在打开大屏…", en: "Paired, opening the wall…" },
  turn: { zh: "English", en: "中文" },
} as const satisfies Record<string, Text>;
export type PairWord = keyof typeof WORDS;

/** A word of the page, in its language. */
export const word = (lang: Lang, name: PairWord): string => WORDS[name][lang];

/** What is left of a code, as a clock shows it. @param ms 0 at the least */
export function leftWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
