import type { VectorSchema } from "../contract/base-map";
import { MapFault } from "./map-fault";

/** Layers by which a schema is known, and of which one at least has to be there besides the first. */
const MARKS: Record<VectorSchema, { name: string; first: string; others: string[] }> = {
  openmaptiles: {
    name: "OpenMapTiles",
    first: "transportation",
    others: ["water", "landcover", "landuse", "place", "building"],
  },
  protomaps: { name: "Protomaps", first: "roads", others: ["earth", "water", "landuse", "places", "buildings"] },
};

/** Names of layers that a refusal lists at most. */
const TOLD = 12;

/** The ids of `vector_layers` in an archive's metadata. */
function layerIds(metadata: Record<string, unknown>): string[] {
  const { vector_layers: layers } = metadata;
  if (!Array.isArray(layers)) return [];
  return layers.flatMap((layer: unknown) => {
    const { id } = (layer ?? {}) as { id?: unknown };
    return typeof id === "string" ? [id] : [];
  });
}

/** The schema that a vector archive says it goes by. @throws MapFault where it is none that can be drawn */
export function schemaOf(metadata: Record<string, unknown>): VectorSchema {
  const ids = layerIds(metadata);
  for (const [schema, { first, others }] of Object.entries(MARKS) as [VectorSchema, (typeof MARKS)[VectorSchema]][])
    if (ids.includes(first) && others.some((other) => ids.includes(other))) return schema;
  const known = Object.values(MARKS).map(({ name, first, others }) => `${name} (${first}, ${others.join(", ")})`);
  const told = ids.slice(0, TOLD).join(", ") + (ids.length > TOLD ? ` and ${ids.length - TOLD} more` : "");
  throw new MapFault(
    ids.length === 0
      ? "metadata: vector_layers names no layer, so that nothing is known of what it holds"
      : `metadata: the layers ${told} are of no schema that can be drawn: ${known.join(" or ")}`,
  );
}
