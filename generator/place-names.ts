import { pinyin } from "pinyin-pro";

/** Names whose reading is not the usual one of their characters, or that have an English form of their own. */
const KNOWN: Record<string, string> = {
  花都区: "Huadu District",
  大埔县: "Dabu County",
  番禺区: "Panyu District",
  东莞市: "Dongguan",
  六安市: "Lu'an",
  台州市: "Taizhou",
  丽水市: "Lishui",
  亳州市: "Bozhou",
  蚌埠市: "Bengbu",
  乐清市: "Yueqing",
  乐亭县: "Laoting County",
  涪陵区: "Fuling District",
  城区: "Urban District",
  郊区: "Suburban District",
  浚县: "Xun County",
  铅山县: "Yanshan County",
  婺源县: "Wuyuan County",
  黄陂区: "Huangpi District",
  盱眙县: "Xuyi County",
  邗江区: "Hanjiang District",
};

/** What a Chinese name ends with, and what the English one does. Longest first. */
const ENDINGS: [string, string][] = [
  ["自治县", " Autonomous County"],
  ["自治州", " Autonomous Prefecture"],
  ["街道", " Subdistrict"],
  ["新区", " New Area"],
  ["园区", " Park"],
  ["省", ""],
  ["市", ""],
  ["区", " District"],
  ["县", " County"],
  ["旗", " Banner"],
  ["镇", " Town"],
  ["乡", " Township"],
];

const HAN = /\p{Script=Han}/u;

/**
 * Syllables joined as GB/T 28039 writes them: one word, an apostrophe before a later syllable that begins with a vowel.
 */
function spelled(characters: string): string {
  const syllables = pinyin(characters, { toneType: "none", type: "array", v: true }).map((syllable) =>
    syllable.replace(/v/g, "ü"),
  );
  const word = syllables.map((syllable, i) => (i > 0 && /^[aeo]/.test(syllable) ? `'${syllable}` : syllable)).join("");
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A name with its Chinese characters spelled out, and whatever is written in letters left alone. */
function joined(name: string): string {
  return (name.match(/\p{Script=Han}+|[^\p{Script=Han}]+/gu) ?? [])
    .map((part) => (HAN.test(part) ? spelled(part) : part.trim()))
    .filter((part) => part !== "")
    .join(" ");
}

/**
 * A proposal for the English name of a Chinese place: pinyin and the kind of place. A person looks over it. A name in
 * another script (Glendale, Łódź, Москва, القاهرة) is left as it is: no spelling of it can be guessed.
 */
export function englishName(zh: string): string {
  if (!HAN.test(zh)) return zh;
  const known = KNOWN[zh];
  if (known) return known;
  const ending =
    ENDINGS.find(([end]) => zh.endsWith(end) && zh.length > end.length + (end.length > 1 ? 0 : 1)) ??
    ENDINGS.find(([end]) => zh.endsWith(end) && zh.length > end.length);
  return ending ? `${joined(zh.slice(0, -ending[0].length))}${ending[1]}` : joined(zh);
}

/**
 * Short names for places with little room: without the kind of place; a name of two characters keeps it in Chinese.
 * Names of places outside China are their own short ones: Lake County is not Lake.
 */
export function shortNames(zh: string, en = englishName(zh)): { zh: string; en: string } {
  if (!HAN.test(zh)) return { zh, en };
  const end = ENDINGS.find(([ending]) => zh.endsWith(ending))?.[0] ?? "";
  const short = zh.slice(0, zh.length - end.length);
  return {
    zh: short.length >= 2 ? short : zh,
    en: ENDINGS.reduce(
      (name, [, suffix]) =>
        suffix && name.endsWith(suffix) && name !== "Urban District" && name !== "Suburban District"
          ? name.slice(0, -suffix.length)
          : name,
      en,
    ),
  };
}
