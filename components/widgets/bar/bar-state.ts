import { placesUnder, type CityFacts, type Lang } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readMetric, type Live } from "@/lib/live/read-metric";
import { changeText, comparedNow, comparisonName, wholeOfYesterday } from "@/components/ui/comparison";
import { formatMetric } from "@/components/ui/i18n";
import { readingText } from "@/components/ui/paint-value";
import { cut, rank, roomForNames, type Bar } from "./bar-option";
import { barsOfYesterday } from "./bar-yesterday";
import type { BarSettings } from "./definition";

/** What a bar is of. */
interface Part {
  topic: string;
  metric: string;
  /** a place's code, or all */
  district: string;
  name: string;
}

/** A bar of a part, and the name of what it is compared with. */
export interface PlacedBar extends Bar {
  topic: string;
  against: string | null;
}

export interface Shown {
  bars: PlacedBar[];
  /** whether they are by what yesterday came to */
  yesterday: boolean;
}

/** The places of one metric, or several metrics of the city. @param width of the tile, rem */
export function partsOf({ metrics, of }: BarSettings, city: CityFacts, lang: Lang, width: number): Part[] {
  const [only] = metrics;
  const places = placesUnder(city, of);
  const whole =
    width === 0 ||
    roomForNames(
      places.map(({ name }) => name[lang]),
      width,
    );
  const parts =
    only !== undefined && metrics.length === 1
      ? places.map(({ name, short, adcode }) => ({
          name: (whole ? name : short)[lang],
          metric: only,
          district: adcode,
        }))
      : metrics.map((metric) => ({ name: metricFacts(city, metric).name[lang], metric, district: "all" }));
  return parts.map((part) => ({ ...part, topic: readingTopic(city.id, part.district, part.metric) }));
}

/** The bars that are seen, in their order; by what yesterday came to while today's counts say little. */
export function barsOf(settings: BarSettings, city: CityFacts, live: Live, lang: Lang, width: number): Shown {
  const { compare } = settings;
  const all = partsOf(settings, city, lang, width).map(({ name, metric, district, topic }) => {
    const reading = readMetric(live, city, topic);
    const found = compare === "none" ? null : comparedNow(live, city, { topic, chosen: compare });
    const facts = metricFacts(city, metric);
    const whole = settings.yesterday ? wholeOfYesterday(live, city, topic) : null;
    return {
      topic,
      whole: whole && { ...whole, text: formatMetric(facts, district, whole.value, lang) },
      change: found && { text: changeText(found, facts, lang), good: found.good },
      against: found && comparisonName(found, facts, lang),
      name,
      text: readingText(reading, lang),
      value: reading.counted,
      quality: reading.quality,
      highlight: district === settings.highlight,
      color: facts.color,
    };
  });
  const before = barsOfYesterday(
    all,
    all.map(({ whole }) => whole),
  );
  const led = before ?? all;
  return { bars: cut(settings.ranked ? rank(led) : led, settings.limit), yesterday: before !== null };
}
