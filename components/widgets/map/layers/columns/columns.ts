import { ColumnLayer } from "@deck.gl/layers";
import type { District } from "@/lib/contract/city";
import { freshness } from "@/lib/contract/freshness";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readingOf } from "@/lib/live/live";
import { COLORS, rgb } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import { columnHeight } from "./columns-option";
import type { ColumnsSettings } from "./definition";

/** Metres of the highest column: about a quarter of a prefecture city. */
const HIGHEST = 30_000;

export default function make(settings: ColumnsSettings, context: LayerContext): MapLayer {
  const { city, live } = context;
  const metric = metricFacts(city, settings.metric);
  return {
    draw(now) {
      const values = new Map(city.districts.map((district) => {
        const last = readingOf(live, readingTopic(city.id, district.adcode, settings.metric))?.last;
        const state = freshness(last?.at ?? null, now, metric, live.connected());
        return [district.adcode, last && (state === "live" || state === "late") ? last.value : null];
      }));
      const largest = Math.max(0, ...[...values.values()].map((value) => value ?? 0));
      return [new ColumnLayer<District>({
        id: "columns", data: city.districts, diskResolution: 24, radius: 3_400, extruded: true, getPosition: (district) => district.seat,
        getElevation: (district) => columnHeight(values.get(district.adcode) ?? null, largest, HIGHEST), getFillColor: [...rgb(COLORS.accent), 225],
        material: { ambient: 0.55, diffuse: 0.6, shininess: 20 }, updateTriggers: { getElevation: [...values.values()].join() },
      })];
    },
  };
}
