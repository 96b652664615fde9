import { z } from "zod";
import type { CityFacts } from "@/lib/contract/city";
import type { Wanted, WidgetDefinition } from "@/lib/contract/widget";
import { placeCode } from "@/lib/contract/widget-settings";
import { schema as arcs } from "./layers/arcs/definition";
import { schema as columns } from "./layers/columns/definition";
import { schema as density } from "./layers/density/definition";
import { schema as districtFill } from "./layers/district-fill/definition";
import { schema as events } from "./layers/events/definition";
import { schema as outlines } from "./layers/outlines/definition";
import { schema as points } from "./layers/points/definition";
import { schema as roads } from "./layers/roads/definition";
import { schema as vehicles } from "./layers/vehicles/definition";
import type { LayerDefinition } from "./layer";
import { layers } from "./layers";

const schema = z.strictObject({
  layers: z
    .array(
      z.discriminatedUnion("type", [arcs, columns, density, districtFill, events, outlines, points, roads, vehicles]),
    )
    .min(1)
    .max(12),
  /** adcode the map shows alone; the whole city when left out */
  focus: placeCode.optional(),
  /** adcode of the district whose subdivisions the map shows, instead of the city's districts */
  subdivisions: placeCode.optional(),
  /** degrees from straight down, for columns */
  pitch: z.number().min(0).max(60).default(0),
  /** a district under the cursor or chosen by key opens its page */
  select: z.boolean().default(true),
});
export type MapSettings = z.infer<typeof schema>;
export type LayerSettings = MapSettings["layers"][number];

/** The definition behind a layer's settings. */
export function layerDefinition(settings: LayerSettings): LayerDefinition {
  return layers[settings.type];
}

function wanted(settings: MapSettings, city: CityFacts): Wanted[] {
  return settings.layers.flatMap((layer) => layerDefinition(layer).topics(layer, city));
}

/** The city's districts with what happens on them. */
export const definition: WidgetDefinition<MapSettings> = {
  type: "map",
  name: { zh: "地图", en: "Map" },
  schema,
  topics: wanted,
  title: () => null,
  sample: {
    layers: [
      { type: "district-fill", metric: "cases-today" },
      { type: "roads", layer: "roads" },
      { type: "outlines", labels: true, figures: true },
      { type: "vehicles", layer: "vehicles" },
      { type: "events", minSeverity: 1 },
    ],
    pitch: 0,
    select: true,
  },
  size: { w: 10, h: 8 },
};

/** The topic that colours the districts, for the legend. */
export function fillMetric(settings: MapSettings): string | null {
  const fill = settings.layers.find((layer) => layer.type === "district-fill");
  return fill?.type === "district-fill" ? fill.metric : null;
}
