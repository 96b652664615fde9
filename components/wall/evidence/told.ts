import { metricOf, type CityFacts, type Lang, type Metric } from "@/lib/contract/city";
import { comparisonsOf, targetOf, type Comparison } from "@/lib/contract/compare";
import type { Sign } from "@/lib/contract/evaluation";
import { parseTopic } from "@/lib/contract/topics";
import { inputsOf, isComputed } from "@/lib/contract/totals";
import { paceOf, systemOf } from "@/lib/contract/widget";
import {
  isPulseWithheld,
  isWithheld,
  limitsWiderBy,
  notRetained,
  readMetric,
  readSign,
  type CityReading,
  type Live,
} from "@/lib/live/read-metric";
import { changeText, comparedNow, comparisonName } from "@/components/ui/comparison";
import { formatAge, formatNumber, formatSeconds, formatTime, formatValue, levelWord, t } from "@/components/ui/i18n";
import { placeName } from "@/components/ui/place-name";
import { noRightWord } from "@/components/ui/no-right";
import { aggregateWords, betterWord, kindWord } from "@/components/ui/metric-words";
import { stamp } from "@/components/ui/stamp";
import { freshnessWhy, qualityWhy, say } from "./words";

/** One thing that is known of a number. */
export interface Fact {
  key: string;
  term: string;
  text: string;
  /** why, or of what */
  note?: string;
}

/** All that is told of a number, or of another topic, at one moment. */
export interface Told {
  title: string;
  /** whose it is; empty where that goes without saying */
  place: string;
  unit: string;
  /** null for what is no single number */
  reading: CityReading | null;
  /** there is no right to it: what it means and where it comes from is told, and nothing else */
  withheld: boolean;
  sign: Sign;
  state: Fact[];
  meaning: Fact[];
  origin: Fact[];
}

interface Asked {
  live: Live;
  city: CityFacts;
  topic: string;
  lang: Lang;
}

/** A topic in words, without its place. */
export function topicName(city: CityFacts, topic: string, lang: Lang): string {
  const name = parseTopic(topic);
  if (name?.kind === "positions") return city.layers.find((layer) => layer.id === name.layer)?.name[lang] ?? name.layer;
  if (name?.kind === "reading") return metricOf(city, name.metric)?.name[lang] ?? name.metric;
  return t(lang, "event");
}

/** A moment by its time, and by its day where that is not the day of `now` (both ms). */
function momentText(at: number, now: number, timeZone: string): string {
  const day = (when: number): string => stamp(when, timeZone).slice(0, 5);
  const time = formatTime(at, timeZone, true);
  return day(at) === day(now) ? time : `${day(at)} ${time}`;
}

/** What is told of a topic now: of the same store, and judged by the same rules, as what stands on the page. */
export function toldOf(asked: Asked, chosen?: Comparison): Told {
  const { live, city, topic, lang } = asked;
  const name = parseTopic(topic);
  const district = name?.kind === "reading" ? name.district : "all";
  const metric = name?.kind === "reading" ? metricOf(city, name.metric) : undefined;
  const reading = name?.kind === "reading" ? readMetric(live, city, topic) : null;
  const sign = readSign(live, city, topic);
  const withheld = isWithheld(live, topic);
  return {
    title: topicName(city, topic, lang),
    place: name?.kind === "reading" ? placeName(city, district, lang) : city.name[lang],
    unit: metric?.unit[lang] ?? "",
    reading,
    withheld,
    sign,
    state: withheld
      ? rightFacts(lang)
      : [...signFacts(asked, sign), ...(reading ? readingFacts(asked, reading, chosen) : [])],
    meaning: metric ? meaningFacts(city, metric, district, lang) : [],
    origin: originFacts(city, topic, lang),
  };
}

function rightFacts(lang: Lang): Fact[] {
  const text = noRightWord("noRight", lang);
  return [{ key: "right", term: noRightWord("right", lang), text, note: noRightWord("askForIt", lang) }];
}

function signFacts({ live, city, topic, lang }: Asked, sign: Sign): Fact[] {
  const observed: Fact = { key: "observed", term: t(lang, "observed"), text: "–" };
  if (notRetained(live, topic)) return [{ ...observed, text: t(lang, "positionsNotRetained") }];
  const { at, evaluatedAt } = sign;
  if (at !== null) {
    observed.text = momentText(at, evaluatedAt, city.timeZone);
    observed.note = `${formatAge(evaluatedAt - at, lang)}${lang === "zh" ? "" : " "}${t(lang, "ago")}`;
  }
  // What is not known is not told.
  if (isPulseWithheld(live, city, topic)) return [observed];
  const note = freshnessWhy(sign, paceOf(city, topic), limitsWiderBy(live), lang);
  return [observed, { key: "freshness", term: say(lang, "freshness"), text: t(lang, sign.freshness), note }];
}

function readingFacts(asked: Asked, reading: CityReading, chosen?: Comparison): Fact[] {
  const { lang } = asked;
  const { quality, suppressed, metric, district } = reading;
  if (quality === null) return [];
  const [text, note] = qualityWhy(quality, isTotal(metric, district), lang);
  const small = { key: "small", term: t(lang, "smallCell"), text: `<${suppressed}` };
  return [
    { key: "quality", term: say(lang, "quality"), text, note },
    ...(suppressed === null ? [] : [small]),
    ...comparisonFacts(asked, reading, chosen),
  ];
}

/** What a value is set against, as the wall says it, and the reading that it is set against. */
function comparisonFacts({ live, city, topic, lang }: Asked, reading: CityReading, chosen?: Comparison): Fact[] {
  const { metric, district, counted } = reading;
  const wanted = chosen === "none" ? undefined : chosen;
  if (comparisonsOf(metric, district, wanted).length === 0) return [];
  const term = say(lang, "comparison");
  if (counted === null) return [{ key: "comparison", term, text: "–", note: say(lang, "notCompared") }];
  const compared = comparedNow(live, city, { topic, chosen: wanted });
  if (!compared) return [{ key: "comparison", term, text: "–", note: say(lang, "noComparison") }];
  const { base } = compared;
  const told = {
    key: "comparison",
    term: comparisonName(compared, metric, lang),
    text: changeText(compared, metric, lang),
  };
  if (compared.which === "target" || compared.band) return [told];
  const text = formatValue(base.value, metric.decimals, lang);
  const note = base.at === null ? {} : { note: momentText(base.at, reading.evaluatedAt, city.timeZone) };
  return [told, { key: "base", term: say(lang, "base"), text, ...note }];
}

/** Whether a place's figure is a total that the gateway makes. */
export function isTotal(metric: Metric, district: string): boolean {
  return district === "all" && isComputed(metric);
}

function meaningFacts(city: CityFacts, metric: Metric, district: string, lang: Lang): Fact[] {
  const target = targetOf(metric, district);
  const facts: (Fact | false)[] = [
    metric.definition !== undefined && {
      key: "definition",
      term: t(lang, "definition"),
      text: metric.definition[lang],
    },
    { key: "formula", term: say(lang, "formula"), text: formulaText(city, metric, district, lang) },
    { key: "unit", term: t(lang, "unit"), text: metric.unit[lang] || "–" },
    { key: "counting", term: t(lang, "counting"), text: kindWord(metric, lang) },
    { key: "direction", term: t(lang, "direction"), text: betterWord(metric, lang) },
    { key: "aggregation", term: t(lang, "aggregation"), text: aggregateWords(metric, city, lang) },
    target !== null && { key: "target", term: t(lang, "target"), text: formatNumber(target, metric.decimals, lang) },
  ];
  return facts.filter((fact) => fact !== false);
}

/** How a figure comes about: of a computed total, from what. */
function formulaText(city: CityFacts, metric: Metric, district: string, lang: Lang): string {
  if (!isTotal(metric, district)) return say(lang, "sentAsIs");
  const areas = levelWord(city, "districts", lang);
  const [first = "", second = ""] = inputsOf(metric).map((id) => metricOf(city, id)?.name[lang] ?? id);
  const rule = metric.aggregate?.districts;
  if (typeof rule === "object" && "ratio" in rule)
    return { zh: `各${areas}“${first}”合计 ÷ “${second}”合计`, en: `Total of ${first} / total of ${second}` }[lang];
  if (typeof rule === "object")
    return {
      zh: `各${areas}“${first}”按“${second}”加权平均`,
      en: `Average of ${first} over its areas, weighted by ${second}`,
    }[lang];
  const over = { zh: `各${areas}“${first}”`, en: `${first} of its areas (${areas})` }[lang];
  if (rule === "mean") return { zh: `${over}的平均`, en: `Average: ${over}` }[lang];
  return { zh: `${over}之和`, en: `Sum: ${over}` }[lang];
}

function originFacts(city: CityFacts, topic: string, lang: Lang): Fact[] {
  const system = city.systems[systemOf(city, topic) ?? ""];
  const pace = paceOf(city, topic);
  return [
    { key: "source", term: t(lang, "source"), text: system?.name[lang] ?? "–" },
    { key: "owner", term: t(lang, "owner"), text: system?.owner[lang] ?? "–" },
    { key: "interval", term: t(lang, "interval"), text: formatSeconds(pace.interval, lang) },
    { key: "limit", term: t(lang, "limit"), text: formatSeconds(pace.limit, lang) },
  ];
}
