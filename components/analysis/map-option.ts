import type { EChartsOption } from "echarts";
import type { CityFacts, District } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import { formatNumber, t } from "@/components/ui/i18n";
import { stamp } from "@/components/ui/stamp";
import { FONT, palette, severityColor } from "@/components/ui/theme";
import { escape, tip, type Px, type Writing } from "./chart-parts";

/** Name of the series of the map whose items are events. */
export const MAP_EVENTS = "mapEvents";

/** Fill of a place that nothing came from. */
export type Hatch = { image: HTMLCanvasElement; repeat: "repeat" };

interface MapInput {
  city: CityFacts;
  /** the page's own place */
  adcode: string;
  places: District[];
  /** by place; one without is hatched */
  values: Map<string, number>;
  missing: Hatch;
  events: CityEvent[];
  chosen: CityEvent | null;
  writing: Writing;
  px: Px;
}

/** Events beyond this number are drawn finer, or they would hide the city. */
const CROWD = 300;

/** What a place is filled with, by its value between the lowest and the highest. */
function fillOf(values: Map<string, number>, missing: Hatch): (code: string) => string | Hatch {
  const known = [...values.values()];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const { classes, land } = palette();
  return (code) => {
    const value = values.get(code);
    if (value === undefined) return missing;
    // Values that are all the same are neither low nor high.
    if (high === low) return land;
    return classes[Math.min(classes.length - 1, Math.floor(((value - low) / (high - low)) * classes.length))] ?? land;
  };
}

function nameIn({ city, places, writing: { lang } }: MapInput): (code: string) => string {
  return (code) =>
    places.find((d) => d.adcode === code)?.short[lang] ?? (code === city.adcode ? city.name[lang] : code);
}

function mapTip(input: MapInput): (raw: unknown) => string {
  const { city, values, events, writing } = input;
  const nameOf = nameIn(input);
  return (raw) => {
    const { componentType, name, dataIndex } = raw as { componentType: string; name: string; dataIndex: number };
    const event = componentType === "series" ? events[dataIndex] : undefined;
    if (event) return `${stamp(event.at, city.timeZone)}<br>${escape(event.title)}`;
    const value = values.get(name);
    const words =
      value === undefined ? t(writing.lang, "noneFrom") : formatNumber(value, writing.decimals, writing.lang);
    return `${escape(nameOf(name))} <b>${words}</b>`;
  };
}

function eventPoints({ events, chosen, px }: MapInput) {
  const [size, opacity] = events.length > CROWD ? [0.26, 0.6] : [0.45, 0.8];
  return events.map((event) => {
    const color = severityColor(event.severity);
    const value = [event.lon ?? NaN, event.lat ?? NaN];
    return event.id === chosen?.id
      ? {
          value,
          symbolSize: px(1.1),
          itemStyle: { color, opacity: 1, borderColor: palette().ink, borderWidth: px(0.12) },
        }
      : { value, symbolSize: px(size), itemStyle: { color, opacity } };
  });
}

/** Places shaded by value, those without one hatched, its events as points; the page's own district outlined. */
export function mapOption(input: MapInput): EChartsOption {
  const { city, adcode, places, px } = input;
  const colors = palette();
  const nameOf = nameIn(input);
  const fill = fillOf(input.values, input.missing);
  const own = { borderColor: colors.accent, borderWidth: px(0.16) };
  return {
    tooltip: { ...tip(px), formatter: mapTip(input) },
    geo: {
      map: city.id,
      nameProperty: "adcode",
      left: px(0.8),
      right: px(0.8),
      top: px(0.4),
      bottom: px(0.6),
      aspectScale: Math.cos((((city.bounds[0][1] + city.bounds[1][1]) / 2) * Math.PI) / 180),
      itemStyle: { areaColor: colors.land, borderColor: colors.panel, borderWidth: px(0.1) },
      emphasis: { itemStyle: { areaColor: colors.chosen }, label: { color: colors["map-ink"] } },
      label: {
        show: true,
        color: colors["map-ink"],
        // It reads on every class.
        textBorderColor: colors["map-halo"],
        textBorderWidth: px(0.18),
        fontSize: px(0.9),
        fontFamily: FONT.text,
        formatter: ({ name }: { name: string }) => nameOf(name),
      },
      regions: places.map((d) => ({
        name: d.adcode,
        itemStyle: { areaColor: fill(d.adcode), ...(d.adcode === adcode ? own : {}) },
      })),
    },
    series: [{ type: "scatter", name: MAP_EVENTS, coordinateSystem: "geo", data: eventPoints(input) }],
  };
}
