import { ColumnLayer } from "@deck.gl/layers";
import type { District } from "@/lib/contract/city";
import { readingTopic } from "@/lib/contract/topics";
import { readMetric } from "@/lib/live/read-metric";
import { palette, rgb } from "@/components/ui/theme";
import type { LayerContext, MapLayer } from "../../layer";
import { qualityMarks } from "../../quality-marks";
import { doubtedPlaces } from "../../quality-marks-option";
import { columnHeight } from "./columns-option";
import type { ColumnsSettings } from "./definition";

/** Metres of the highest column: about a quarter of a prefecture city. */
const HIGHEST = 30_000;

export default function make(settings: ColumnsSettings, context: LayerContext): MapLayer {
  const { city, live } = context;
  const marked = qualityMarks("columns", context);
  return {
    draw() {
      const readings = new Map(
        city.districts.map(({ adcode }) => [
          adcode,
          readMetric(live, city, readingTopic(city.id, adcode, settings.metric)),
        ]),
      );
      const values = new Map([...readings].map(([adcode, { counted }]) => [adcode, counted]));
      const doubted = doubtedPlaces(city.districts, (adcode) => readings.get(adcode)?.quality ?? null);
      const largest = Math.max(0, ...[...values.values()].map((value) => value ?? 0));
      return [
        new ColumnLayer<District>({
          id: "columns",
          data: city.districts,
          diskResolution: 24,
          radius: 3_400,
          extruded: true,
          getPosition: (district) => district.seat,
          getElevation: (district) => columnHeight(values.get(district.adcode) ?? null, largest, HIGHEST),
          getFillColor: [...rgb(palette().data), 225],
          material: { ambient: 0.55, diffuse: 0.6, shininess: 20 },
          updateTriggers: { getElevation: [...values.values()].join() },
        }),
        ...marked(doubted),
      ];
    },
  };
}
