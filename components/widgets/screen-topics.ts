import type { CityFacts } from "@/lib/contract/city";
import type { Screen, Tile } from "@/lib/contract/screens";
import { widgetOf } from "./index";

/** The topics that a tile shows; none where its settings are faulty. */
export function tileTopics({ widget, settings }: Pick<Tile, "widget" | "settings">, city: CityFacts): string[] {
  const definition = widgetOf(widget)?.definition;
  const parsed = definition?.schema.safeParse(settings);
  return definition && parsed?.success ? definition.topics(parsed.data, city).map(({ topic }) => topic) : [];
}

/** Topics that a screen's tiles show, each once. */
export function screenTopics({ tiles }: Pick<Screen, "tiles">, city: CityFacts): string[] {
  return [...new Set(tiles.flatMap((tile) => tileTopics(tile, city)))];
}
