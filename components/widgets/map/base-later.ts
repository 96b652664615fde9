import type { Layer } from "@deck.gl/core";
import type { Map as MapLibre } from "maplibre-gl";
import type { Base } from "./base/open-base";
import type { Parts } from "./map-parts";
import type { MapWishes } from "./wishes";

/** What a place's archives become under its map. */
export interface LaterBase {
  /** the map shows what it is about: the archives may be drawn */
  begin: () => void;
  under: (layers: Layer[]) => Layer[];
  close: () => void;
}

/** Draws a place's archives once there is time for them; the scripts for it are fetched where a place has any. */
export function baseLater(map: MapLibre, wishes: MapWishes, { districts }: Parts, gone: () => boolean): LaterBase {
  const { city, lang, element } = wishes;
  let base: Base | null = null;
  const begin = async (): Promise<void> => {
    const { openBase } = await import("./base/open-base");
    if (gone()) return;
    base = openBase(map, { city, lang, districts }, () => (element.dataset.base = "shown"));
    wishes.onChange();
  };
  return {
    begin: () => {
      // A base map that cannot be had is none that a number waits for.
      if (city.baseMaps) begin().catch((error: Error) => console.error(`base map: ${error.message}`));
    },
    under: (layers) => base?.under(layers) ?? layers,
    close: () => base?.close(),
  };
}
