import { placesUnder, type District } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { readMetric } from "@/lib/live/read-metric";
import { ramp, rgb, COLORS } from "@/components/ui/theme";
import { deck } from "../../drawing";
import { FlatLayer } from "../../flat/flat-layer";
import { meshOfAreas } from "../../flat/flat-mesh";
import type { LayerContext, MapLayer } from "../../layer";
import { qualityMarks } from "../../quality-marks";
import { doubtedPlaces } from "../../quality-marks-option";
import type { DistrictFillSettings } from "./definition";
import { scaled } from "./district-fill-option";

const DEAD = rgb("#1b242c");

/** A district that does not count, being dead or bad, loses its colour: it must not look like a low value. */
export default function make(settings: DistrictFillSettings, context: LayerContext): MapLayer {
  const { city, live, districts } = context;
  const under = placesUnder(city, settings.of);
  const polygons = districts.features.flatMap((feature) =>
    feature.geometry.coordinates.map((polygon) => ({ polygon, adcode: feature.properties.adcode })),
  );
  const marked = qualityMarks("district-fill", context);
  const mesh = meshOfAreas(polygons.map(({ polygon }) => polygon));
  return {
    draw() {
      const readings = new Map(
        under.map(({ adcode }) => [adcode, readMetric(live, city, readingTopic(city.id, adcode, settings.metric))]),
      );
      const places = scaled(under, (adcode) => readings.get(adcode)?.counted ?? null);
      const doubted = doubtedPlaces(under, (adcode) => readings.get(adcode)?.quality ?? null);
      const selected = context.selected();
      const colors = new Map(
        [...places].map(([adcode, place]) => [adcode, place === null ? DEAD : ramp(0.1 + place * 0.62)]),
      );
      const key = [...colors].map(([adcode, color]) => `${adcode}${color.join()}`).join() + selected;
      const fill = new FlatLayer({
        id: "district-fill",
        mesh,
        unit: context.rem(),
        colorOf: (shape) => {
          const { adcode = "" } = polygons[shape] ?? {};
          const [r, g, b] = colors.get(adcode) ?? rgb(COLORS.panel);
          return adcode === selected ? [r + 14, g + 20, b + 20, 255] : [r, g, b, 255];
        },
        colorKey: key,
      });
      const marks = marked(doubted);
      if (city.outlined || settings.of) return [fill, ...marks];
      // Without outlines of its districts a place is shown as one, and they by discs at their seats, as large as their value.
      const unit = context.rem();
      return [
        fill,
        new deck.ScatterplotLayer<District>({
          id: "district-seats",
          data: under,
          radiusUnits: "pixels",
          stroked: true,
          lineWidthUnits: "pixels",
          getPosition: (d) => d.seat,
          getLineWidth: unit * 0.12,
          getRadius: (d) => unit * (0.9 + 2.1 * Math.sqrt(places.get(d.adcode) ?? 0)),
          getFillColor: (d) => [...(colors.get(d.adcode) ?? DEAD), 235] as [number, number, number, number],
          getLineColor: (d) =>
            [...rgb(d.adcode === selected ? COLORS.text : COLORS.accent), d.adcode === selected ? 255 : 150] as [
              number,
              number,
              number,
              number,
            ],
          updateTriggers: { getFillColor: key, getRadius: `${unit} ${key}`, getLineColor: selected },
        }),
        ...marks,
      ];
    },
  };
}
