import type { CityFacts, Lang } from "@/lib/contract/city";
import { metricFacts } from "@/lib/contract/widget-settings";
import { t } from "@/components/ui/i18n";
import { showsRises, type LineSettings } from "./definition";
import { eventsWords } from "./line-events";

/** What is said of a line's axis above its plot; empty where that is nothing. */
interface Head {
  unit: string;
  events: string;
  ghost: string;
}

interface Asked {
  city: CityFacts;
  lang: Lang;
  settings: LineSettings;
}

/** The unit of the axis, what its marks are, and which past stands behind the line, if one is known. */
export function headOf({ city, lang, settings }: Asked): Head {
  const { events, ghost, series } = settings;
  // Of several units none is the axis's.
  const units = new Set(series.map(({ metric }) => metricFacts(city, metric).unit[lang]));
  const unit = units.size === 1 ? ([...units][0] ?? "") : "";
  return {
    unit: unitOf(unit, showsRises(settings, city), lang),
    events: events ? eventsWords(events, lang) : "",
    ghost: ghost ? t(lang, ghost === "day" ? "ghostDay" : "ghostWeek") : "",
  };
}

/** What the axis of values is in. */
function unitOf(unit: string, rises: boolean, lang: Lang): string {
  if (!rises) return unit;
  const words = t(lang, "hourlyRise");
  if (lang === "zh") return unit ? `${words}（${unit}）` : words;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${unit ? ` (${unit})` : ""}`;
}
