import { IconLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";

/**
 * The kinds of deck.gl layer that most of our layers draw with, as one object: so the map's own script has them all, and each layer's
 * script does not bring its copy.
 */
export const deck = { IconLayer, ScatterplotLayer, TextLayer };
