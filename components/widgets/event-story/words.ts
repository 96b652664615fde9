import type { Lang, Text } from "@/lib/contract/city";

/** What only an event's story says. */
const WORDS = {
  reporter: { zh: "上报方", en: "Reported by" },
  anyFeed: { zh: "全市数据源", en: "any feed of the city" },
  severity: { zh: "级别", en: "Severity" },
} as const satisfies Record<string, Text>;

export function say(lang: Lang, word: keyof typeof WORDS): string {
  return WORDS[word][lang];
}
