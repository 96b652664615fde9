import type { Layer } from "@deck.gl/core";
import { ANCHORS } from "./drawing";

/** Which of a map's own layers lie under which part of its base map. The others lie over all of it. */
const UNDER: [RegExp, string][] = [
  [/^(neighbours|neighbours-borders|glow-\d+|land)$/, ANCHORS.land],
  [/^district-fill$/, ANCHORS.fill],
  // A line through a name is read as a part of it.
  [/^(land-lines|outlines|outlines-selected)$/, ANCHORS.outlines],
];

/** The base map's layer that one of the map's own is drawn before; null for what is drawn over all of it. */
export function anchorOf(id: string): string | null {
  return UNDER.find(([ids]) => ids.test(id))?.[1] ?? null;
}

/** Layers with those put under the base map that belong there. */
export function putUnder(layers: Layer[]): Layer[] {
  return layers.map((layer) => {
    const beforeId = anchorOf(layer.id);
    return beforeId === null ? layer : layer.clone({ beforeId } as object);
  });
}
