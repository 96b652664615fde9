import type { Tile } from "@/lib/contract/screens";
import { widgetOf } from "./index";

/** Fetches the scripts of tiles at once, before there is anything to draw them with. */
export function preloadViews(tiles: Tile[]): void {
  for (const type of new Set(tiles.map((tile) => tile.widget))) {
    // A script that cannot be had is told of by the tile that needs it.
    void widgetOf(type)
      ?.view()
      .catch(() => {});
  }
}
