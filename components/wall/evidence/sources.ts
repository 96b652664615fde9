import type { CityFacts, Lang } from "@/lib/contract/city";
import { parseTopic } from "@/lib/contract/topics";
import { systemOf } from "@/lib/contract/widget";
import { topicName } from "./told";

/** One metric, layer or list of events of a system. */
export interface SourceItem {
  /** the whole place's where it is shown, else the first */
  topic: string;
  name: string;
  /** topics that are shown of it, one for each place */
  topics: string[];
}

/** What a system gives to what is shown. */
interface Source {
  system: string;
  name: string;
  owner: string;
  items: SourceItem[];
}

/** What all places have in common of a topic: its metric, or itself. */
function subjectOf(topic: string): string {
  const name = parseTopic(topic);
  return name?.kind === "reading" ? name.metric : topic;
}

function isWhole(topic: string): boolean {
  const name = parseTopic(topic);
  return name?.kind === "reading" && name.district === "all";
}

/** Items by what they have in common, in the order in which it is first met. */
function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** The systems that some topics come from, each with what comes from it, in the order in which they are first shown. */
export function sourcesOf(city: CityFacts, topics: string[], lang: Lang): Source[] {
  const bySystem = grouped(new Set(topics), (topic) => systemOf(city, topic) ?? "");
  return [...bySystem].map(([system, own]) => ({
    system,
    name: city.systems[system]?.name[lang] ?? system,
    owner: city.systems[system]?.owner[lang] ?? "–",
    items: [...grouped(own, subjectOf).values()].flatMap((same) => {
      const topic = same.find(isWhole) ?? same[0];
      return topic === undefined ? [] : [{ topic, name: topicName(city, topic, lang), topics: same }];
    }),
  }));
}
