import type { Lang, Text } from "@/lib/contract/city";
import type { Sign } from "@/lib/contract/evaluation";
import type { Freshness, Pace } from "@/lib/contract/freshness";
import type { Quality } from "@/lib/contract/readings";
import { formatAge, formatSeconds, t } from "@/components/ui/i18n";

/** What only the drawer says. */
const WORDS = {
  evidence: { zh: "数据溯源", en: "Where this number comes from" },
  freshness: { zh: "时效", en: "Freshness" },
  quality: { zh: "数据质量", en: "Quality" },
  comparison: { zh: "对比", en: "Comparison" },
  base: { zh: "对比基数", en: "Compared with" },
  formula: { zh: "计算方式", en: "How it is computed" },
  completeness: { zh: "近7天完整率", en: "Completeness, 7 days" },
  replayThis: { zh: "回放此刻", en: "Replay this moment" },
  metricPage: { zh: "来源与质量", en: "Source and quality" },
  districtPage: { zh: "打开该地页面", en: "Open its page" },
  csv: { zh: "导出CSV（此前24小时）", en: "Export CSV, last 24 hours" },
  screenSources: { zh: "本屏数据来源", en: "Sources on this screen" },
  tileSources: { zh: "同组数据", en: "Figures beside it" },
  sentAsIs: { zh: "由数据源直接上报，本系统不作计算", en: "Sent by its source, nothing is computed here" },
  good: { zh: "正常", en: "Good" },
  goodWhy: { zh: "数据源未作标记", en: "Not flagged by its source" },
  partsGood: { zh: "合计所用数据均未被标记", en: "None of the values in this total is flagged" },
  estimated: {
    zh: "合计中有存疑数据，或低于隐私保护阈值的估计值",
    en: "The total holds uncertain values, or estimates below the privacy threshold",
  },
  noComparison: { zh: "暂无足够的对比基数", en: "Nothing sufficient to compare with" },
  notCompared: { zh: "数据超时或无效，不作对比", en: "Stale or invalid, not compared" },
  stillLoading: { zh: "正在查询", en: "Loading" },
  notHeard: { zh: "连接中断，无法判断", en: "Connection lost, cannot be judged" },
  neverCame: { zh: "尚未收到数据", en: "No data has arrived yet" },
  further: { zh: "相关页面", en: "Further" },
  files: { zh: "本屏配置", en: "Configuration of this screen" },
  layout: { zh: "版面", en: "Layout" },
  notInForce: { zh: "未被采用", en: "Not in force" },
  byDistrict: { zh: "分布", en: "By area" },
} as const satisfies Record<string, Text>;

type EvidenceWord = keyof typeof WORDS;

/** A word of the drawer in the language asked for. */
export function say(lang: Lang, word: EvidenceWord): string {
  return WORDS[word][lang];
}

/** Why something is as fresh as it is told to be: its age against what its source promises. */
export function freshnessWhy({ at, freshness, evaluatedAt }: Sign, pace: Pace, tolerance: number, lang: Lang): string {
  if (at === null) return say(lang, "neverCame");
  if (freshness === "offline") return say(lang, "notHeard");
  const wider = tolerance > 0 ? formatAge(tolerance, lang) : "";
  const note = { zh: `（存档间隔较疏，时限放宽${wider}）`, en: ` (limits ${wider} wider, as archived)` }[lang];
  return `${judged(freshness, formatAge(evaluatedAt - at, lang), pace, lang)}${wider === "" ? "" : note}`;
}

/** @param age in words */
function judged(freshness: Exclude<Freshness, "offline">, age: string, { interval, limit }: Pace, lang: Lang): string {
  const due = formatSeconds(Math.min(interval * 1.5, limit), lang);
  const last = formatSeconds(limit, lang);
  const said: Record<typeof freshness, Text> = {
    live: { zh: `距采集${age}，未超过${due}`, en: `Observed ${age} ago, due within ${due}` },
    late: {
      zh: `距采集${age}，超过${due}，未到时限${last}`,
      en: `Observed ${age} ago, later than ${due}, within ${last}`,
    },
    stale: {
      zh: `距采集${age}，超过时限${last}，不代表当前情况`,
      en: `Observed ${age} ago, past its timeout of ${last}: no longer current`,
    },
  };
  return said[freshness][lang];
}

/** A reading's quality and why it has it. @param computed whether it is a total that the gateway makes */
export function qualityWhy(quality: Quality, computed: boolean, lang: Lang): [name: string, why: string] {
  if (quality === "good") return [say(lang, "good"), say(lang, computed ? "partsGood" : "goodWhy")];
  if (quality === "bad") return [t(lang, "bad"), t(lang, "badValue")];
  return [t(lang, "uncertain"), computed ? say(lang, "estimated") : t(lang, "uncertainValue")];
}
