import type { ComponentType } from "react";
import type { Tile } from "@/lib/contract/screens";
import type { WidgetProps } from "@/lib/contract/widget";
import { widgetOf, widgets } from "./index";

type View = { default: ComponentType<WidgetProps> };

/** Widgets that are a number: their scripts are small, and what they say is what a wall is looked at for first. */
const NUMBERS: string[] = ["figure", "figures"];
/** Their scripts, as far as they were asked for. */
const asked = new Set<Promise<unknown>>();

/**
 * A widget's view. Its script is fetched and run after those of the numbers that are asked for in the same turn: charts bring a library
 * of 140 KB, which would stand before them.
 */
export async function viewInTurn(type: keyof typeof widgets): Promise<View> {
  const { view } = widgets[type];
  if (NUMBERS.includes(type)) {
    const script = view();
    asked.add(script);
    return script;
  }
  await Promise.resolve();
  await Promise.allSettled(asked);
  return view();
}

/** Fetches the scripts of tiles at once, before there is anything to draw them with. */
export function preloadViews(tiles: Tile[]): void {
  for (const type of new Set(tiles.map((tile) => tile.widget))) {
    // A script that cannot be had is told of by the tile that needs it.
    if (widgetOf(type)) void viewInTurn(type as keyof typeof widgets).catch(() => {});
  }
}
