import { placesUnder } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { metricFacts } from "@/lib/contract/widget-settings";
import { readMetric } from "@/lib/live/read-metric";
import { between, palette, ramp, rgb } from "@/components/ui/theme";
import { FlatLayer } from "../../flat/flat-layer";
import { meshOfAreas } from "../../flat/flat-mesh";
import { shadesByPlace } from "../../classes-option";
import type { LayerContext, MapLayer } from "../../layer";
import { columnsOfDiscs } from "../../marks/mark-columns";
import { MarkLayer } from "../../marks/mark-layer";
import { qualityMarks } from "../../quality-marks";
import { doubtedPlaces } from "../../quality-marks-option";
import type { DistrictFillSettings } from "./definition";

/**
 * A district that does not count, being dead or bad, loses its colour: it must not look like a low value. One to which there is no right is
 * land like any other.
 */
export default function make(settings: DistrictFillSettings, context: LayerContext): MapLayer {
  const { city, live, districts } = context;
  const under = placesUnder(city, settings.of);
  const polygons = districts.features.flatMap((feature) =>
    feature.geometry.coordinates.map((polygon) => ({ polygon, adcode: feature.properties.adcode })),
  );
  let seats = columnsOfDiscs([]);
  let seatsKey = "";
  const marked = qualityMarks("district-fill", context);
  const mesh = meshOfAreas(polygons.map(({ polygon }) => polygon));
  const { decimals } = metricFacts(city, settings.metric);
  let valuesKey: string | null = null;
  let shades = new Map<string, number | null>();
  return {
    draw() {
      const ours = palette();
      const [dead, unfilled, chosen] = [rgb(ours.missing), rgb(ours.land), rgb(ours.accent)];
      const readings = new Map(
        under.map(({ adcode }) => [adcode, readMetric(live, city, readingTopic(city.id, adcode, settings.metric))]),
      );
      const told = [...readings].filter(([, { withheld }]) => !withheld);
      const values = new Map(told.map(([adcode, { counted }]) => [adcode, counted]));
      const nextValues = [...values].join();
      if (nextValues !== valuesKey) shades = shadesByPlace(values, decimals);
      valuesKey = nextValues;
      const doubted = doubtedPlaces(under, (adcode) => readings.get(adcode)?.quality ?? null);
      const selected = context.selected();
      const colors = new Map([...shades].map(([adcode, shade]) => [adcode, shade === null ? dead : ramp(shade)]));
      const key = ours.key + [...colors].map(([adcode, color]) => `${adcode}${color.join()}`).join() + selected;
      const fill = new FlatLayer({
        id: "district-fill",
        mesh,
        unit: context.rem(),
        colorOf: (shape) => {
          const { adcode = "" } = polygons[shape] ?? {};
          const color = colors.get(adcode) ?? unfilled;
          return adcode === selected ? between(color, chosen, 0.25) : color;
        },
        colorKey: key,
      });
      const marks = marked(doubted);
      if (city.outlined || settings.of) return [fill, ...marks];
      // Without outlines of its districts a place is shown as one, and they by discs at their seats, as large as their class.
      const unit = context.rem();
      const next = `${key} ${unit}`;
      if (next !== seatsKey)
        seats = columnsOfDiscs(
          under.map(({ adcode, seat }) => ({
            at: seat,
            radius: unit * (0.9 + 2.1 * Math.sqrt(shades.get(adcode) ?? 0)),
            fill: [...(colors.get(adcode) ?? dead), 235],
            rim: {
              width: unit * 0.12,
              color: adcode === selected ? rgb(ours.ink) : [...rgb(ours.accent), 150],
            },
          })),
        );
      seatsKey = next;
      return [fill, new MarkLayer({ id: "district-seats", marks: seats, marksKey: seatsKey }), ...marks];
    },
  };
}
