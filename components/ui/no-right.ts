import type { Lang, Text } from "@/lib/contract/city";

const WORDS = {
  noRight: { zh: "无权查看", en: "No right" },
  someWithheld: { zh: "部分无权", en: "Partly no right" },
  notAllowed: { zh: "无此权限", en: "No right to this" },
  freshnessUnknown: { zh: "时效未知", en: "Freshness not known" },
  noRightHere: { zh: "您无权查看此页", en: "You have no right to this page" },
  askForIt: {
    zh: "如工作需要，请联系本系统管理员开通。",
    en: "If your work needs it, ask the administrators of this installation.",
  },
  right: { zh: "权限", en: "Access" },
} as const satisfies Record<string, Text>;

/** What pages say of what there is no right to. */
export function noRightWord(word: keyof typeof WORDS, lang: Lang): string {
  return WORDS[word][lang];
}

/** How many of several things are not shown, as there is no right to them; empty of none. */
export function withheldWords(count: number, lang: Lang): string {
  if (count === 0) return "";
  return lang === "zh" ? `${count}项无权查看` : `${count} not shown: no right`;
}
