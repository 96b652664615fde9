import { districtOf, type CityFacts, type Lang } from "@/lib/contract/city";
import { levelWord } from "./i18n";

/** A place's name where it stands beside others; `all` is the whole of the city, and a place that is not known its code. */
export function placeName(city: CityFacts, place: string, lang: Lang): string {
  return place === "all" ? levelWord(city, "whole", lang) : (districtOf(city, place)?.short[lang] ?? place);
}
