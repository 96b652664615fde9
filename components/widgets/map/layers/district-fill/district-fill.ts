import { GeoJsonLayer } from "@deck.gl/layers";
import { freshness } from "@/lib/contract/freshness";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readingOf } from "@/lib/live/live";
import { ramp, rgb, COLORS } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import type { DistrictFillSettings } from "./definition";
import { scaled } from "./district-fill-option";

const DEAD = rgb("#1b242c");

/** A dead district loses its colour: it must not look like a low value. */
export default function make(settings: DistrictFillSettings, context: LayerContext): MapLayer {
  const { city, live, districts } = context;
  const metric = metricFacts(city, settings.metric);
  return {
    draw(now) {
      const places = scaled(city, (adcode) => {
        const last = readingOf(live, readingTopic(city.id, adcode, settings.metric))?.last;
        const state = freshness(last?.at ?? null, now, metric, live.connected());
        return last && state !== "stale" && state !== "offline" ? last.value : null;
      });
      const selected = context.selected();
      const colors = new Map([...places].map(([adcode, place]) => [adcode, place === null ? DEAD : ramp(0.1 + place * 0.62)]));
      const key = [...colors].map(([adcode, color]) => `${adcode}${color.join()}`).join() + selected;
      return [new GeoJsonLayer({
        id: "district-fill", data: districts, filled: true, stroked: false, opacity: 1,
        getFillColor: (feature) => {
          const adcode = (feature.properties as { adcode: string }).adcode;
          const [r, g, b] = colors.get(adcode) ?? rgb(COLORS.panel);
          return adcode === selected ? [r + 14, g + 20, b + 20, 255] : [r, g, b, 255];
        },
        updateTriggers: { getFillColor: key },
      })];
    },
  };
}
