import {
  districtOf,
  metricOf,
  parentOf,
  placesUnder,
  siblingsOf,
  type CityFacts,
  type District,
  type Lang,
} from "@/lib/contract/city";
import { parseTopic, readingTopic } from "@/lib/contract/topics";
import { readMetric, type CityReading, type Live } from "@/lib/live/read-metric";
import { levelWord, t } from "@/components/ui/i18n";

/** A place's part of a number, or its own number beside the one asked for. */
interface SplitRow {
  adcode: string;
  name: string;
  topic: string;
  reading: CityReading;
  /** of the largest, 0 to 1; null for what does not count */
  part: number | null;
  /** the one that was asked for */
  own: boolean;
}

/** The places that a topic's number is split by: the parts of its own, else those beside it; none where no readings come of them. */
function placesOf(city: CityFacts, district: string, id: string): District[] {
  const metric = metricOf(city, id);
  if (!metric) return [];
  if (district === "all") return metric.districts ? city.districts : [];
  const under = metric.subdivisions ? placesUnder(city, district) : [];
  if (under.length > 0) return under;
  return districtOf(city, district) ? siblingsOf(city, district) : [];
}

/** The topics of a number's split, in the order of the city's files; empty where it has none. */
export function splitTopics(city: CityFacts, topic: string): string[] {
  const name = parseTopic(topic);
  if (name?.kind !== "reading") return [];
  return placesOf(city, name.district, name.metric).map(({ adcode }) => readingTopic(city.id, adcode, name.metric));
}

/** A number by place, as it is now. What is dead or bad has no bar, and never one of length 0. */
export function splitOf(live: Live, city: CityFacts, topic: string, lang: Lang): SplitRow[] {
  const readings = splitTopics(city, topic).map((own) => ({ topic: own, reading: readMetric(live, city, own) }));
  const most = Math.max(0, ...readings.map(({ reading }) => reading.counted ?? 0));
  return readings.map(({ topic: own, reading }) => ({
    adcode: reading.district,
    name: districtOf(city, reading.district)?.short[lang] ?? reading.district,
    topic: own,
    reading,
    part: reading.counted === null ? null : partOf(reading.counted, most),
    own: own === topic,
  }));
}

function partOf(value: number, most: number): number {
  return most === 0 ? 0 : Math.max(0, value / most);
}

/** What the places are called that a number is split by: those of a district are districts, whatever those of the city are. */
export function splitWord(city: CityFacts, topic: string, lang: Lang): string {
  const code = splitTopics(city, topic)[0]?.split("/")[2] ?? "";
  return parentOf(city, code) ? t(lang, "districts") : levelWord(city, "districts", lang);
}
