import type { CityFacts } from "@/lib/contract/city";
import { COMPARISONS, type Comparison } from "@/lib/contract/compare";
import type { Screen, Tile } from "@/lib/contract/screens";
import { parseTopic } from "@/lib/contract/topics";
import { widgetOf } from "@/components/widgets";
import { tileTopics } from "@/components/widgets/screen-topics";
import type { Asked } from "./asked";

/** What a tile's file says, as its widget reads it. */
function settingsOf(tile: Tile): unknown {
  const parsed = widgetOf(tile.widget)?.definition.schema.safeParse(tile.settings);
  return parsed?.success ? parsed.data : null;
}

interface Ref {
  metric?: string;
  district?: string;
  compare?: Comparison;
}

/** What a tile sets a topic against, by its own settings; undefined: what suits the metric. */
export function comparisonIn(tile: Tile | undefined, topic: string): Comparison | undefined {
  const name = parseTopic(topic);
  const settings = tile && (settingsOf(tile) as { compare?: unknown; items?: Ref[] } | null);
  if (!settings || name?.kind !== "reading") return undefined;
  const item = Array.isArray(settings.items)
    ? settings.items.find((one) => one.metric === name.metric && (one.district ?? "all") === name.district)
    : undefined;
  const chosen = item?.compare ?? settings.compare;
  return COMPARISONS.find((comparison) => comparison === chosen && comparison !== "none");
}

/** What is told of a question: which number, of which place, and what else is shown with it. */
export interface Scope {
  topic: string;
  city: CityFacts;
  tile: Tile | undefined;
  topics: string[];
}

/** Null where there is nothing to tell: a tile of words has no number. */
export function scopeOf(asked: Asked, cities: CityFacts[], screen: Pick<Screen, "tiles"> | null): Scope | null {
  const [lead] = cities;
  const tile = screen?.tiles.find(({ id }) => id === asked.tile);
  if (!lead) return null;
  const own = tile ? tileTopics(tile, lead) : [];
  const topic = asked.topic ?? own[0];
  if (topic === undefined) return null;
  const city = cities.find(({ id }) => id === topic.split("/")[1]) ?? lead;
  const all = asked.whole && screen ? screen.tiles.flatMap((one) => tileTopics(one, lead)) : own;
  return { topic, city, tile, topics: [...new Set(all)] };
}
